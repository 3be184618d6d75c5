"""One request on one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import DraftUnreadableError, SourceUnreadableError, WrongUseError
from dsar_export.language.catalogue import Texts, texts
from dsar_export.language.due_dates import due_sentence
from dsar_export.language.formats import full_date, number
from dsar_export.language.letter_words import language_of_dates
from dsar_export.language.register_words import register_translator
from dsar_export.language.zones import moment_text
from dsar_export.model.clock import DueDate, Ground, StepKind
from dsar_export.model.complaint import ComplaintOutcome
from dsar_export.model.intake import Channel
from dsar_export.model.people import Role
from dsar_export.model.refusal import grounds_on
from dsar_export.model.register import Register
from dsar_export.requests.states import ENDED
from dsar_export.requests.times import moment
from dsar_export.requests.trail import Entry
from dsar_export.use_cases.audit import entries_about
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.due import UNANSWERED, due_of, may_extend
from dsar_export.use_cases.evidence_timeline import SHOWN_DETAILS
from dsar_export.use_cases.look_up import RequestFile, is_overdue, request_file
from dsar_export.use_cases.masking import masked
from dsar_export.use_cases.possible_now import beside_now, possible_now
from dsar_export.use_cases.review import Review, review
from dsar_export.use_cases.same_person import same_person
from dsar_export.use_cases.staff import colleagues_at, own_roles
from dsar_export.web.console.complaints_shown import complaint_rows
from dsar_export.web.console.intake_fields import IntakeChoices, choices_of
from dsar_export.web.console.rendering import Console, Page, status_of
from dsar_export.web.console.typed import NOTHING_TYPED, Typed
from dsar_export.web.console.words.wording import Wording
from dsar_export.web.console.work_shown import WorkSeen, see_work, work_facts
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed

OF_REQUEST: Final = frozenset({Role.AGENT, Role.REVIEWER, Role.AUDITOR})
_WAITING: Final = frozenset({StepKind.AWAITED, StepKind.STANDING})
_SHOWN: Final = SHOWN_DETAILS | {"assignee", "since"}


@dataclass(frozen=True)
class Seen:
    """What the page needs, read in one go."""

    file: RequestFile
    due: DueDate | None
    entries: tuple[Entry, ...]
    review: Review | None
    """None without a Draft that can be read."""
    colleagues: tuple[str, ...]
    work: WorkSeen
    roles: frozenset[Role]
    """Those that the reader has at the request's controller."""
    choices: IntakeChoices
    may_be_extended: bool
    same_person: tuple[str, ...]
    """Other requests about the same person."""
    register: Register


def one_routes(console: Console, rules: Mapping[str, Rule]) -> tuple[Route, ...]:
    """The page of a request; by the rules of what staff do, it offers what the reader may do."""
    path = f"{console.base}/requests/{{reference}}"
    return (Route(path, "GET", OnePages(console, rules).page, Rule(OF_REQUEST, of_request=True)),)


@dataclass(frozen=True)
class OnePages:
    """Shows a request, perhaps with what a form could not do."""

    console: Console
    rules: Mapping[str, Rule]

    async def page(self, request: Request, signed: Signed) -> Response:
        """GET /requests/REFERENCE"""
        return await self.shown(request, signed)

    async def shown(
        self,
        request: Request,
        signed: Signed,
        error: WrongUseError | SourceUnreadableError | None = None,
        typed: Typed = NOTHING_TYPED,
    ) -> Response:
        """The page; after an error with what was typed, so that nothing of it is lost."""
        reference = request.path_params["reference"]
        place, words = self.console.place, self.console.words(request)
        try:
            seen = await place.threads.look(lambda: see(signed.desk, place.register(), reference))
        except WrongUseError:
            return self.console.missing(request, signed)
        status, wording = HTTPStatus.OK if error is None else status_of(error), Wording(words)
        return self.console.render(
            "one.html",
            Page(request, signed, reference, status, follows=seen.work.standing.goes_on),
            path=f"{self.console.base}/requests/{reference}",
            error=None if error is None else str(error),
            typed=typed,
            grounds=[
                (code, wording.term("refusals", code)) for code in grounds_on(signed.desk.clock().date())
            ],
            waits=[(ground.value, wording.term("waits", ground)) for ground in Ground],
            **facts_of(seen, words),
            complaints=complaint_rows(seen.file, wording, signed.desk.person.name),
            **work_facts(seen.work, seen.file, words),
            opener=place.opener is not None,
            **self._offered(seen),
            **_choices(wording),
        )

    def _offered(self, seen: Seen) -> Mapping[str, object]:
        """What is possible now, and `may(name)`: whether the reader's roles allow it."""

        def may(name: str) -> bool:
            return name in self.rules and bool(self.rules[name].roles & seen.roles)

        return {"possible": {name for name in possible_for(seen) if may(name)}, "may": may}


def see(desk: Desk, register: Register, reference: str) -> Seen:
    """The request; WrongUseError if it does not exist or is another controller's."""
    file = request_file(desk, reference, register)
    listed = file.request.listed
    known = listed.controller in register.organisation.controllers
    due = due_of(desk, register, reference) if known and listed.state not in ENDED else None
    return Seen(
        file,
        due,
        entries_about(desk, reference),
        _review(desk, register, reference),
        colleagues_at(desk, listed.controller),
        see_work(desk, reference),
        own_roles(desk, listed.controller),
        choices_of(register, (listed.controller,)),
        due is not None and may_extend(desk, register, reference),
        same_person(desk, reference),
        register,
    )


def _review(desk: Desk, register: Register, reference: str) -> Review | None:
    try:
        return review(desk, register, reference)
    except (WrongUseError, DraftUnreadableError):
        return None


def possible_for(seen: Seen) -> set[str]:
    """What may be done with the request as it stands, by anybody."""
    listed = seen.file.request.listed
    possible = {*possible_now(listed), *beside_now(listed), "note", "assign"}
    if listed.state in UNANSWERED:
        waits = seen.due is not None and any(step.kind in _WAITING for step in seen.due.steps)
        possible |= {"resume" if waits else "pause"} | ({"extend"} if seen.may_be_extended else set())
    return possible | {"reissue"} if "renew" in possible else possible


def facts_of(seen: Seen, words: Texts) -> dict[str, Any]:
    """What the template shows, as texts."""
    file, listed, language = seen.file, seen.file.request.listed, language_of_dates(words.language)
    wording = Wording(words)
    sentences = () if seen.due is None else (due_sentence(step, texts(language)) for step in seen.due.steps)
    return {
        "request": listed,
        "rights": wording.terms("rights", ",".join(listed.rights)),
        "received": moment_text(listed.received_at, file.zone),
        "due": "" if seen.due is None else full_date(seen.due.day, language),
        "overdue": is_overdue(listed, seen.due, file.answered_at),
        "sentences": list(sentences),
        "identifiers": [
            (i.identifier.kind, masked(i.identifier.value), i.proven_by) for i in file.identifiers
        ],
        "verified_at": listed.verified_at and moment_text(listed.verified_at, file.zone),
        "outcomes": _outcomes(seen, language),
        "gaps": []
        if seen.review is None
        else [(g.dataset or g.source, wording.reason(g.reason)) for g in seen.review.ledger.gaps],
        "blockers": [] if seen.review is None else list(seen.review.blockers),
        "packages": file.packages,
        "mails": file.unsent_mails,
        "nothing_blocks": seen.review is not None and not seen.review.open_blockers,
        "promises": [] if seen.review is None else _promises(seen.register, seen.review, wording),
        "not_covered": () if seen.review is None else seen.review.not_covered,
        "notes": [(n.by, moment_text(n.at, file.zone), n.text) for n in file.notes],
        "decisions": [
            (wording.term("decisions", d.kind), d.by, moment_text(d.at, file.zone), d.reason)
            for d in file.decisions
        ],
        "timeline": [_event(entry, file, wording) for entry in seen.entries],
        "colleagues": seen.colleagues,
        "choices": seen.choices,
        "linked": file.linked,
        "same_person": seen.same_person,
        "to_prove": list(dict.fromkeys(i.identifier.kind for i in file.identifiers)),
    }


def _choices(wording: Wording) -> dict[str, Any]:
    """What forms offer in every state."""
    outcomes = [(each.value, wording.term("complaint_outcomes", each)) for each in ComplaintOutcome]
    return {
        "all_channels": [(each.value, wording.term("channels", each)) for each in Channel],
        "all_complaint_outcomes": outcomes,
    }


def _promises(register: Register, found: Review, wording: Wording) -> list[tuple[str, str]]:
    """What the privacy notice promises, in the register's words for the reader, and what the Draft has of it."""
    translate = register_translator(register, wording.words.language) or str
    return [(translate(promise.text), wording.term("answers", answer)) for promise, answer in found.promises]


def _outcomes(seen: Seen, language: str) -> list[tuple[str, str]]:
    if seen.review is None:
        return []
    return [(name, number(entry.tally.read, language)) for name, entry in seen.review.ledger.datasets.items()]


def _event(entry: Entry, file: RequestFile, wording: Wording) -> tuple[str, str, str, str]:
    """When, who, what, and the details that name nobody."""
    values = entry.values
    at = moment_text(moment(int(str(values["at"]))), file.zone)
    details = ", ".join(wording.details(entry, file.zone, _SHOWN))
    return at, str(values["actor"]), wording.term("actions", str(values["action"])), details
