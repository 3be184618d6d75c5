"""The register: the way from a person to each table, and the check against its sources on demand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.model.finding import Finding
from dsar_export.model.people import Role
from dsar_export.register.letters import letter_findings
from dsar_export.register_check import check_register
from dsar_export.register_check.ways import ways_of
from dsar_export.register_check.ways_tree import Branch, tree_of
from dsar_export.use_cases.clocks import clock_findings
from dsar_export.use_cases.services import Services
from dsar_export.web.console.rendering import Console, Page
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed

_ANY: Final = Rule(frozenset(Role))


def register_routes(console: Console) -> tuple[Route, ...]:
    """One page; with `check=yes` its sources are asked."""
    return (Route(f"{console.base}/register", "GET", _RegisterPages(console).page, _ANY),)


@dataclass(frozen=True)
class _RegisterPages:
    console: Console

    async def page(self, request: Request, signed: Signed) -> Response:
        """GET /register"""
        place = self.console.place
        trees, unread = await place.threads.look(lambda: _ways(place.services()))
        findings = None
        if request.query_params.get("check") == "yes":
            findings = await place.threads.finish(lambda: _findings(place.services()))
        return self.console.render(
            "register.html",
            Page(request, signed, "register"),
            trees=trees,
            unread=unread,
            findings=findings,
        )


def _ways(services: Services) -> tuple[list[Branch], Mapping[str, str]]:
    found = ways_of(services.register)
    return [tree_of(ways) for ways in found], dict(pair for ways in found for pair in ways.unread)


def _findings(services: Services) -> tuple[Finding, ...]:
    register = services.register
    return (
        *clock_findings(register),
        *letter_findings(register),
        *check_register(register, services.collectors, services.keys),
    )
