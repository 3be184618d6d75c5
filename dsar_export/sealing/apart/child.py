"""The second process: renders and seals one dataset.

It reads how to render and then the chunks from standard input, and writes its result or its error to standard output.
Neither appears in an argument, the environment or a file.
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
    bytes(4 << 20)  # as in cli/startup.py
    # Otherwise a renderer that reads or prints would consume rows, or corrupt the reply.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    try:
        result = made(source)
    except ClosedError:
        sys.exit(1)
    with sink:
        pickle.dump(result, sink)


def made(source: IO[bytes]) -> Made | Exception:
    """What the parent asks for, or why it could not be made; ClosedError if the parent gives up."""
    try:
        rendering, sealer = pickle.loads(receive(source))  # noqa: S301 # from our own process
        rendered = rendering.render(received_chunks(source), sealer)
    except ClosedError:
        raise
    except Exception as error:  # noqa: BLE001 # of any renderer
        return _portable(error)
    return rendered, sealer.parts


def _portable(error: Exception) -> Exception:
    """Our own errors and the disk's unchanged; of any other only its place, because its text may quote data."""
    if isinstance(error, OSError) and error.errno is not None:
        return OSError(error.errno, os.strerror(error.errno))
    if type(error).__module__ == DsarExportError.__module__:
        return error
    place = traceback.extract_tb(error.__traceback__)[-1]
    return InternalError(
        f"a renderer failed: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}; "
        "nothing was handed over. Please report this line"
    )
