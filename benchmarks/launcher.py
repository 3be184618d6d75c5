"""Runs one command and writes its seconds and peak memory as JSON: `launcher.py REPORT PROGRAM ARGUMENT…`.

It is a separate process with few imports, because a child's peak memory starts at that of its parent.
"""

import _thread
import json
import os
import sys
import time

_EVERY_SECONDS = 0.01


def main() -> None:
    report, *command = sys.argv[1:]
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    family = Family(child)
    _thread.start_new_thread(family.watch, ())  # threading would be another import
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, KiB elsewhere
    figures = {
        "seconds": seconds,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        # The system's figure is exact but covers only the largest process; ours covers all processes, by sampling.
        "peak_bytes": max(usage.ru_maxrss * unit, family.peak_bytes),
        "exit_code": os.waitstatus_to_exitcode(status),
    }
    with open(report, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib would need more memory
        json.dump(figures, file)


class Family:
    """A process and its children, as far as /proc shows them."""

    def __init__(self, process: int) -> None:
        self._process = process
        self.peak_bytes = 0

    def watch(self) -> None:
        """Samples their memory until the first process has ended."""
        try:
            while True:
                self.peak_bytes = max(self.peak_bytes, self._resident_bytes())
                time.sleep(_EVERY_SECONDS)
        except (OSError, ValueError):  # the process has ended, or there is no /proc
            return

    def _resident_bytes(self) -> int:
        """The resident memory of all; pages of files count once, because all share interpreter and libraries."""
        page = os.sysconf("SC_PAGE_SIZE")
        sizes, command = [_pages(self._process)], _read(f"/proc/{self._process}/cmdline")
        for other in _read(f"/proc/{self._process}/task/{self._process}/children").split():
            try:
                # A process that is just starting has its parent's memory and command line until it runs its own.
                if _read(f"/proc/{other}/cmdline") != command:
                    sizes.append(_pages(int(other)))
            except OSError:  # it ended between two of these lines
                continue
        return page * (sum(all_ - shared for all_, shared in sizes) + max(shared for _, shared in sizes))


def _pages(process: int) -> tuple[int, int]:
    """The number of resident pages, and how many of them are pages of files."""
    _, resident, shared, *_ = map(int, _read(f"/proc/{process}/statm").split())
    return resident, shared


def _read(file: str) -> str:
    with open(file, encoding="utf-8", errors="replace") as opened:  # noqa: PTH123 - pathlib would need more memory
        return opened.read()


if __name__ == "__main__":
    main()
