"""On what grounds a request may be refused: data with dates, as the law changes."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

_FILE: Final = "refusal_grounds.toml"


@dataclass(frozen=True)
class Ruling:
    """A ruling of the Court of Justice on which a ground rests; British courts are not bound by it."""

    case: str
    day: date


@dataclass(frozen=True)
class RefusalGround:
    """One ground; `code` stands in the trail."""

    code: str
    means: str
    articles: tuple[str, ...]
    """Of the GDPR, or the UK GDPR, such as `12(5)(b)`."""
    since: date
    until: date | None = None
    """The last day on which it holds."""
    proof_by_two_people: bool = False
    """Whether both parts of an abuse are to be proven, and a second person confirms it."""
    ruling: Ruling | None = None
    national: Mapping[str, str] = field(default_factory=dict)
    """The country's own law, by the country's code, as it is cited there."""

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
    return tuple(_ground(code, table) for code, table in tables.items())


def ground_called(code: str) -> RefusalGround | None:
    """The ground with this code, whether it holds or not."""
    return next((ground for ground in refusal_grounds() if ground.code == code), None)


def _ground(code: str, table: dict[str, Any]) -> RefusalGround:
    ruling = table.pop("ruling", None)
    articles = tuple(table.pop("articles"))
    return RefusalGround(
        code, articles=articles, ruling=None if ruling is None else Ruling(**ruling), **table
    )


def grounds_on(day: date) -> dict[str, RefusalGround]:
    """The grounds that hold on a day, by their codes."""
    return {ground.code: ground for ground in refusal_grounds() if ground.in_force_on(day)}
