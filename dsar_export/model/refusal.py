"""On what grounds a request may be refused: data with dates, as the law changes."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

_FILE: Final = "refusal_grounds.toml"


@dataclass(frozen=True)
class RefusalGround:
    """One ground; `code` stands in the trail."""

    code: str
    means: str
    law: str
    since: date
    until: date | None = None
    """The last day on which it holds."""
    proof_by_two_people: bool = False
    """Whether both parts of an abuse are to be proven, and a second person confirms it."""

    def in_force_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class AbuseProof:
    """What shows that a request is abusive; both parts are needed."""

    objective: str = field(repr=False)
    """From what it follows that the request does not serve the purpose of the right."""
    subjective: str = field(repr=False)
    """From what it follows that the person intends to abuse the right."""

    @property
    def complete(self) -> bool:
        return bool(self.objective.strip() and self.subjective.strip())


@dataclass(frozen=True)
class Refusal:
    """A refusal as somebody decides or proposes it; the person is informed of the reason."""

    ground: str
    reason: str = field(repr=False)
    proof: AbuseProof | None = None


@cache
def refusal_grounds() -> tuple[RefusalGround, ...]:
    """All grounds, in their order, also those that no longer or do not yet hold."""
    tables = tomllib.loads((files(__package__) / _FILE).read_text(encoding="utf-8"))
    return tuple(RefusalGround(code, **table) for code, table in tables.items())


def grounds_on(day: date) -> dict[str, RefusalGround]:
    """The grounds that hold on a day, by their codes."""
    return {ground.code: ground for ground in refusal_grounds() if ground.in_force_on(day)}
