"""How often a token, a session or an address may ask; counted in the one process that answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import Final

_MINUTE: Final = 60.0


@dataclass
class Limits:
    """So many in each minute, for each name."""

    most: int
    clock: Callable[[], float] = time.monotonic
    _begun: float = field(default=float("-inf"), init=False)
    _counted: dict[str, int] = field(default_factory=dict, init=False, repr=False)

    def wait(self, name: str) -> int | None:
        """Counts one; the seconds to wait if there were too many."""
        now = self.clock()
        if now - self._begun >= _MINUTE:
            self._begun, self._counted = now, {}
        count = self._counted.get(name, 0) + 1
        self._counted[name] = count
        return ceil(self._begun + _MINUTE - now) if count > self.most else None
