"""The texts of intake: opening a request, who it is about, and who works here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message

INTAKE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open_request": message("Open a request"),
        "no_agent_anywhere": message(
            "You are an agent of no controller in the register. An administrator gives you the role."
        ),
        "what_arrived": message("What arrived"),
        "right_access": message("Access: all data that is held (Article 15)"),
        "right_portability": message("Portability: data to take elsewhere (Article 20)"),
        "channel_letter": message("by letter"),
        "channel_email": message("by email"),
        "channel_telephone": message("by telephone"),
        "channel_in_person": message("in person"),
        "channel_portal": message("through the portal"),
        "received_when": message(
            "When it arrived, by the clock of the controller that is ticked first; empty for now"
        ),
        "answer_language": message("Language of the answer"),
        "controllers_language": message("the controller's"),
        "language_en": message("English"),
        "language_de": message("German"),
        "language_fr": message("French"),
        "about_whom": message("Whom it is about"),
        "identifiers": message("Identifiers"),
        "rows_hint": message(
            "What the letter says of the person, such as an email address. Empty rows do not count."
        ),
        "identifier_kind": message("Kind of identifier"),
        "identifier_value": message("Value"),
        "kind_of_person": message("Kind of person"),
        "identifiers_decide": message("the identifiers decide"),
        "also_asked": message("What else the letter asks for"),
        "also_hint": message(
            "Write to whom in the organisation you handed it on. Leave empty what the letter does not ask for."
        ),
        "also_correction": message("Correction"),
        "also_erasure": message("Erasure"),
        "also_restriction": message("Restriction"),
        "also_objection": message("Objection"),
        "by_agent": message("If somebody acts for the person"),
        "agent_hint": message("Leave this empty if the person asks themself."),
        "agent": message("Who acts for the person, with the address, and how the authority was shown"),
        "mandate_until": message("Last day of the mandate"),
        "mandate_datasets": message("Datasets that the agent may get; all, if none is ticked"),
        "mandate_covers": message("Datasets that the agent may get"),
        "all_datasets": message("All datasets"),
        "verify": message("Verify by evidence"),
        "evidence_kind": message("Short code of the evidence, such as known_address; it stands in the trail"),
        "evidence_text": message("What you saw, and where it is recorded"),
        "evidence_proves": message("Identifiers that it proves"),
        "send_code": message("Send a code"),
        "send_code_hint": message(
            "If an address of the person is on file, a code goes there, never to an address of the request. The "
            "timeline says what came of it."
        ),
        "verify_by_code": message("Verify by the code that was sent"),
        "code_given": message("The code that the person gave you"),
        "correct": message("Correct whom it is about"),
        "correct_hint": message(
            "These replace all identifiers of the request, which must then be verified anew. Empty rows do not "
            "count."
        ),
        "correct_mandate": message("Correct or add a mandate"),
        "correct_mandate_hint": message(
            "What you leave empty stays as it is. Under other datasets, the request must be collected again."
        ),
        "hand_on": message("Record that something was handed on"),
        "handed_to": message("Contact to whom you handed it on"),
        "identify_person": message("See who is behind the identifiers"),
        "identify_hint": message(
            "This seeks the proven identifiers in the sources, and shows what they lead to, masked. Nothing is "
            "collected; that you looked stands in the trail."
        ),
        "seek": message("Seek them now"),
        "verdict_several": message("Several people are behind these identifiers"),
        "verdict_uncertain": message("One person is behind these identifiers, but collecting would stop"),
        "verdict_one": message("One person is behind these identifiers"),
        "verdict_unclaimed_rows": message(
            "Nobody known is behind these identifiers, but rows are held under them"
        ),
        "verdict_one_without_rows": message(
            "One person is behind these identifiers, but nothing is held under them"
        ),
        "verdict_nobody": message("Nobody is behind these identifiers, and nothing is held under them"),
        "found_from": message("Found from"),
        "found_over": message("By the link"),
        "strength": message("Strength"),
        "choose": message("Choose who it is"),
        "choose_hint": message("Look first who is behind the identifiers: that page lists the candidates."),
        "chosen_keys": message("Key of the person, one a line"),
        "candidates": message("Candidates"),
        "other_requests": message("Other requests"),
        "same_letter": message("Opened by the same letter:"),
        "about_same_person": message("About the same person; each is answered on its own:"),
        "you_typed": message("What you typed"),
        "add_colleague": message("Add a colleague"),
        "colleague_hint": message(
            "Letters, digits, full stop, underscore and hyphen; it stands in the trail. A role follows."
        ),
        "account_number": message("Number of the user account, as id -u prints it"),
        "last_day": message("Last day of the role; empty for no end"),
        "until_day": message("until"),
        "only_datasets": message("The only datasets that a reviewer sees; all, if none is ticked"),
        "own_identifiers": message("State own identifiers"),
        "own_hint": message(
            "What a colleague is known by as a customer: nobody handles a request about themself. Only a keyed "
            "hash of it is kept."
        ),
        "own_rows_hint": message("These replace what was stated; all rows empty take it back."),
    }
)
