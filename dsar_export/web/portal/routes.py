"""Which page of the portal answers where, and what a visit must have shown to come there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.portal_visits import Visiting
from dsar_export.web.asking import Form
from dsar_export.web.pages import Reader


class Rule(StrEnum):
    """Who may come."""

    ANYBODY = "anybody"
    """Nothing about any request is shown there."""
    VISIT = "visit"
    """Whoever has a visit that lasts."""
    OWN = "own"
    """A visit that opened the request in the path: it sees what it typed, and nothing else."""
    PROVEN = "proven"
    """A visit that has proven the request in the path."""


@dataclass(frozen=True)
class Visitor:
    """Whoever asks for a page: at the portal's desk, perhaps with a visit, and with what a form sent."""

    desk: Desk
    reader: Reader
    open_at: tuple[str, ...]
    """The controllers where the portal is open."""
    visiting: Visiting | None = None
    reference: str = ""
    fields: Form = field(default_factory=Form, repr=False)

    def text(self, name: str) -> str:
        """The first value of a field, with line ends as texts here have them; empty if there is none."""
        return self.fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n")

    @property
    def token(self) -> str | None:
        return None if self.visiting is None else self.visiting.token


Answer = Callable[[Request, Visitor], Awaitable[Response]]
OpenAnswer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Route:
    """One path with one method; without a rule there is no route."""

    path: str
    method: str
    answer: Answer
    rule: Rule
