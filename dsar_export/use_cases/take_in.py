"""Takes a request in, and corrects who it is about before anybody is verified."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.identities.links import Kinds
from dsar_export.language.catalogue import has_catalogue, languages
from dsar_export.model.intake import Channel, GivenIdentifier, HandedOn, Mandate, NewRequest
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier, Right, in_order, new_reference
from dsar_export.register.hints import nearest
from dsar_export.requests.identifiers import set_identifiers
from dsar_export.requests.people import refuse_own_request, subjects
from dsar_export.requests.requests import Filters, ListedRequest, list_requests, open_request
from dsar_export.requests.states import Action, State
from dsar_export.requests.transitions import change, move
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.mandates import mandate_at, mandate_details, refuse_unknown_datasets
from dsar_export.use_cases.services import known_controller
from dsar_export.use_cases.subjects import register_about, subject_asked


@dataclass(frozen=True)
class Intake:
    """What arrived; `received_at` is when it reached the organisation, in any channel."""

    rights: tuple[Right, ...]
    controller: str
    channel: Channel
    received_at: datetime
    identifiers: tuple[Identifier, ...]
    language: str | None = None
    mandate: Mandate | None = None
    handed_on: tuple[HandedOn, ...] = ()
    subject: str | None = None
    """The kind of people; without it, the identifiers decide."""


@dataclass(frozen=True)
class TakenIn:
    """The reference of a new request, and those of other requests that name the same person."""

    reference: str
    same_person: tuple[str, ...]


def take_in(desk: Desk, register: Register, intake: Intake) -> TakenIn:
    """Opens a request; another one of the same person is shown, and neither delays nor alters it."""
    (taken,) = take_in_group(desk, register, intake, (intake.controller,))
    return taken


def take_in_group(
    desk: Desk, register: Register, intake: Intake, controllers: Sequence[str]
) -> tuple[TakenIn, ...]:
    """Opens a request at each controller for one letter to all of them: linked, and all or none."""
    names = tuple(dict.fromkeys(controllers))
    for name in names:
        known_controller(register, name)
    intake = replace(intake, subject=subject_asked(register, intake.subject, intake.identifiers))
    register = register_about(register, intake.subject, intake.identifiers)
    if intake.mandate is not None:
        refuse_unknown_datasets(register, names, intake.mandate.scope)
    with desk.acting() as act:
        group = new_reference(act.at, "GROUP") if len(names) > 1 else None
        opened = [_opened(act, register, replace(intake, controller=name), group) for name in names]
        taken = []
        for reference in opened:
            same = list_requests(act.connection, Filters(frozenset(State), same_person_as=reference))
            taken.append(TakenIn(reference, tuple(r.reference for r in same if r.reference not in opened)))
    return tuple(taken)


def _opened(act: Act, register: Register, intake: Intake, group_reference: str | None) -> str:
    controller, desk = known_controller(register, intake.controller), act.desk
    act.require(intake.controller, Role.AGENT)
    if intake.language is not None and not has_catalogue(intake.language):
        raise WrongUseError(f"no answers in {intake.language!r}; choose one of {', '.join(languages())}")
    if intake.mandate is not None and intake.mandate.until is not None and intake.mandate.until < act.at:
        raise WrongUseError("the mandate has ended already; correct its last day, or ask for another one")
    if intake.received_at > act.at:
        raise WrongUseError(
            "the request can't have been received in the future; correct the moment of receipt"
        )
    reference = new_reference(act.at)
    mandate = None if intake.mandate is None else mandate_at(register, intake.controller, intake.mandate)
    new = NewRequest(
        reference,
        intake.rights,
        intake.controller,
        intake.language or controller.language,
        intake.channel,
        intake.received_at,
        act.at,
        desk.person.name,
        given_identifiers(register, intake.controller, intake.identifiers),
        mandate,
        intake.handed_on,
        group_reference,
        intake.subject,
    )
    open_request(act.connection, new, desk.vault)
    if desk.person.name in subjects(
        act.connection, reference
    ):  # whose reference is gone with the transaction
        raise NotPermittedError(
            f"the identifiers are those of {desk.person.name}, and nobody handles a request about themself; nothing "
            "was opened, ask a colleague to open it"
        )
    details = {"rights": ",".join(in_order(intake.rights)), "channel": intake.channel.value}
    if group_reference is not None:
        details["group_reference"] = group_reference
    act.append("open", reference, intake.controller, details)
    if mandate is not None:
        act.append("mandate", reference, intake.controller, mandate_details(mandate))
    for handed in intake.handed_on:
        act.append("hand_on", reference, intake.controller, {"right": handed.right.value})
    return reference


def correct(
    desk: Desk,
    register: Register,
    reference: str,
    identifiers: Sequence[Identifier],
    subject: str | None = None,
) -> None:
    """Replaces the identifiers of a request, which must then be verified anew, and the kind of people.

    Without `subject`, the identifiers decide, or else what the request named before.
    """
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        version = request.listed.version
        about = _corrected_subject(register, subject, request.listed, identifiers)
        part = register_about(register, about, identifiers)
        if request.listed.state is not State.RECEIVED:
            version = move(act.connection, reference, version, Action.CORRECT, act.at)
        given = given_identifiers(part, request.listed.controller, identifiers)
        version = set_identifiers(act.connection, reference, version, given, act.at, desk.vault)
        refuse_own_request(act.connection, desk.person.name, reference)
        by = desk.person.name
        change(
            act.connection,
            reference,
            version,
            act.at,
            corrected_by=by,
            subject=about,
            refusal_proposed_at=None,
        )
        act.note("correct", request)


def _corrected_subject(
    register: Register, named: str | None, listed: ListedRequest, identifiers: Sequence[Identifier]
) -> str | None:
    earlier = listed.subject
    if named is None and earlier is not None and earlier in register.organisation.subjects:
        known = register_about(register, earlier, identifiers).identifier_kinds
        if {identifier.kind for identifier in identifiers} <= known:
            return earlier
    return subject_asked(register, named, identifiers)


def given_identifiers(
    register: Register, controller: str, identifiers: Sequence[Identifier], proven_by: str | None = None
) -> tuple[GivenIdentifier, ...]:
    """Identifiers with the form that all equal ones share, by the register's rules."""
    refuse_unknown_kinds(register, identifiers)
    kinds = Kinds(register.for_controller(controller), controller)
    return tuple(
        GivenIdentifier(identifier, kinds.folded(identifier).value, proven_by) for identifier in identifiers
    )


def refuse_unknown_kinds(register: Register, identifiers: Sequence[Identifier]) -> None:
    """Raises WrongUseError for a kind of identifier that the register does not have."""
    for identifier in identifiers:
        if identifier.kind not in register.given_kinds:
            raise WrongUseError(
                f"unknown kind of identifier {identifier.kind!r}; {nearest(identifier.kind, register.given_kinds)}"
            )
