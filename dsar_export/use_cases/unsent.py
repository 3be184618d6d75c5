"""What was asked for and not sent, as the trail has it: for staff, and not for who asked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from dsar_export.requests import trail
from dsar_export.requests.times import moment
from dsar_export.use_cases.desk import Act


class Awaited(StrEnum):
    """What somebody asked for, and waits for."""

    CODE = "code"
    """One that proves who asks."""
    PASSPHRASE_CODE = "passphrase_code"  # noqa: S105 # a word
    """One that reveals the passphrase, asked for on the page of a link."""
    LINK = "link"
    """Another link, or the reminder of one."""


_TOO_MANY: Final = {"too_many_codes": "too many codes of late"}
NOT_SENT: Final[Mapping[Awaited, Mapping[str, str]]] = MappingProxyType(
    {
        Awaited.CODE: {
            **_TOO_MANY,
            "no_contact": "no address on file counts",
            "code_failed": "the look-up failed; see whether the sources answer, then ask again",
        },
        Awaited.PASSPHRASE_CODE: {
            **_TOO_MANY,
            "no_other_contact": "no address on file counts besides that of the link; give the passphrase out in person",
            "passphrase_code_failed": "the look-up failed; see whether the sources answer",
        },
        Awaited.LINK: {
            "no_contact_for_link": "the address of the last link is no longer on file; deliver again",
            "link_failed": "the look-up failed; see whether the sources answer, then deliver again",
        },
    }
)
"""The actions of the trail after which nothing was sent, in words for staff."""
_SETTLED: Final[Mapping[Awaited, frozenset[str]]] = MappingProxyType(
    {
        Awaited.CODE: frozenset({"send_code"}),
        Awaited.PASSPHRASE_CODE: frozenset({"publish", "send_passphrase_code", "reveal"}),
        Awaited.LINK: frozenset({"publish", "send_link", "hand_out_link", "start_download"}),
    }
)
"""The actions after which what was not sent before does not matter any more."""


@dataclass(frozen=True)
class Unsent:
    """Why what was asked for last was not sent."""

    why: str
    at: datetime


def unsent(act: Act, awaited: Awaited, references: Collection[str]) -> Mapping[str, Unsent]:
    """The requests for which it was asked for in vain the last time."""
    last = trail.latest(act.connection, {*_SETTLED[awaited], *NOT_SENT[awaited]}, references)
    return {
        reference: Unsent(str(entry.values["action"]), moment(int(str(entry.values["at"]))))
        for reference, entry in last.items()
        if entry.values["action"] in NOT_SENT[awaited]
    }
