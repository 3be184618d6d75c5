"""`python -m dsar_export.cli.side_by_side`: pages and workers as two processes that begin and end together.

It imports nothing of ours that is large, because it only waits.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

_BESIDE: Final = "DSAR_BESIDE"
"""As `wiring.beside` has it."""
_UNEXPECTED: Final = 1
_IN_ORDER: Final = frozenset({0, -signal.SIGTERM, -signal.SIGINT})
"""How a process ends that was asked to, perhaps before it listened for that."""
_LOOKS_EVERY: Final = 0.2


@dataclass
class SideBySide:
    """Processes of which none stays without the others."""

    children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    """The signals that asked to end."""

    def run(self, commands: Sequence[Sequence[str]]) -> int:
        """Runs them until the first one ends; 0 if somebody asked for that and all ended well."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        environment = {**os.environ, _BESIDE: str(os.getpid())}
        for command in commands:
            # In a group of its own, so that Ctrl-C reaches it once, through this process.
            self.children.append(subprocess.Popen(command, env=environment, process_group=0))  # noqa: S603 # ours
            if self.asked:
                self._pass_on(signal.SIGTERM)
        first = self._first_to_end()
        if not self.asked:
            self._pass_on(signal.SIGTERM)
            for child in self.children:
                child.wait()
            return first if first > 0 else _UNEXPECTED
        codes = [child.wait() for child in self.children]
        return next((_UNEXPECTED for code in codes if code not in _IN_ORDER), 0)

    def _first_to_end(self) -> int:
        """The exit code of the first, which is looked for often enough; nobody waits for it but a supervisor."""
        while True:
            for child in self.children:
                if (code := child.poll()) is not None:
                    return code
            time.sleep(_LOOKS_EVERY)

    def _ask(self, number: int, _: FrameType | None) -> None:
        self.asked.append(number)
        self._pass_on(number)

    def _pass_on(self, number: int) -> None:
        for child in self.children:
            child.send_signal(number)  # nothing, if it has ended


def main(arguments: list[str]) -> int:
    """The first argument is the number of worker processes; the others are for the pages."""
    pages = [sys.executable, "-m", "dsar_export.web", *arguments[1:]]
    workers = [sys.executable, "-m", "dsar_export.worker", "--processes", arguments[0]]
    return SideBySide().run([pages, workers])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
