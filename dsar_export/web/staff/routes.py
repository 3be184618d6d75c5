"""Which page answers where, and who may come there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.model.people import Role
from dsar_export.web.staff.signed import Signed

Answer = Callable[[Request, Signed], Awaitable[Response]]
OpenAnswer = Callable[[Request], Awaitable[Response]]
"""The answer of a page that needs no session, or looks after it itself."""


@dataclass(frozen=True)
class Rule:
    """Who may come: whoever has one of the roles."""

    roles: frozenset[Role]
    of_request: bool = False
    """Whether the role must be one at the controller of the request in the path."""
    proven: bool = False
    """Whether the person must have proven again who they are."""


@dataclass(frozen=True)
class Route:
    """One path with one method."""

    path: str
    method: str
    answer: Answer
    rule: Rule
    own_page: bool = False
    """Whether a form that is sent here stands on the page of the same path, and not on the one above."""
