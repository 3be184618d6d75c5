"""The second process: renders and seals one dataset.

Through its standard input it gets how to render, then the chunks. Through its standard output goes what it made, or
what went wrong. Nothing of either is in an argument, the environment or a file.
"""

import os
import pickle
import sys
import traceback
from pathlib import Path
from typing import IO

from dsar_export.errors import DsarExportError, InternalError
from dsar_export.sealing.apart.wire import ClosedError, Made, receive, received_chunks


def serve() -> None:
    """Renders one dataset and exits."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    bytes(4 << 20)  # glibc keeps freed buffers from now on, as in cli/startup.py
    # A renderer that reads or prints would take rows away, or print into the answer.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    try:
        made = _made(source)
    except ClosedError:
        sys.exit(1)
    with sink:
        pickle.dump(made, sink)


def _made(source: IO[bytes]) -> Made | Exception:
    try:
        rendering, sealer = pickle.loads(receive(source))  # noqa: S301 # from the process that started this one
        rendered = rendering.render(received_chunks(source), sealer)
    except ClosedError:
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
    return InternalError(
        f"a renderer failed: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}; "
        "nothing was handed over. Please report this line"
    )
