"""Every code of the console has a text in every language, and every name in the trail has one."""

import ast
import re
from enum import StrEnum
from pathlib import Path

import pytest

import dsar_export.use_cases
import dsar_export.web.console
from dsar_export.language.catalogue import texts
from dsar_export.model.clock import Ground
from dsar_export.model.complaint import ComplaintOutcome
from dsar_export.model.decision import DecisionKind
from dsar_export.model.inbox import Why
from dsar_export.model.intake import Channel, FurtherRight
from dsar_export.model.left_out import LeftOutReason
from dsar_export.model.letter import LetterKind
from dsar_export.model.mail import MailKind, MailState
from dsar_export.model.outcome import Answer
from dsar_export.model.people import Role
from dsar_export.model.refusal import refusal_grounds
from dsar_export.model.request import Right
from dsar_export.model.work import Task
from dsar_export.requests.states import Action, State
from dsar_export.requests.trail import Fault, is_code
from dsar_export.use_cases.evidence_timeline import SHOWN_DETAILS
from dsar_export.use_cases.figures_csv import COLUMNS
from dsar_export.use_cases.prove import AUTHENTICATED
from dsar_export.web.console.words.named import console_texts
from dsar_export.web.console.words.wording import TERMS, VALUES, Wording

LANGUAGES = ("en", "de", "fr")
FOLDER = Path(dsar_export.use_cases.__path__[0])
WRITERS = {"note": 0, "append": 0, "_note": 2, "_refuse": 3, "_put": 3, "Happening": 2}
"""What writes to the trail, and which of its arguments is the name of the action."""
CODES: list[tuple[str, type[StrEnum]]] = [
    ("states", State),
    ("channels", Channel),
    ("roles", Role),
    ("rights", Right),
    ("rights", FurtherRight),
    ("waits", Ground),
    ("decisions", DecisionKind),
    ("whys", Why),
    ("answers", Answer),
    ("left_out", LeftOutReason),
    ("complaint_outcomes", ComplaintOutcome),
    ("mail_kinds", MailKind),
    ("mail_states", MailState),
    ("letter_kinds", LetterKind),
    ("steps", Task),
    ("faults", Fault),
    ("actions", Action),
]


def actions_written() -> set[str]:
    """The names of actions in the sources of the use cases."""
    found = set()
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                function = node.func
                name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
                place = WRITERS.get(name)
                if place is not None and len(node.args) > place:
                    action = node.args[place]
                    if isinstance(action, ast.Constant) and is_code(str(action.value)):
                        found.add(str(action.value))
    return found


@pytest.mark.parametrize(("kind", "codes"), CODES)
def test_each_code_has_a_text(kind: str, codes: type[StrEnum]) -> None:
    assert [code.value for code in codes if code.value not in TERMS[kind]] == []


def test_each_action_of_the_trail_has_a_text() -> None:
    found = actions_written()
    assert {"letter", "queue_mail", "propose_refusal", "make_account", "upgrade_database"} <= found
    assert sorted(found - TERMS["actions"].keys()) == []


def test_each_detail_that_is_shown_has_a_text() -> None:
    shown = SHOWN_DETAILS | VALUES.keys() | {"person", "assignee", "since", "until", "contact", "values"}
    assert sorted(shown - TERMS["details"].keys()) == []


def test_each_ground_and_proof_and_figure_has_a_text() -> None:
    assert sorted(ground.code for ground in refusal_grounds() if ground.code not in TERMS["refusals"]) == []
    assert AUTHENTICATED - TERMS["proofs"].keys() == set()
    named = console_texts(texts("en"))
    assert [name for name in COLUMNS if name not in named] == []


def test_grounds_are_worded_as_the_law_file_words_them() -> None:
    assert {g.code: g.means for g in refusal_grounds()} == dict(TERMS["refusals"])


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_text_stays_english(language: str) -> None:
    words = texts(language)
    every = {text for kind in TERMS.values() for text in kind.values()}
    english = {text for text in every if words.phrase(text) == text}
    assert english == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_of_somebody_else_stays_as_it_is(language: str) -> None:
    assert Wording(texts(language)).term("proofs", "known_address") == "known address"


def test_each_text_that_a_page_names_exists() -> None:
    templates = Path(dsar_export.web.console.__path__[0]) / "templates"
    named = console_texts(texts("en"))
    asked = {
        name
        for file in templates.rglob("*.html")
        for name in re.findall(r"\bw\.(?!get\()([a-z_]+)", file.read_text(encoding="utf-8"))
    }
    assert sorted(asked - named.keys()) == []
