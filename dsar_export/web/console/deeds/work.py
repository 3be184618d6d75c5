"""What staff ask of workers, and what they do with what workers built."""

from collections.abc import Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final

from dsar_export.errors import SourceUnreadableError, WrongUseError
from dsar_export.language.catalogue import languages
from dsar_export.model.intake import Channel
from dsar_export.model.people import Role
from dsar_export.use_cases import decide, hold, reissue
from dsar_export.use_cases.ask import ask_to_build, ask_to_collect
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.links import deliver_by_link, revoke
from dsar_export.use_cases.report_choices import ReportOptions
from dsar_export.web.console.deeds.deed import AGENT, EITHER, REVIEWER, Asked, Deed
from dsar_export.web.staff.routes import Rule
from dsar_export.wiring.waking import waker_in

LINK: Final = "link"
HOLDERS: Final = REVIEWER | {Role.ADMINISTRATOR}


def _is_ticked(asked: Asked, name: str) -> bool:
    return bool(asked.fields.get(name))


def _collect(asked: Asked) -> None:
    order = CollectOrder(_is_ticked(asked, "confirm_nothing_held"), _is_ticked(asked, "anew"))
    ask_to_collect(asked.desk, asked.register, asked.reference, order, waker_in(asked.place.settings))


def _build(asked: Asked) -> None:
    language = asked.fields.get("language", "") or None
    if language is not None and language not in languages():
        raise WrongUseError(f"the field language is one of {', '.join(languages())}, or empty")
    options = ReportOptions(language, _is_ticked(asked, "every_row"), _is_ticked(asked, "large_print"))
    ask_to_build(asked.desk, asked.register, asked.reference, options, waker_in(asked.place.settings))


def _deliver(asked: Asked) -> None:
    channel = asked.text("by")
    if channel not in list(Channel):
        raise WrongUseError(f"the field by is one of {', '.join(Channel)}")
    decide.deliver(asked.desk, asked.reference, Channel(channel))


def _send_link(asked: Asked) -> None:
    address = asked.fields.get("agent_address", "").strip() or None
    try:
        deliver_by_link(asked.desk, asked.place.services(), asked.reference, address)
    except SourceUnreadableError as error:  # so that the form stays as it was
        raise WrongUseError(str(error)) from None


def _revoke(asked: Asked) -> None:
    revoke(asked.desk, asked.reference)


def _reissue(asked: Asked) -> None:
    reissue.reissue(asked.desk, asked.reference, anew=_is_ticked(asked, "anew"))


def _hold(asked: Asked) -> None:
    try:
        day = date.fromisoformat(asked.text("until"))
    except ValueError:
        raise WrongUseError("the field until is a day such as 2026-05-31; correct it") from None
    zone = zone_in(asked.register, hold.controller_to_hold(asked.desk, asked.reference))
    until = datetime.combine(day, time.max, zone)  # the last day is in it
    hold.place_hold(asked.desk, asked.reference, until, asked.text("reason"))


def _end_hold(asked: Asked) -> None:
    hold.end_hold(asked.desk, asked.reference)


HANDING_OUT: Final = Rule(EITHER, of_request=True, proven=True)
"""Who downloads a package, and reveals its passphrase, on pages of their own."""
WORKING: Final[Mapping[str, Deed]] = MappingProxyType(
    {
        "collect": Deed(_collect, Rule(AGENT, of_request=True)),
        "build": Deed(_build, Rule(EITHER, of_request=True)),
        "deliver": Deed(_deliver, Rule(AGENT, of_request=True)),
        "send-link": Deed(_send_link, Rule(AGENT, of_request=True), reads_sources=True),
        "revoke": Deed(_revoke, Rule(EITHER, of_request=True)),
        "reissue": Deed(_reissue, Rule(AGENT, of_request=True)),
        "hold": Deed(_hold, Rule(HOLDERS, of_request=True)),
        "end-hold": Deed(_end_hold, Rule(HOLDERS, of_request=True)),
    }
)
