"""Members that a process of its own renders and seals, while this one reads: Python runs one thread at a time."""

import fcntl
import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from dsar_export.errors import DsarExportError, NotWritableError, UnforeseenError
from dsar_export.export.rendering import Rendering
from dsar_export.export.rendering_server import END, Made, sent
from dsar_export.export.seal import Sealer
from dsar_export.model.outcome import JsonChunk

# It imports what this process would, and from nowhere else.
_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[1:]; from dsar_export.export.rendering_server import serve; serve()"
)
_PIPE_BYTES: Final = 1 << 20  # the most that Linux allows everybody


def render_apart(rendering: Rendering, chunks: Iterable[JsonChunk], sealer: Sealer) -> Made:
    """Hands chunks over as they come; raises what the other process raised, or NotWritableError if it went away.

    `sealer` is one that it may have for itself. However this ends, the other process has ended too.
    """
    with _process(rendering.dataset) as process:
        sink, source = _pipes(process)
        if sent(sink, pickle.dumps((rendering, sealer))):
            full = (chunk for chunk in chunks if chunk != END)
            if all(sent(sink, chunk.records, chunk.nonconforming) for chunk in full):
                sent(sink, END.records, END.nonconforming)
        reply = source.read()
        if not reply:
            raise _ended(rendering.dataset, process.wait())
    made: Made | Exception = pickle.loads(reply)  # noqa: S301 # of a process of ours, through a pipe of ours
    if isinstance(made, Exception):
        raise made
    return made


def _ended(dataset: str, code: int) -> DsarExportError:
    """Why it has ended without an answer: of a signal, such as the system's where memory is short, or by itself."""
    if code < 0:
        return NotWritableError(
            f"dataset {dataset!r}: the process that seals it was ended by signal {-code}; nothing was handed over. "
            "See whether the machine is short of memory, and export again"
        )
    return UnforeseenError(
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
