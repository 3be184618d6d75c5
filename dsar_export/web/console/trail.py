"""The trail, the newest entries in front, for auditors and administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import WrongUseError
from dsar_export.language.zones import moment_text
from dsar_export.model.register import Register
from dsar_export.requests.times import moment
from dsar_export.requests.trail import Entry, Verdict
from dsar_export.use_cases.audit import trail_entries, trail_verdict
from dsar_export.use_cases.clocks import zone_in
from dsar_export.web.console.readers import AUDITING
from dsar_export.web.console.rendering import Console, Page
from dsar_export.web.console.words.post import FAULTS
from dsar_export.web.console.words.wording import Wording
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed

PER_PAGE: Final = 100
_MOST_DIGITS: Final = 31


def trail_routes(console: Console) -> tuple[Route, ...]:
    """The page of the trail."""
    readers = Rule(AUDITING)
    return (Route(f"{console.base}/trail", "GET", _TrailPages(console).page, readers),)


@dataclass(frozen=True)
class _TrailPages:
    console: Console

    async def page(self, request: Request, signed: Signed) -> Response:
        """GET /trail"""
        place, asked = self.console.place, request.query_params
        reference = asked.get("reference", "").strip().upper() or None
        typed = asked.get("before", "")
        before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS else None
        try:
            entries = await place.threads.look(lambda: trail_entries(signed.desk, reference))
            verdict = (
                await place.threads.look(lambda: trail_verdict(signed.desk)) if "verify" in asked else None
            )
        except WrongUseError as error:
            return self.console.refused(request, signed, error)
        register = await place.threads.look(place.register)
        older = [entry for entry in entries if before is None or entry.number < before]
        shown = older[-PER_PAGE:]
        wording = Wording(self.console.words(request))
        return self.console.render(
            "trail.html",
            Page(request, signed, "trail"),
            rows=[_row(entry, register, wording) for entry in reversed(shown)],
            reference=reference or "",
            before=shown[0].number if len(older) > len(shown) else None,
            verdict=verdict,
            sentence=None if verdict is None else _sentence(verdict, wording),
        )


def _row(entry: Entry, register: Register, wording: Wording) -> Sequence[str]:
    values = entry.values
    controller, action = values["controller"], str(values["action"])
    zone = zone_in(register, None if controller is None else str(controller))
    at = moment_text(moment(int(str(values["at"]))), zone, seconds=True)
    done, details = wording.term("actions", action), ", ".join(wording.details(entry, zone))
    return [str(entry.number), at, str(values["actor"]), done, str(values["reference"] or ""), details]


def _sentence(verdict: Verdict, wording: Wording) -> str:
    """What was found, with the number of the entry."""
    if verdict.fault is None:
        return wording.words.plural("{n} entry", "{n} entries, each follows the one before", verdict.entries)
    return wording.words.phrase(FAULTS[verdict.fault], number=str(verdict.number))
