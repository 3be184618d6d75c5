"""A renderer that fails, prints or dies, in any process."""

import fcntl
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from dsar_export.errors import WrongUseError
from dsar_export.interfaces import RecordStream
from dsar_export.model.outcome import Record
from dsar_export.model.schema import DatasetSchema

_ERRORS: Final[Mapping[str, tuple[type[Exception], tuple[object, ...]]]] = {
    "end": (EOFError, ()),
    "refuse": (WrongUseError, ("choose another renderer",)),
    "fill the disk": (OSError, (28, "No space left on device", "/somewhere")),
    "fail at the disk": (OSError, ("can't write =1",)),
}


@dataclass(frozen=True)
class Odd:
    """A renderer with a stream that does `does` when it gets rows.

    The file `note` records how its process was started; the process holds a lock on it.
    """

    note: Path
    does: str = ""
    mediatype = "text/plain"

    def path(self, dataset: str) -> str:
        return f"data/odd/{dataset}.txt"

    def stream(self, schema: DatasetSchema) -> RecordStream:
        process = {"process": os.getpid(), "arguments": sys.orig_argv, "environment": dict(os.environ)}
        note = os.open(self.note, os.O_WRONLY | os.O_CREAT)
        fcntl.flock(note, fcntl.LOCK_EX)
        os.write(note, orjson.dumps(process))
        return OddStream(self.does, self.note)


@dataclass
class OddStream:
    """A stream that writes only its head."""

    does: str
    note: Path
    cells_changed: int = 0

    def head(self) -> bytes:
        return b"odd"

    def rows(self, records: Sequence[Record], lines: bytes) -> bytes:
        match self.does:
            case "print":
                sys.stdout.write("printed")
                sys.stdout.flush()
                logging.getLogger(__name__).error("logged")
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "fail":
                raise ValueError(f"can't render {records}")
            case "exit":
                sys.exit(3)
            case "exit as if all were well":
                sys.exit(0)
            case "read":
                sys.stdin.read()
            case does if does in _ERRORS:
                kind, arguments = _ERRORS[does]
                raise kind(*arguments)
        return b""

    def tail(self) -> bytes:
        if self.does == "note its memory":
            self.note.with_name("memory").write_bytes(Path("/proc/self/status").read_bytes())
        return b""
