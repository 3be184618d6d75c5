"""Starts the second process for a large dataset, and sends it chunks while this process reads on (ADR 24)."""

import fcntl
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import IO, Final

from dsar_export.errors import DsarExportError, InternalError, NotWritableError
from dsar_export.model.outcome import RecordLines
from dsar_export.sealing.apart.wire import ClosedError, Made, send, send_chunks
from dsar_export.sealing.members import Rendered, Rendering
from dsar_export.sealing.writer import Sealer

# With the same sys.path, so that it imports the same modules.
_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[1:]; from dsar_export.sealing.apart.child import serve; serve()"
)
# Less JSON than this is rendered sooner than a process starts (ADR 24).
FEW_BYTES: Final = 1 << 20
_PIPE_BYTES: Final = 1 << 20  # the most that Linux allows an ordinary user


def seal_apart(rendering: Rendering, chunks: Iterator[RecordLines], sealer: Sealer) -> Rendered:
    """Renders a small dataset in this process, a large one in a second process."""
    first, size = deque[RecordLines](), 0
    for chunk in chunks:
        first.append(chunk)
        size += len(chunk.lines) + len(chunk.nonconforming)
        if size > FEW_BYTES:
            rendered, parts = render_apart(rendering, chain(_emptied(first), chunks), sealer.apart())
            sealer.take(parts)
            return rendered
    return rendering.render(_emptied(first), sealer)


def render_apart(rendering: Rendering, chunks: Iterable[RecordLines], sealer: Sealer) -> Made:
    """Sends chunks to a second process as they come; raises what it raised, or NotWritableError if it was killed.

    `sealer` is for the second process alone. The second process has always ended when this function returns or raises.
    """
    with _process(rendering.dataset) as process:
        sink, source = _pipes(process)
        with suppress(ClosedError):  # its reply has the reason
            send(sink, pickle.dumps((rendering, sealer)))
            send_chunks(sink, chunks)
        reply = source.read()
        if not reply:
            raise _ended(rendering.dataset, process.wait())
    made: Made | Exception = pickle.loads(reply)  # noqa: S301 # from our own process and pipe
    if isinstance(made, Exception):
        raise made
    return made


def _emptied(chunks: deque[RecordLines]) -> Iterator[RecordLines]:
    while chunks:
        yield chunks.popleft()


def _ended(dataset: str, code: int) -> DsarExportError:
    """Why it ended without a reply: killed by a signal, for example for lack of memory, or by itself."""
    if code < 0:
        return NotWritableError(
            f"dataset {dataset!r}: the process that seals it was ended by signal {-code}; nothing was handed over. "
            "Check whether the machine is short of memory, and export again"
        )
    return InternalError(
        f"dataset {dataset!r}: the process that seals it, {Path(sys.executable).name}, ended with code {code}; "
        "nothing was handed over. Please report this line"
    )


@contextmanager
def _process(dataset: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", _PROGRAM, *sys.path]
    try:
        process = subprocess.Popen(  # noqa: S603 # this Python
            command,
            bufsize=1 << 18,  # a whole chunk
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # log lines of libraries may quote the data
        )
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else type(error).__name__
        raise NotWritableError(
            f"dataset {dataset!r}: no process could be started to seal it: {reason}; nothing was handed over. "
            "Export again when the machine can start one"
        ) from None
    try:
        _widen(process)
        yield process
    finally:
        process.kill()  # it has replied, or its reply is not needed
        process.communicate()


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Widens the pipe, so that several chunks fit and neither process waits for the other (ADR 24)."""
    if sys.platform == "linux" and process.stdin is not None:
        with suppress(OSError):  # the user's limit for pipes may be used up
            fcntl.fcntl(process.stdin, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process was started without pipes")
    return process.stdin, process.stdout
