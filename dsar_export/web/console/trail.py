"""The trail, the newest entries in front, for auditors and administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import WrongUseError
from dsar_export.language.zones import moment_text
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.requests.times import moment
from dsar_export.requests.trail import Entry
from dsar_export.use_cases.audit import trail_entries, trail_verdict
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.evidence_timeline import is_moment
from dsar_export.web.console.rendering import Console, Page
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed

PER_PAGE: Final = 100
_HASH_LENGTH: Final = 32
_SHOWN_OF_A_HASH: Final = 16


def trail_routes(console: Console) -> tuple[Route, ...]:
    """The page of the trail."""
    readers = Rule(frozenset({Role.AUDITOR, Role.ADMINISTRATOR}))
    return (Route(f"{console.base}/trail", "GET", _TrailPages(console).page, readers),)


@dataclass(frozen=True)
class _TrailPages:
    console: Console

    async def page(self, request: Request, signed: Signed) -> Response:
        """GET /trail"""
        place, asked = self.console.place, request.query_params
        reference = asked.get("reference", "").strip().upper() or None
        typed = asked.get("before", "")
        before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < _HASH_LENGTH else None
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
        return self.console.render(
            "trail.html",
            Page(request, signed, "trail"),
            rows=[_row(entry, register) for entry in reversed(shown)],
            reference=reference or "",
            before=shown[0].number if len(older) > len(shown) else None,
            verdict=verdict,
        )


def _row(entry: Entry, register: Register) -> Sequence[str]:
    values = entry.values
    controller, action = values["controller"], str(values["action"])
    zone = zone_in(register, None if controller is None else str(controller))
    found = values["details"] if isinstance(values["details"], dict) else {}
    parts = [
        f"{name} {moment_text(moment(int(str(value))), zone) if is_moment(action, name) else _short(value)}"
        for name, value in found.items()
    ]
    at = moment_text(moment(int(str(values["at"]))), zone, seconds=True)
    return [
        str(entry.number), at, str(values["actor"]), action, str(values["reference"] or ""), ", ".join(parts),
    ]  # fmt: skip


def _short(value: object) -> str:
    """The beginning of a hash, and everything else whole."""
    text = str(value)
    return text if len(text) < _HASH_LENGTH else text[:_SHOWN_OF_A_HASH]
