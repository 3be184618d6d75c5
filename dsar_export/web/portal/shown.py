"""What the pages of a request show, as texts."""

from datetime import datetime
from typing import Any, Final

from dsar_export.language.catalogue import Texts, texts
from dsar_export.language.formats import day, full_date, number
from dsar_export.language.letter_words import (
    due_reason,
    due_words,
    language_of_dates,
    outcome_words,
    right_words,
)
from dsar_export.language.register_words import dataset_titles
from dsar_export.model.complaint import Complaint
from dsar_export.model.outcome import Gap, Outcome
from dsar_export.model.register import Register
from dsar_export.requests.states import HANDED_OUT, State
from dsar_export.use_cases.earlier_requests import NAME as EARLIER_REQUESTS
from dsar_export.use_cases.evidence_outcomes import DraftEvidence
from dsar_export.use_cases.masking import masked
from dsar_export.use_cases.portal_following import Followed
from dsar_export.web.pages import Reader
from dsar_export.web.portal.words.asking import ALSO
from dsar_export.web.portal.words.following import EARLIER, STATES, STEPS

_AT_STEP: Final = {
    State.VERIFIED: 1, State.COLLECTING: 1, State.AMBIGUOUS: 1, State.NOBODY_FOUND: 1, State.FAILED: 1,
    State.IN_REVIEW: 2, State.APPROVED: 3, State.BUILDING: 3, State.AVAILABLE: 4, State.DELIVERED: 4, State.CLOSED: 4,
}  # fmt: skip
"""At which of the steps a request is that goes on; the others have ended without an answer."""


def facts_of(seen: Followed, register: Register, reader: Reader) -> dict[str, Any]:
    """Where it stands, and by when the answer comes."""
    listed, words = seen.request.listed, reader.words
    company = register.organisation.controllers.get(listed.controller)
    ours = dated(words) if company is None else dated(words).under(company.country)
    title, follows = STATES[listed.state]
    unanswered = seen.due is not None and seen.answered_at is None and listed.state not in HANDED_OUT
    at = _AT_STEP.get(listed.state)
    return {
        "state": words.phrase(title),
        "follows": words.phrase(follows),
        "steps": [] if at is None else [(words.phrase(s), n < at, n == at) for n, s in enumerate(STEPS)],
        "rights": [right_words(right, ours) for right in listed.rights],
        "received": _day(listed.received_at, seen, words),
        "due": due_words(seen.due, ours) if unanswered and seen.due is not None else "",
        "reason": due_reason(seen.due, ours) if unanswered and seen.due is not None else "",
        "answered": "" if seen.answered_at is None else _day(seen.answered_at, seen, words),
        "waits": [(f"wait_{pause.ground.value}", _day(pause.since, seen, words)) for pause in seen.waits],
        "contact_shown": "" if seen.proved_at is None else masked(seen.proved_at),
        "complaints": [_complaint(each, seen, words) for each in seen.complaints],
        "written": [(_day(at, seen, words), text.partition("\n")[2]) for at, text in seen.written],
        "passed_on": [words.phrase(ALSO[each.right]) for each in seen.request.subject.handed_on],
        "pending": seen.answered_at is None and not seen.is_decided and at is not None,
    }  # fmt: skip


def dated(words: Texts) -> Texts:
    """The same texts, with dates as they are written where people read this language here."""
    return texts(language_of_dates(words.language))


def content_of(
    found: DraftEvidence, seen: Followed, register: Register, reader: Reader
) -> list[dict[str, Any]]:
    """What is in each package: datasets with counts and periods, and what is not there."""
    words = reader.words
    ours = dated(words).under(register.organisation.controllers[seen.request.listed.controller].country)
    return [
        {
            "right": right_words(counted.right, ours),
            "datasets": [
                _dataset(outcome, register, ours, seen)
                for outcome in counted.outcomes
                if outcome.written + outcome.nonconforming + outcome.withheld
            ],
            "empty": [
                title_of(outcome.dataset, register, ours)
                for outcome in counted.outcomes
                if not outcome.written + outcome.nonconforming + outcome.withheld
            ],
            "gaps": [gap_sentence(gap, register, ours) for gap in counted.gaps],
            "outside": [title_of(name, register, ours) for name in counted.not_covered],
        }
        for counted in found.outcomes
    ]


def _dataset(outcome: Outcome, register: Register, words: Texts, seen: Followed) -> dict[str, str]:
    language = language_of_dates(words.language)
    company = register.organisation.controllers[seen.request.listed.controller]
    first, last = (
        "" if text is None else day(text, language, company.time_zone)
        for text in (outcome.first, outcome.last)
    )
    held = outcome.written + outcome.nonconforming
    return {
        "name": outcome.dataset,
        "title": title_of(outcome.dataset, register, words),
        "count": words.plural("{n} record", "{n} records", held),
        "period": first if first == last else words.phrase("{first} to {last}", first=first, last=last),
        "withheld": ""
        if not outcome.withheld
        else words.phrase("left out, with the reason in the report: {count}", count=number(outcome.withheld, language)),
    }  # fmt: skip


def title_of(dataset: str, register: Register, words: Texts) -> str:
    """What a dataset is called."""
    if dataset == EARLIER_REQUESTS:
        return words.phrase(EARLIER)
    titles = dataset_titles(register, [dataset], words.language)
    return words.phrase(titles[0]) if titles else dataset.replace("_", " ")


def gap_sentence(gap: Gap, register: Register, words: Texts) -> str:
    """What could not be read, and why."""
    named = dict(gap.reason.named)
    reason = words.phrase(gap.reason.text, **named) if named else words.phrase(gap.reason.text)
    if gap.dataset is None:
        return words.phrase("One of our systems: {reason}", reason=reason)
    return words.phrase("{what}: {reason}", what=title_of(gap.dataset, register, words), reason=reason)


def _complaint(complaint: Complaint, seen: Followed, words: Texts) -> dict[str, str]:
    listed = complaint.listed
    return {
        "received": _day(listed.received_at, seen, words),
        "text": complaint.text,
        "answer": complaint.answer or "",
        "outcome": "" if listed.outcome is None else outcome_words(listed.outcome, words),
    }


def _day(at: datetime, seen: Followed, words: Texts) -> str:
    return full_date(at.astimezone(seen.zone).date(), language_of_dates(words.language))
