"""Where the ciphertext of a part goes: memory as long as it is small, else a file in the workspace."""

from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self


class PartSink:
    """Takes the ciphertext of one part; its file is only made once there are more than `most` bytes."""

    def __init__(self, file: Path, most: int) -> None:
        self._file = file
        self._most = most
        self._memory = BytesIO()
        self._disk: BinaryIO | None = None

    def write(self, ciphertext: bytes) -> None:
        if self._disk is None and self._memory.tell() + len(ciphertext) > self._most:
            self._disk = self._file.open("xb")
            self._disk.write(self._memory.getbuffer())
            self._memory = BytesIO()
        (self._disk or self._memory).write(ciphertext)

    @property
    def held(self) -> bytes | None:
        """All of the ciphertext, if it is in memory."""
        return self._memory.getvalue() if self._disk is None else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._disk is not None:
            self._disk.close()
