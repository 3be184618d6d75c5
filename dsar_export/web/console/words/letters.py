"""Texts of letters, complaints, evidence, mail and the review."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message

LETTERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "write_letter": message("Write a letter"),
        "letter": message("Letter"),
        "which_letter": message("Which letter"),
        "letter_language": message("Language of the letter"),
        "as_request": message("That of the request"),
        "letter_text": message(
            "Your question, or the reason in words for the person, if this letter has one"
        ),
        "letter_day": message("Day on which a complaint arrived, if it is about one"),
        "show_letter": message("Show the letter"),
        "preview": message("As it would be sent"),
        "preview_is": message(
            "Nothing was written yet. That somebody takes it as PDF, or sends it, stands in the trail."
        ),
        "as_pdf": message("Download as PDF"),
        "into_outbox": message("Put into the outbox"),
        "into_outbox_is": message(
            "It goes to an address on file that is theirs alone, never to one that only the request names."
        ),
        "not_written": message("This letter was not written"),
        "complaints": message("Complaints"),
        "complaint": message("Complaint"),
        "complain": message("Record a complaint"),
        "complaint_text": message("What the person wrote, or said in substance"),
        "complaint_received": message("Received on (now, if empty)"),
        "acknowledge": message("Record an acknowledgement"),
        "acknowledged_on": message("Sent on (now, if empty)"),
        "answer_complaint": message("Answer a complaint"),
        "complaint_outcome": message("Outcome"),
        "complaint_reasons": message("Reasons, in words for the person"),
        "answered_by": message("Answered by"),
        "may_answer": message("May answer"),
        "nobody_answers": message("nobody left: add an agent or a reviewer"),
        "answered": message("answered"),
        "answer_soon": message("answer without undue delay"),
        "acknowledge_soon": message("acknowledge and answer without undue delay"),
        "acknowledge_by": message("acknowledge or answer by {day}"),
        "evidence": message("Evidence file"),
        "evidence_is": message(
            "What an authority asks for: staff have pseudonyms, and nothing is in it about the "
            "person. That you took it stands in the trail."
        ),
        "evidence_format": message("Form of the file"),
        "as_text": message("Text to read"),
        "as_json": message("JSON for programs"),
        "take_evidence": message("Download the evidence file"),
        "mail": message("Outbox"),
        "mail_is": message(
            "It shows no text and no address. Workers, or `dsar-export mail send`, send what waits; "
            "what came back is written again as a letter."
        ),
        "mail_waits": message("Waiting"),
        "mail_to_look_at": message("Not sent, or only perhaps"),
        "mail_left_off": message("Older ones that are not shown"),
        "mail_kind": message("Kind"),
        "mail_queued": message("In the outbox since"),
        "mail_attempts": message("Attempts"),
        "mail_number": message("Number of the mail"),
        "note_bounce": message("Note that a mail came back"),
        "notification": message(
            "The source of the notification, as the mail program saves it; nothing else of it is kept"
        ),
        "tried_once_more": message("{state}, tried once more"),
        "is_unread": message("could not be read"),
        "is_undecided": message("has something undecided"),
        "not_covered": message("Outside the agent's mandate, so neither collected nor sent"),
        "nothing_blocks": message("Nothing blocks the release."),
        "promises": message("What the privacy notice promises"),
        "promise": message("Promise"),
        "promise_answer": message("In this Draft"),
        "of_records": message("{first} to {last} of {all} records, page {page} of {pages}"),
        "jump": message("Go to record"),
        "rows_beside": message("Rows kept beside, as they do not fit the schema"),
        "row": message("Row"),
    }
)
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "en": message("English"),
        "de": message("German"),
        "fr": message("French"),
    }
)
"""By the tag."""
