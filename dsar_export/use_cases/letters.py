"""Writes the letters to a person about their request, from what the request's file holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from dsar_export.errors import StaleError, WrongUseError
from dsar_export.language.catalogue import has_catalogue, languages
from dsar_export.language.formats import long_date
from dsar_export.language.letter_text import plain_text
from dsar_export.language.letter_words import language_of_dates, sender_lines
from dsar_export.model.letter import ON_BEHALF, Letter, LetterKind
from dsar_export.model.mail import Mail, MailKind
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.register.hints import nearest
from dsar_export.register.letters import Template, filled, template_findings, template_of
from dsar_export.register_check.references import refuse
from dsar_export.requests.identifiers import proven_identifiers
from dsar_export.requests.requests import StoredRequest
from dsar_export.requests.states import State
from dsar_export.use_cases.contacts import contacts_on_file
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.due import UNANSWERED
from dsar_export.use_cases.letter_matter import Given, Matter
from dsar_export.use_cases.letter_values import values_of
from dsar_export.use_cases.post import post_mail
from dsar_export.use_cases.services import Services, known_controller
from dsar_export.use_cases.subjects import register_to_show

_LONGEST: Final = 4_000
_MOST_LINES: Final = 300
_LONGEST_SUBJECT: Final = 200
_FITS: Final[Mapping[LetterKind, frozenset[State]]] = MappingProxyType(
    {
        LetterKind.ACKNOWLEDGEMENT: UNANSWERED,
        LetterKind.QUESTION: UNANSWERED,
        LetterKind.EXTENSION: UNANSWERED,
        LetterKind.REFUSAL: frozenset({State.REFUSED}),
        LetterKind.GAP: UNANSWERED,
        LetterKind.DELIVERY: frozenset({State.AVAILABLE, State.DELIVERED}),
        LetterKind.COMPLAINT: frozenset(State),
        LetterKind.NOTHING_HELD: frozenset({State.CLOSED}),
        LetterKind.OUTCOME: frozenset(State),
    }
)
"""Where a letter of each kind makes sense."""
_WITH_TEXT: Final = frozenset(
    {LetterKind.QUESTION, LetterKind.EXTENSION, LetterKind.REFUSAL, LetterKind.OUTCOME}
)
_WITH_DAY: Final = frozenset({LetterKind.COMPLAINT, LetterKind.OUTCOME})


@dataclass(frozen=True)
class LetterOrder:
    """Which letter to write. Without a language it is in that of the request.

    The given text is the question; for an extension or a refusal it replaces the recorded reason.
    """

    kind: LetterKind
    language: str | None = None
    given: Given = field(default_factory=Given)


def letter_for(desk: Desk, register: Register, reference: str, order: LetterOrder) -> Letter:
    """The letter, ready to be sent; that it was written is in the trail, what it says is not kept."""
    with desk.acting() as act:
        return _letter(act, register, act.request(reference, Role.AGENT, Role.REVIEWER), order)


def previewed_letter(desk: Desk, register: Register, reference: str, order: LetterOrder) -> Letter:
    """The letter as it would be written now: nothing was written yet, so the trail has nothing."""
    with desk.looking() as act:
        return _drawn_up(act, register, act.request(reference, Role.AGENT, Role.REVIEWER), order)


def mailed_letter(desk: Desk, services: Services, reference: str, order: LetterOrder) -> Letter:
    """The letter, put into the outbox for an address on file, which is never one that only the request names.

    WrongUseError if there is none, or an agent acts for the person.
    """
    with desk.looking() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER)
        proven = proven_identifiers(act.connection, reference, desk.vault)
        at, seen = act.at, request.listed.version
    if request.subject.mandate is not None:
        raise WrongUseError(
            f"{reference}: an agent acts for the person; print the letter, and send it to the agent"
        )
    given = [stored.identifier for stored in proven]
    listed = request.listed
    contacts = contacts_on_file(services, listed.controller, listed.subject, given, at)
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER)
        if request.listed.version != seen:
            raise StaleError(f"{reference} was changed meanwhile; look at it again, then write again")
        target = next((contact for contact in contacts if contact.may_prove(act.at)), None)
        if target is None:
            raise WrongUseError(
                f"{reference}: no address on file is theirs alone, unchanged for two days, and found by a proven "
                "identifier; print the letter, and send it yourself"
            )
        letter = _letter(act, services.register, request, order)
        mail = Mail(target.address, letter.subject, plain_text(letter), letter.language)
        post_mail(act, mail, MailKind.LETTER, reference)
    return letter


def _letter(act: Act, register: Register, request: StoredRequest, order: LetterOrder) -> Letter:
    letter = _drawn_up(act, register, request, order)
    act.note("letter", request, letter_kind=letter.kind.value, language=letter.language)
    return letter


def _drawn_up(act: Act, register: Register, request: StoredRequest, order: LetterOrder) -> Letter:
    controller = known_controller(register, request.listed.controller)
    _refuse_unfit(request, order)
    language = _language(order.language or request.listed.language)
    template = template_of(register.folder, language, order.kind)
    refuse(template_findings(template, {controller.country}))
    part = register_to_show(register, request.listed.subject)
    letter = _written(Matter(act, part, request, language), template, order.given)
    _refuse_too_long(letter)
    return letter


def letter_kind(name: str) -> LetterKind:
    """The kind of that name; WrongUseError for another one."""
    if name not in list(LetterKind):
        raise WrongUseError(f"there is no letter {name!r}; {nearest(name, LetterKind)}")
    return LetterKind(name)


def _written(matter: Matter, template: Template, given: Given) -> Letter:
    language = matter.language
    values = values_of(matter, template.kind, given)
    subject, paragraphs = filled(template, values)
    if values[ON_BEHALF] and not template.names(
        ON_BEHALF
    ):  # a register's own, which thinks of the person alone
        paragraphs = (values[ON_BEHALF], *paragraphs)
    return Letter(
        kind=template.kind,
        language=language,
        sender=sender_lines(matter.controller, language),
        date=long_date(matter.day_of(matter.act.at), language_of_dates(language)),
        reference=matter.reference,
        subject=subject,
        paragraphs=paragraphs,
    )


def _refuse_unfit(request: StoredRequest, order: LetterOrder) -> None:
    listed, kind = request.listed, order.kind
    if listed.state not in _FITS[kind]:
        states = ", ".join(each.value for each in State if each in _FITS[kind])
        raise WrongUseError(f"{listed.reference} is {listed.state}; the letter {kind} is for: {states}")
    if order.given.text is not None and kind not in _WITH_TEXT:
        raise WrongUseError(f"the letter {kind} has no text of its own; leave the text out")
    if order.given.complained is not None and kind not in _WITH_DAY:
        raise WrongUseError("this letter is about no complaint; leave the day out")


def _language(wanted: str) -> str:
    if not has_catalogue(wanted):
        raise WrongUseError(f"no letters in {wanted!r}; choose one of {', '.join(languages())}")
    return wanted


def _refuse_too_long(letter: Letter) -> None:
    """Raises WrongUseError for what could not be drawn whole."""
    if len(letter.subject) > _LONGEST_SUBJECT:
        raise WrongUseError(f"the subject of a letter has at most {_LONGEST_SUBJECT} characters; shorten it")
    for text in letter.paragraphs:
        if len(text) > _LONGEST or text.count("\n") >= _MOST_LINES:
            raise WrongUseError(
                f"a paragraph of a letter has at most {_LONGEST:,} characters and {_MOST_LINES} lines; divide it "
                "by an empty line"
            )
