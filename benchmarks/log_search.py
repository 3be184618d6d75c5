"""`python -m benchmarks.log_search [GIGABYTES [FOLDER]]` searches a log for one person, side by side with `grep -c`."""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.measuring import Run, measure

SUBJECT: Final = "C-1000001"
_BLOCK: Final = 8 << 20
_ROUNDS: Final = 3


@dataclass(frozen=True)
class Searches:
    """The best runs of both, and what they found; both read the file from the memory of the system."""

    file_bytes: int
    lines: int
    ours: Run
    grep: Run
    found: str
    counted: str

    @property
    def text(self) -> str:
        """A line for each."""
        runs = (("log_files", self.ours, self.found), ("grep -c", self.grep, self.counted))
        return "\n".join(
            f"{name:10} {self.file_bytes / run.seconds / 1e6:7,.0f} MB/s  {run.seconds:6.2f} s  "
            f"{run.peak_bytes / 1e6:5.0f} MB  {found}"
            for name, run, found in runs
        )


def write_log(file: Path, size: int) -> int:
    """Writes a log of at least so many bytes in which each block has one line of the subject; how many lines."""
    lines, one = list[str](), 0
    while one < _BLOCK:
        lines.append(_line(len(lines)))
        one += len(lines[-1])
    others, mine = "".join(lines).encode(), _line(1_000_001).encode()
    written = count = 0
    with file.open("wb") as out:
        while written < size:
            written += out.write(others) + out.write(mine)
            count += len(lines) + 1
    return count


def compared(size: int, folder: Path) -> Searches:
    """Generates a log and searches it, ours and grep in turn."""
    logs = folder / "logs"
    logs.mkdir()
    count = write_log(logs / "app.log", size)
    ours = [sys.executable, "-m", "benchmarks.log_searched", str(logs), SUBJECT]
    grep = [shutil.which("grep") or "grep", "-c", "-F", SUBJECT, str(logs / "app.log")]
    runs = [(measure(ours, {}, folder), measure(grep, {}, folder)) for _ in range(_ROUNDS)]
    best = [min((pair[n] for pair in runs), key=lambda run: run[0].seconds) for n in (0, 1)]
    bytes_ = (logs / "app.log").stat().st_size
    return Searches(bytes_, count, best[0][0], best[1][0], best[0][1].strip(), best[1][1].strip())


def _line(number: int) -> str:
    held = {
        "at": "2026-12-01T02:41:40Z",
        "user": {"id": f"C-{number}"},
        "path": f"/orders/{number * 7}",
        "agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "what": "viewed",
    }
    return json.dumps(held) + "\n"


if __name__ == "__main__":
    gigabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5
    with TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as made:
        sys.stdout.write(compared(int(gigabytes * 1e9), Path(made)).text + "\n")
