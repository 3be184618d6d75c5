"""Figures as a chart with its table, and as CSV."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import WrongUseError
from dsar_export.model.figures import Counts, Figures
from dsar_export.use_cases.figures import figures
from dsar_export.use_cases.figures_csv import COLUMNS, count_cells, figures_rows
from dsar_export.web.console.readers import COUNTING
from dsar_export.web.console.rendering import Console, Page
from dsar_export.web.console.words.wording import Wording
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed

_READERS: Final = Rule(COUNTING)
_WIDTH: Final = 480
"""Of the longest bar, in units of the picture."""


@dataclass(frozen=True)
class Bar:
    """A month in the picture: all requests that were received, and of those the late and overdue."""

    month: str
    received: int
    width: float
    late: float


def figures_routes(console: Console) -> tuple[Route, ...]:
    """The page, and its CSV."""
    pages, path = _FiguresPages(console), f"{console.base}/figures"
    return (Route(path, "GET", pages.page, _READERS), Route(f"{path}.csv", "GET", pages.file, _READERS))


@dataclass(frozen=True)
class _FiguresPages:
    console: Console

    async def page(self, request: Request, signed: Signed) -> Response:
        """GET /figures"""
        try:
            found = await self._found(request, signed)
        except WrongUseError as error:
            return self.console.refused(request, signed, error)
        asked = {name: request.query_params.get(name, "") for name in ("since", "until")}
        return self.console.render(
            "figures.html",
            Page(request, signed, "figures"),
            asked=asked,
            columns=COLUMNS,
            rows=list(_rows(found, Wording(self.console.words(request)))),
            bars=_bars(found),
            left_out=found.left_out,
            complete_since=found.complete_since,
        )

    async def file(self, request: Request, signed: Signed) -> Response:
        """GET /figures.csv"""
        try:
            found = await self._found(request, signed)
        except WrongUseError as error:
            return self.console.refused(request, signed, error)
        text = StringIO(newline="")
        csv.writer(text).writerows(figures_rows(found))
        fields = {"Content-Disposition": 'attachment; filename="figures.csv"'}
        return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=fields)

    async def _found(self, request: Request, signed: Signed) -> Figures:
        place = self.console.place
        since, until = (_day(request.query_params.get(name, "")) for name in ("since", "until"))
        return await place.threads.look(lambda: figures(signed.desk, place.register(), since, until))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUseError("a day has the form 2026-05-31; correct it") from None


def _rows(found: Figures, wording: Wording) -> Iterator[tuple[str, Sequence[str]]]:
    yield "", count_cells(found.total)
    yield from ((name, count_cells(counts)) for name, counts in found.by_controller.items())
    for rights, counts in found.by_rights.items():
        yield wording.terms("rights", rights.replace("+", ",")), count_cells(counts)
    yield from ((name, count_cells(counts)) for name, counts in found.by_month.items())


def _bars(found: Figures) -> list[Bar]:
    most = max((counts.received for counts in found.by_month.values()), default=0) or 1
    return [_bar(month, counts, _WIDTH / most) for month, counts in found.by_month.items()]


def _bar(month: str, counts: Counts, scale: float) -> Bar:
    late = counts.answered_late + counts.overdue
    return Bar(month, counts.received, round(counts.received * scale, 1), round(late * scale, 1))
