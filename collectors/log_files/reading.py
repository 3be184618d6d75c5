"""All files of a pattern -> their lines that may hold a key, and what could not be read of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from collectors.log_files.faults import UnreadableFileError
from collectors.log_files.lines import Count, Line, lines_of
from collectors.log_files.listing import LogFile, chosen
from collectors.log_files.needles import Needles
from collectors.log_files.opened import pieces
from collectors.log_files.parts import LogLines
from collectors.log_files.unpacking import text_of
from dsar_export.model.source import FileFault, FileGap, Searched

_FIRST: int = 4096


@dataclass
class Reading:
    """One pass over the files of a part; the counts are complete when it ends."""

    root: int
    files: Sequence[LogFile]
    part: LogLines
    count: Count = field(default_factory=Count)
    unattributed: int = 0
    gaps: list[FileGap] = field(default_factory=list)

    def lines(self, columns: Sequence[str], needles: Needles) -> Iterator[tuple[int, Line]]:
        """The lines that may hold a key, each with the number of its file; a bad file costs only itself."""
        files = chosen(self.files, self.part.files)
        if not files:
            self._note(0, FileFault.NO_FILE)
        for number, file in enumerate(files, start=1):
            try:
                if not self._repeated(file, files):
                    for line in lines_of(self._text(file), self.part, columns, needles, self.count):
                        yield number, line
            except UnreadableFileError as error:
                self._note(number, error.fault)

    @property
    def searched(self) -> Searched:
        return Searched(self.count.lines, self.unattributed, tuple(self.gaps))

    def _note(self, number: int, fault: FileFault) -> None:
        self.gaps.append(FileGap(self.part.files, number, fault))

    def _text(self, file: LogFile) -> Iterator[bytes]:
        return text_of(file.path, pieces(self.root, file), self.part)

    def _repeated(self, file: LogFile, files: Sequence[LogFile]) -> bool:
        """Whether another file of this log has all its lines, as while a log is copied or compressed.

        Of two with the same text, the later one is left out.
        """
        for other in files:
            if other is file or other.stem != file.stem or not (other.is_plain and file.is_plain):
                continue
            try:
                mine, theirs = self._first(file), self._first(other)
                if not mine or mine[: len(theirs)] != theirs[: len(mine)]:
                    continue
                is_earlier = files.index(other) < files.index(file)
                if _begins(self._text(file), self._text(other), or_equals=is_earlier):
                    return True
            except UnreadableFileError:  # each is a gap when it is read itself
                continue
        return False

    def _first(self, file: LogFile) -> bytes:
        return next(self._text(file), b"")[:_FIRST]


def _begins(shorter: Iterator[bytes], longer: Iterator[bytes], *, or_equals: bool) -> bool:
    """Whether a text is the beginning of a longer one, or, if it may be, of an equal one."""
    mine, theirs = b"", b""
    for piece in shorter:
        mine += piece
        while len(theirs) < len(mine) and (more := next(longer, b"")):
            theirs += more
        if theirs[: len(mine)] != mine:
            return False
        mine, theirs = b"", theirs[len(mine) :]
    return or_equals or bool(theirs) or bool(next(longer, b""))
