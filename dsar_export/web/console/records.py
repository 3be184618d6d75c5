"""The records of a request, page by page and masked; one of them whole for whoever proved again who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import WrongUseError
from dsar_export.language.formats import number
from dsar_export.model.outcome import Nonconforming, Record
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.review import extent, page
from dsar_export.web.console.deeds.deed import REVIEWER
from dsar_export.web.console.rendering import Console, ForgedError, Page, checked_form
from dsar_export.web.console.words.letters import LETTERS
from dsar_export.web.console.words.wording import Wording
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed

PER_PAGE: Final = 20
_MOST_DIGITS: Final = 12
READING: Final = Rule(REVIEWER, of_request=True)


def record_routes(console: Console) -> tuple[Route, ...]:
    """Showing a record whole is a form: nothing that a browser loads ahead may leave an entry in the trail."""
    path, pages = f"{console.base}/requests/{{reference}}/records/{{dataset}}", _Records(console)
    return (
        Route(path, "GET", pages.masked, READING),
        Route(f"{path}/whole", "POST", pages.whole, Rule(REVIEWER, of_request=True, proven=True)),
    )


@dataclass(frozen=True)
class _Records:
    console: Console

    async def masked(self, request: Request, signed: Signed) -> Response:
        """GET /requests/REFERENCE/records/DATASET"""
        return await self._shown(request, signed, request.query_params.get("first", "1"), whole=False)

    async def whole(self, request: Request, signed: Signed) -> Response:
        """POST /requests/REFERENCE/records/DATASET/whole"""
        try:
            fields = await checked_form(request, signed)
        except ForgedError:
            return self.console.forged(request, signed)
        return await self._shown(request, signed, fields.get("first", ""), whole=True)

    async def _shown(self, request: Request, signed: Signed, typed: str, *, whole: bool) -> Response:
        reference, dataset = request.path_params["reference"], request.path_params["dataset"]
        look, desk, count = self.console.place.threads.look, signed.desk, 1 if whole else PER_PAGE
        try:
            await look(lambda: request_file(desk, reference))
        except WrongUseError:
            return self.console.missing(request, signed)
        wording = Wording(self.console.words(request))
        try:
            first = _number(typed)
            found = await look(lambda: page(desk, reference, dataset, first, count, whole=whole))
            held = await look(lambda: extent(desk, reference, dataset))
        except WrongUseError as error:
            return self.console.refused(request, signed, error)
        return self.console.render(
            "records.html",
            Page(request, signed, dataset, HTTPStatus.OK),
            path=f"{self.console.base}/requests/{reference}",
            dataset=dataset,
            records=list(enumerate(map(_cells, found), first)),
            whole=whole,
            place=_place(first, len(found), held.records, wording),
            all_records=held.records,
            beside_count=number(held.beside, wording.words.language),
            beside=[] if whole else [_reasons(row) for row in held.first_beside],
            earlier=max(1, first - PER_PAGE) if first > 1 and not whole else None,
            later=first + PER_PAGE if first + PER_PAGE <= held.records and not whole else None,
        )


def _place(first: int, shown: int, records: int, wording: Wording) -> str:
    """Which records of how many these are; a page begins wherever somebody jumped to."""
    if not shown:
        return ""
    counts = {
        "first": first,
        "last": first + shown - 1,
        "all": records,
        "page": -(-first // PER_PAGE),
        "pages": -(-records // PER_PAGE),
    }
    language = wording.words.language
    named = {name: number(count, language) for name, count in counts.items()}
    return wording.words.phrase(LETTERS["of_records"], **named)


def _reasons(row: Nonconforming) -> tuple[int, str]:
    """The place of a row in the order read, and the schema's rule that it breaks; none of its cells."""
    return row.row, ", ".join(f"{reason.field}: {reason.rule}" for reason in row.reasons)


def _cells(record: Record) -> Sequence[tuple[str, str]]:
    return [(name, str(value)) for name, value in record.items() if value is not None]


def _number(typed: str) -> int:
    """The number of a record; WrongUseError."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS and int(typed)):
        raise WrongUseError("records are counted from 1; name one of those on the page")
    return int(typed)
