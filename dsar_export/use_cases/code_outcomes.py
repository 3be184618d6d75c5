"""What became of the codes that were asked for, as the trail has it: for staff, and not for who asked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dsar_export.requests import trail
from dsar_export.requests.times import moment
from dsar_export.use_cases.desk import Act

_SENT: Final = "send_code"
NOT_SENT: Final[Mapping[str, str]] = {
    "no_contact": "no address on file counts",
    "too_many_codes": "too many codes of late",
    "code_failed": "the look-up failed; see whether the sources answer, then ask again",
}
"""The actions of the trail after which no code was sent, in words for staff."""


@dataclass(frozen=True)
class UnsentCode:
    """Why the code that was asked for last was not sent."""

    why: str
    at: datetime


def unsent_codes(act: Act, references: Collection[str]) -> Mapping[str, UnsentCode]:
    """The requests whose last code was asked for in vain."""
    last = trail.latest(act.connection, {_SENT, *NOT_SENT}, references)
    return {
        reference: UnsentCode(str(entry.values["action"]), moment(int(str(entry.values["at"]))))
        for reference, entry in last.items()
        if entry.values["action"] != _SENT
    }
