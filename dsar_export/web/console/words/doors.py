"""The texts around the doors: a form that waits there, and asking too often."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message

NAMES_OF_DEEDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "note": "write_note",
        "whole": "show_whole",
        "open": "open_request",
        "mandate": "correct_mandate",
        "acknowledge-complaint": "acknowledge",
        "identify": "identify_person",
        "pdf": "as_pdf",
        "mail": "into_outbox",
        "bounced": "note_bounce",
        "add": "add_colleague",
        "own": "own_identifiers",
    }
)
"""What a form is called whose path does not end with the name of its text."""
NAMES_OF_FIELDS: Final[Mapping[str, str]] = MappingProxyType({"assignee": "assigned_to", "first": "record"})
"""The same of a field."""
DOORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "too_often": message("Too many pages in a minute"),
        "too_often_is": message("Nothing was changed. Wait a minute, then go back and try again."),
        "kept_here": message(
            "What you typed is not lost. It waits on this page, and nothing is sent before you see it again."
        ),
        "kept_for_provider": message(
            "Sign in in another tab, then come back to this one, and go on with your form."
        ),
        "go_on": message("Go on with the form"),
        "not_sent_yet": message("Your form was not sent yet"),
        "you_were_about_to": message("You were about to send this form:"),
        "look_at_it": message("Look at it, then send it, or leave it and open its page."),
        "send_it_now": message("Send it now"),
        "leave_it": message("Do not send it, and open the page"),
    }
)
