"""Starts the second process for a large dataset, and hands chunks over to it while this process reads on."""

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

# It imports what this process would, and from nowhere else.
_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[1:]; from dsar_export.sealing.apart.child import serve; serve()"
)
# Of JSON, 2,500 rows: they take 8 ms here, where to start another process takes 80.
FEW_BYTES: Final = 1 << 20
_PIPE_BYTES: Final = 1 << 20  # the most that Linux allows everybody


def seal_apart(rendering: Rendering, chunks: Iterator[RecordLines], sealer: Sealer) -> Rendered:
    """Makes the members of a small dataset here, of a large one in a second process."""
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
    """Hands chunks over as they come; raises what the other process raised, or NotWritableError if it went away.

    `sealer` is one that it may have for itself. However this ends, the other process has ended too.
    """
    with _process(rendering.dataset) as process:
        sink, source = _pipes(process)
        with suppress(ClosedError):  # its reply says why
            send(sink, pickle.dumps((rendering, sealer)))
            send_chunks(sink, chunks)
        reply = source.read()
        if not reply:
            raise _ended(rendering.dataset, process.wait())
    made: Made | Exception = pickle.loads(reply)  # noqa: S301 # of a process of ours, through a pipe of ours
    if isinstance(made, Exception):
        raise made
    return made


def _emptied(chunks: deque[RecordLines]) -> Iterator[RecordLines]:
    while chunks:
        yield chunks.popleft()


def _ended(dataset: str, code: int) -> DsarExportError:
    """Why it has ended without an answer: of a signal, such as the system's where memory is short, or by itself."""
    if code < 0:
        return NotWritableError(
            f"dataset {dataset!r}: the process that seals it was ended by signal {-code}; nothing was handed over. "
            "See whether the machine is short of memory, and export again"
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
            bufsize=1 << 18,  # a chunk is written at once
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
