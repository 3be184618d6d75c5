"""The register: the way from a person to each table, and the check against its sources on demand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import WrongUseError
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.register.letters import letter_findings
from dsar_export.register_check import check_register
from dsar_export.register_check.ways import ways_of
from dsar_export.register_check.ways_to import ways_to
from dsar_export.register_check.ways_tree import Branch, tree_of
from dsar_export.use_cases.clocks import clock_findings
from dsar_export.use_cases.services import Services
from dsar_export.web.console.readers import ANYBODY
from dsar_export.web.console.rendering import Console, Page
from dsar_export.web.console.ways_picture import Picture, picture_of
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed

_ANY: Final = Rule(ANYBODY)


def register_routes(console: Console) -> tuple[Route, ...]:
    """The whole, where with `check=yes` its sources are asked, and the ways to each dataset."""
    path, pages = f"{console.base}/register", _RegisterPages(console)
    return (Route(path, "GET", pages.page, _ANY), Route(f"{path}/{{dataset}}", "GET", pages.dataset, _ANY))


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
            datasets=await place.threads.look(lambda: [each.name for each in place.register().datasets]),
        )

    async def dataset(self, request: Request, signed: Signed) -> Response:
        """GET /register/DATASET"""
        place, name = self.console.place, request.path_params["dataset"]
        try:
            pictures = await place.threads.look(lambda: _pictures(place.register(), name))
        except WrongUseError as error:
            return self.console.refused(request, signed, error)
        return self.console.render("way.html", Page(request, signed, name), pictures=pictures)


def _pictures(register: Register, name: str) -> list[Picture]:
    """The ways to a dataset as pictures, for each kind of people; WrongUseError if there is no such dataset."""
    if name not in {each.name for each in register.datasets}:
        raise WrongUseError("the register has no such dataset; choose one of its list")
    return [picture_of(chain) for ways in ways_of(register) for chain in ways_to(ways, name)]


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
