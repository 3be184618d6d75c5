"""Runs one command and writes its seconds and peak memory as JSON: `launcher.py REPORT PROGRAM ARGUMENT…`.

A process of its own with next to no imports, because a child's peak begins at that of the process that started it.
"""

import json
import os
import sys
import time


def main() -> None:
    report, *command = sys.argv[1:]
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    figures = {
        "seconds": seconds,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * unit,
        "exit_code": os.waitstatus_to_exitcode(status),
    }
    with open(report, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib would make the process larger
        json.dump(figures, file)


if __name__ == "__main__":
    main()
