"""Members that a process of its own renders and seals, while this one reads: Python runs one thread at a time.

To it go, through its standard input and each after its length: how to render, the chunks, and an empty one as their
end. Back comes what it made, or what went wrong. Nothing of either is in an argument, the environment or a file.
"""

import fcntl
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from dsar_export.errors import DsarExportError, NotWritableError, UnforeseenError
from dsar_export.export.memory import keep_freed_memory
from dsar_export.export.rendering import Rendering
from dsar_export.export.seal import Sealer
from dsar_export.export.sealed_part import SealedPart
from dsar_export.model.outcome import JsonChunk

# It imports what this process does, and nothing that lies in the current folder.
_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[1:]; from dsar_export.export.rendering_process import serve; serve()"
)
_LENGTH_BYTES: Final = 8
_PIPE_BYTES: Final = 1 << 20  # the most that Linux allows everybody
_END: Final = JsonChunk()


@dataclass(frozen=True)
class Rendered:
    """What the other process made: finished parts, and how many cells were changed for safety."""

    parts: tuple[SealedPart, ...]
    cells_changed: int


def render_apart(rendering: Rendering, chunks: Iterable[JsonChunk], sealer: Sealer) -> Rendered:
    """Hands chunks over as they come; raises what the other process raised, or NotWritableError if it went away.

    `sealer` is one that it may have for itself. However this ends, the other process has ended too.
    """
    with _process(rendering.dataset) as process:
        sink, source = _pipes(process)
        if _sent(sink, pickle.dumps((rendering, sealer))):
            full = (chunk for chunk in chunks if chunk != _END)
            if all(_sent(sink, chunk.records, chunk.nonconforming) for chunk in full):
                _sent(sink, _END.records, _END.nonconforming)
        reply = source.read()
    if not reply:
        raise NotWritableError(
            f"dataset {rendering.dataset!r}: the process that seals it was ended; nothing was handed over. "
            "See whether the machine is short of memory, and export again"
        )
    made: Rendered | Exception = pickle.loads(reply)  # noqa: S301 # of a process of ours, through a pipe of ours
    if isinstance(made, Exception):
        raise made
    return made


def serve() -> None:
    """What the other process does."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    keep_freed_memory()
    os.dup2(2, 1)  # or a renderer that prints would print into the answer
    try:
        made = _rendered(source)
    except EOFError:  # nobody waits any more
        sys.exit(1)
    with sink:
        pickle.dump(made, sink)


def _rendered(source: IO[bytes]) -> Rendered | Exception:
    try:
        rendering, sealer = pickle.loads(_received(source))  # noqa: S301 # from the process that started this one
        chunks = iter(lambda: JsonChunk(_received(source), _received(source)), _END)
        cells_changed = rendering.render(chunks, sealer)
    except EOFError:
        raise
    except (OSError, DsarExportError) as error:
        return error
    except Exception as error:  # noqa: BLE001 # of any renderer; its text may quote the data, and stays here
        place = traceback.extract_tb(error.__traceback__)[-1]
        return UnforeseenError(
            f"a renderer failed: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}; "
            "nothing was handed over. Please report this line"
        )
    return Rendered(sealer.parts, cells_changed)


def _sent(sink: IO[bytes], *texts: bytes) -> bool:
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
    """What was sent next; EOFError where the process that sends them ended, or gave up."""
    length = int.from_bytes(_exactly(source, _LENGTH_BYTES), "big")
    return _exactly(source, length)


def _exactly(source: IO[bytes], length: int) -> bytes:
    read = source.read(length)
    if len(read) < length:
        raise EOFError
    return read


@contextmanager
def _process(dataset: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", _PROGRAM, *sys.path]
    try:
        process = subprocess.Popen(  # noqa: S603 # this Python
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what a library logs may quote the data
        )
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else type(error).__name__
        raise NotWritableError(
            f"dataset {dataset!r}: no process could be started to seal it: {reason}; nothing was handed over. "
            "Export again when the machine has room for one"
        ) from None
    try:
        _widen(process)
        yield process
    finally:
        process.kill()  # it has answered, or nobody wants its answer
        process.communicate()


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Lets chunks wait on the way: with the usual 64 KiB each process waits for the other, a fifth of an export."""
    if sys.platform == "linux" and process.stdin is not None:
        with suppress(OSError):  # somebody who has many wide pipes may have no more
            fcntl.fcntl(process.stdin, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise ValueError("it was started without pipes")
    return process.stdin, process.stdout
