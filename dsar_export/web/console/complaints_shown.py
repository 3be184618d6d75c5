"""Complaints about a request as its page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dsar_export.language.formats import full_date
from dsar_export.language.letter_words import language_of_dates
from dsar_export.language.zones import moment_text
from dsar_export.use_cases.complaining import WaitingComplaint
from dsar_export.use_cases.look_up import RequestFile
from dsar_export.web.console.words.letters import LETTERS
from dsar_export.web.console.words.wording import Wording


@dataclass(frozen=True)
class ComplaintRow:
    """One complaint with its texts, and what is still to be done."""

    number: int
    received: str
    channel: str
    by: str
    to_do: str
    overdue: bool
    is_open: bool
    waits: bool
    """For an acknowledgement."""
    may_answer: str
    is_the_readers: bool
    """Whether the reader may answer it."""
    text: str = field(repr=False)
    answered: str
    """By whom and when; empty without an answer."""
    answer: str = field(repr=False)


def complaint_rows(file: RequestFile, wording: Wording, reader: str) -> Sequence[ComplaintRow]:
    """All complaints, in their order."""
    found = []
    for complaint, waiting in file.complaints:
        listed = waiting.listed
        answered = ""
        if listed.answered_at is not None:
            answered = f"{listed.answered_by}, {moment_text(listed.answered_at, file.zone)}"
        found.append(
            ComplaintRow(
                listed.number,
                moment_text(listed.received_at, file.zone),
                wording.term("channels", listed.channel),
                listed.by,
                _to_do(waiting, wording),
                waiting.overdue,
                listed.is_open,
                listed.waits_for_acknowledgement,
                ", ".join(waiting.may_answer),
                reader in waiting.may_answer,
                complaint.text,
                answered,
                complaint.answer or "",
            )
        )
    return found


def _to_do(complaint: WaitingComplaint, wording: Wording) -> str:
    """What the person still waits for, and until when that is in time."""
    listed, phrase = complaint.listed, wording.words.phrase
    if listed.outcome is not None:
        return wording.term("complaint_outcomes", listed.outcome)
    if not listed.is_open:
        return phrase(LETTERS["answered"])
    if not listed.waits_for_acknowledgement:
        return phrase(LETTERS["answer_soon"])
    if complaint.acknowledge_by is None:
        return phrase(LETTERS["acknowledge_soon"])
    day = full_date(complaint.acknowledge_by, language_of_dates(wording.words.language))
    return phrase(LETTERS["acknowledge_by"], day=day)
