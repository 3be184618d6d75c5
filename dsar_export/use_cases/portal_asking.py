"""What somebody asks for in the portal, and what they are asked for: what the register can look up."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from dsar_export.errors import TooOftenError, WrongUseError
from dsar_export.folding import NOBODY
from dsar_export.model.clock import DueDate, Milestones
from dsar_export.model.intake import Channel, FurtherRight, HandedOn
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier, Right
from dsar_export.requests.database import writing
from dsar_export.requests.due_dates import due_date
from dsar_export.requests.visits import add_opened
from dsar_export.use_cases.clocks import local_day, rules_for
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.portal_visits import lasting_visit, may_ask
from dsar_export.use_cases.repeating import Reply, answered_once
from dsar_export.use_cases.services import known_controller
from dsar_export.use_cases.subjects import register_about
from dsar_export.use_cases.take_in import Intake, given_identifiers, take_in

LONGEST_VALUE: Final = 200
"""Letters of an identifier."""
OPENED_PER_HOUR: Final = 250
"""Requests from one network: many people may share its address, but nobody floods staff from it."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to have sent."""

    rights: tuple[Right, ...]
    controller: str
    language: str
    identifiers: tuple[Identifier, ...] = field(repr=False)
    further: tuple[FurtherRight, ...] = ()
    subject: str | None = None


@dataclass(frozen=True)
class Offered:
    """The kinds of identifiers that somebody can give: first those by which a code finds them."""

    ways: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.ways, *self.others)


@dataclass(frozen=True)
class Begun:
    """A request that was opened, and the visit that opened it."""

    token: str = field(repr=False)
    reference: str


def offered(register: Register, controller: str) -> Offered:
    """What can be asked for at a controller, in the register's order."""
    ways = dict.fromkeys(contact.given for contact in register.contacts_of(controller))
    searched = dict.fromkeys(
        [
            *(link.given for link in register.links_of(controller)),
            *(key.identifier for d in register.datasets_of(controller) for key in d.subject_keys),
        ]
    )
    known = register.given_kinds
    named = [*(kind for kind in ways if kind in known)]
    return Offered(tuple(named), tuple(kind for kind in searched if kind in known and kind not in ways))


class WishProblem(StrEnum):
    """What is wrong with what was typed."""

    NOTHING_GIVEN = "nothing_given"
    UNFIT = "unfit"
    WHICH_PERSON = "which_person"
    """What was typed fits several kinds of people, or none."""


def problems(register: Register, wish: Wish) -> tuple[tuple[str, WishProblem], ...]:
    """The fields that must be corrected, by the kind of identifier or `subject`; it says nothing about anybody."""
    if not wish.identifiers:
        return ((offered(register, wish.controller).all[0], WishProblem.NOTHING_GIVEN),)
    unfit = [each for each in wish.identifiers if not _fits(each.value)]
    if unfit:
        return tuple((each.kind, WishProblem.UNFIT) for each in unfit)
    try:
        part = register_about(register, wish.subject, wish.identifiers)
    except WrongUseError:
        return (("subject", WishProblem.WHICH_PERSON),)
    kinds = [each.kind for each in wish.identifiers if _names_nobody(part, wish.controller, each)]
    return tuple((kind, WishProblem.UNFIT) for kind in kinds)


def due_if_sent(desk: Desk, register: Register, controller: str) -> DueDate:
    """When the answer would be due to what is sent now."""
    rules, at = rules_for(register, controller), desk.clock()
    return due_date(rules, Milestones(at), local_day(register, controller, at))


def _fits(value: str) -> bool:
    return len(value) <= LONGEST_VALUE and value.isprintable()


def _names_nobody(register: Register, controller: str, identifier: Identifier) -> bool:
    try:
        (given,) = given_identifiers(register, controller, [identifier])
    except WrongUseError:
        return True
    return given.folded == NOBODY


def ask(desk: Desk, register: Register, wish: Wish, form: str, asker: tuple[str, str | None]) -> Begun:
    """Opens a request once for each form, however often it is sent.

    `asker` is the network and the visit that is there already, if any. TooOftenError from a network that floods.
    """
    if problems(register, wish):
        raise WrongUseError("what was typed can't be looked up; correct it")
    network, token = asker

    def work() -> Reply:
        if not may_ask(desk, f"open {network}", OPENED_PER_HOUR):
            raise TooOftenError("too many requests come from there; try again in an hour")
        begun = _opened(desk, register, wish, token)
        return Reply(HTTPStatus.CREATED, json.dumps([begun.token, begun.reference]))

    reply = answered_once(desk, form, _text(wish), work)
    return Begun(*json.loads(reply.body))


def _opened(desk: Desk, register: Register, wish: Wish, token: str | None) -> Begun:
    at, contact = desk.clock(), known_controller(register, wish.controller).contact
    handed_on = tuple(HandedOn(right, contact, at) for right in wish.further)
    intake = Intake(
        wish.rights,
        wish.controller,
        Channel.PORTAL,
        at,
        wish.identifiers,
        wish.language,
        handed_on=handed_on,
        subject=wish.subject,
    )
    lasting = lasting_visit(desk, token)
    reference = take_in(desk, register, intake).reference
    with writing(desk.engine) as connection:
        add_opened(connection, lasting, reference)
    return Begun(lasting, reference)


def _text(wish: Wish) -> str:
    values = [[each.kind, each.value] for each in wish.identifiers]
    asked = [wish.rights, wish.controller, wish.language, values, wish.further, wish.subject]
    return json.dumps(asked)
