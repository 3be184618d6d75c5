"""Getting the answer in the portal: a link whose passphrase never comes to the mailbox of the same visit.

Whoever reads one mailbox can get a code to it, and so a visit. The link is bound to that very mailbox, as one by mail
is: then a code that reveals the passphrase goes to another one, and whoever reads one mailbox alone gets nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.errors import TooOftenError, WrongUseError
from dsar_export.model.delivery import PassphraseWay
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.requests.codes import contact_of_used
from dsar_export.requests.packages import packages_of
from dsar_export.requests.states import HANDED_OUT
from dsar_export.requests.transitions import require_state
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.links import made_links
from dsar_export.use_cases.passphrase_code import passphrase_ways
from dsar_export.use_cases.portal_visits import Visiting, may_ask

_PER_HOUR: Final = 3
_PER_DAY: Final = 6


@dataclass(frozen=True)
class Package:
    """A package that waits for the person."""

    right: Right
    size: int | None
    """In bytes; None of a package from before sizes were kept."""


@dataclass(frozen=True)
class ToGet:
    """What a visit can get, and how it is opened."""

    packages: Sequence[Package]
    ways: tuple[PassphraseWay, ...]
    """How the passphrase can be revealed; none once it was."""


def to_get(desk: Desk, register: Register, reference: str) -> ToGet | None:
    """The packages of a request that a visit has proven; None where there is nothing for the person to get here."""
    with desk.looking() as act:
        request = act.request(reference, Role.AGENT)
        if request.listed.state not in HANDED_OUT or request.subject.mandate is not None:
            return None
        found = packages_of(act.connection, [reference]).get(reference, ())
        packages = tuple(Package(each.right, each.size) for each in found if each.file is not None)
        return ToGet(packages, passphrase_ways(register, request)) if packages else None


def link_here(desk: Desk, visiting: Visiting, reference: str, right: Right) -> str:
    """The path of a new link to a package; earlier ones count until it is used.

    WrongUseError where it is not known which mailbox the visit reads, and where there is nothing to get.
    """
    if not may_ask(desk, f"link {reference}", _PER_HOUR, _PER_DAY):
        raise TooOftenError("too many links within an hour or a day; try again later")
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        version = request.listed.version
        require_state(act.connection, reference, version, act.at, HANDED_OUT, "hand out a link to")
        if request.subject.mandate is not None:
            raise WrongUseError(f"{reference}: an agent acts for the person, and gets the link by mail")
        index = _mailbox_of(act, visiting, reference)
        path = made_links(act, reference, desk.person.name, "", index, right).get(right)
        if path is None:
            raise WrongUseError(f"{reference}: there is no package for {right} any more")
        act.note("hand_out_link", request, contact=index)
        return path


def _mailbox_of(act: Act, visiting: Visiting, reference: str) -> str:
    held = visiting.visit.requests.get(reference)
    number = None if held is None or held.proven_at is None else held.code_number
    index = None if number is None else contact_of_used(act.connection, reference, number)
    if index is None:
        raise WrongUseError(
            f"{reference}: it is not known which mailbox this visit reads; come back with a new code, then try again"
        )
    return index
