"""The process that renders and seals a dataset of many rows, and how it is spoken to.

To it go, through its standard input and each text after its length: how to render, the chunks, and an empty one as
their end. Back comes what it made, or what went wrong. Nothing of either is in an argument, the environment or a file.
"""

import os
import pickle
import sys
import traceback
from pathlib import Path
from typing import IO, Final

from dsar_export.errors import DsarExportError, UnforeseenError
from dsar_export.export.memory import keep_freed_memory
from dsar_export.export.rendering import Rendered
from dsar_export.export.sealed_part import SealedPart
from dsar_export.model.outcome import JsonChunk

END: Final = JsonChunk()
_LENGTH_BYTES: Final = 8


Made = tuple[Rendered, tuple[SealedPart, ...]]
"""What the members came to, and their finished parts."""


class _NobodyWaitsError(Exception):
    """The process that started this one has ended, or given up."""


def serve() -> None:
    """What the other process does."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    keep_freed_memory()
    # A renderer that reads or prints would take rows away, or print into the answer.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    try:
        made = _made(source)
    except _NobodyWaitsError:
        sys.exit(1)
    with sink:
        pickle.dump(made, sink)


def _made(source: IO[bytes]) -> Made | Exception:
    try:
        rendering, sealer = pickle.loads(_received(source))  # noqa: S301 # from the process that started this one
        chunks = iter(lambda: JsonChunk(_received(source), _received(source)), END)
        rendered = rendering.render(chunks, sealer)
    except _NobodyWaitsError:
        raise
    except Exception as error:  # noqa: BLE001 # of any renderer
        return _portable(error)
    return rendered, sealer.parts


def _portable(error: Exception) -> Exception:
    """The disk's errors and our own as they are; of any other its place, as its text may quote the data."""
    if isinstance(error, OSError) and error.errno is not None:
        return OSError(error.errno, os.strerror(error.errno))
    if type(error).__module__ == DsarExportError.__module__:
        return error
    place = traceback.extract_tb(error.__traceback__)[-1]
    return UnforeseenError(
        f"a renderer failed: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}; "
        "nothing was handed over. Please report this line"
    )


def sent(sink: IO[bytes], *texts: bytes) -> bool:
    """Whether anybody took them; who did not says why."""
    try:
        for text in texts:
            sink.write(len(text).to_bytes(_LENGTH_BYTES, "big"))
            sink.write(text)
        sink.flush()
    except BrokenPipeError:
        return False
    return True


def _received(source: IO[bytes]) -> bytes:
    """What was sent next; _NobodyWaitsError where the process that sends them ended, or gave up."""
    length = int.from_bytes(_exactly(source, _LENGTH_BYTES), "big")
    return _exactly(source, length)


def _exactly(source: IO[bytes], length: int) -> bytes:
    read = source.read(length)
    if len(read) < length:
        raise _NobodyWaitsError
    return read
