"""Templates of letters: the built-in ones are whole, and what is wrong with one of a register is named by its line."""

import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.language.catalogue import languages
from dsar_export.model.letter import PLACEHOLDERS, LetterKind
from dsar_export.model.register import Register
from dsar_export.register.letters import (
    Template,
    filled,
    letter_findings,
    template_findings,
    template_of,
)
from dsar_export.wiring import register_in
from tests.worlds import World

COUNTRIES = {"GB", "FR", "DE"}
QUESTION, REFUSAL = LetterKind.QUESTION, LetterKind.REFUSAL
BUILT_IN = [*product(languages(), LetterKind)]
NOWHERE = Path("no-such-folder")
every_template = pytest.mark.parametrize(("language", "kind"), BUILT_IN)
BREAKABLE = re.compile(r"[^\u00a0\u202f\s/][ ]?[:;?!](?=\s|$)| »|« ")


def placed(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def template(*lines: str, kind: LetterKind = QUESTION) -> Template:
    return Template("letters/en/a.txt", kind, "\n".join(lines))


def found(*lines: str, kind: LetterKind = QUESTION) -> list[tuple[str, str]]:
    return [(f.where, f.key) for f in template_findings(template(*lines, kind=kind), COUNTRIES)]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    World(tmp_path).write([{"text": "one"}])
    return register_in(tmp_path)


def write(register: Register, name: str, text: str | bytes) -> Path:
    path = register.folder / "letters" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# The built-in templates


@every_template
def test_a_built_in_template_says_what_it_must_in_every_country(language: str, kind: LetterKind) -> None:
    assert list(template_findings(template_of(NOWHERE, language, kind), COUNTRIES)) == []


@every_template
def test_a_built_in_template_is_filled_with_every_placeholder(language: str, kind: LetterKind) -> None:
    values = {name: f"<{name}>" for name in PLACEHOLDERS[kind].known}
    made = template_of(NOWHERE, language, kind)
    subject, paragraphs = filled(made, values)
    whole = "\n".join((subject, *paragraphs))
    assert {name for name in values if f"<{name}>" in whole} == placed(made.text)
    assert "{" not in whole
    assert len(paragraphs) > 4


@pytest.mark.parametrize("kind", LetterKind)
def test_the_languages_have_the_same_paragraphs(kind: LetterKind) -> None:
    shapes = {
        tuple(tuple(sorted(placed(part))) for part in template_of(NOWHERE, language, kind).text.split("\n\n"))
        for language in languages()
    }
    assert len(shapes) == 1


@pytest.mark.parametrize("kind", LetterKind)
def test_french_punctuation_has_a_no_break_space_before_it(kind: LetterKind) -> None:
    assert BREAKABLE.findall(template_of(NOWHERE, "fr", kind).text) == []


@pytest.mark.parametrize("kind", LetterKind)
def test_german_speaks_to_the_person_politely_and_begins_small_after_the_greeting(kind: LetterKind) -> None:
    text = template_of(NOWHERE, "de", kind).text
    assert re.search(r"\b(Sie|Ihre?)\b", text)
    assert re.search(r"\b(du|dein|dir|euch)\b", text) is None
    first = text.split("\n\n")[2]
    assert first.startswith("Ihr") or first[0].islower()


# A register's own


def test_a_register_replaces_a_template_and_no_other(register: Register) -> None:
    write(register, "de/question.txt", "\ufeffEine Frage\r\n\r\n{question}\r\n\r\n{time_limit}")
    own = template_of(register.folder, "de-AT", QUESTION)
    assert filled(own, {"question": "Wann?", "time_limit": "Bald."}) == ("Eine Frage", ("Wann?", "Bald."))
    assert list(letter_findings(register)) == []
    assert "Hello" in template_of(register.folder, "en", QUESTION).text


@pytest.mark.parametrize(
    ("lines", "where", "key", "words"),
    [
        (("", "", "{question} {time_limit}"), 1, "subject", "the first line is empty"),
        (("{question} {time_limit}",), 1, "paragraphs", "no text below the subject"),
        (("S", "", "{question}", "{time_limits}", "{time_limit}"), 4, "time_limits", "nearest valid name: time_lim"),
        (("S", "{question} {time_limit}", "{due}"), 3, "due", "is nothing that this letter has"),
        (("S", "{question}"), 2, "time_limit", "{time_limit} is missing"),
        (("S {question} {time_limit}", "x", "{authority.name}"), 3, "braces", "one looks like {received}"),
        (("S {question} {time_limit}", "x", "{question!r}"), 3, "braces", "belongs to no placeholder"),
        (("S {question} {time_limit}", "x", "{question:>99}"), 3, "braces", "belongs to no placeholder"),
        (("S {question} {time_limit}", "x", "{question[0]}"), 3, "braces", "belongs to no placeholder"),
        (("S {question} {time_limit}", "x", "{}"), 3, "braces", "belongs to no placeholder"),
        (("S {question} {time_limit}", "x", "{0}"), 3, "braces", "belongs to no placeholder"),
        (("S {question} {time_limit}", "x", "{{question}}"), 3, "braces", "belongs to no placeholder"),
        (("S {question} {time_limit}", "x", "{ question }"), 3, "braces", "belongs to no placeholder"),
        (("S {question} {time_limit}", "x", "{Question}"), 3, "braces", "in small letters"),
        (("S {question} {time_limit}", "x", "open {"), 3, "braces", "belongs to no placeholder"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_file_and_line(
    lines: tuple[str, ...], where: int, key: str, words: str
) -> None:
    (finding,) = template_findings(template(*lines), COUNTRIES)
    assert (finding.where, finding.key, finding.warning) == (f"letters/en/a.txt:{where}", key, False)
    assert words in finding.problem


@pytest.mark.parametrize(
    ("kind", "missing"),
    [(kind, name) for kind in LetterKind for name in sorted(PLACEHOLDERS[kind].needed)],
)
def test_a_letter_without_what_it_needs_is_refused(kind: LetterKind, missing: str) -> None:
    needed = PLACEHOLDERS[kind].needed | {"complaint_to_us"}
    body = " ".join(f"{{{name}}}" for name in sorted(needed - {missing}))
    assert found("Subject", body, kind=kind) == [("letters/en/a.txt:2", missing)]


def test_a_british_refusal_names_the_complaint_to_the_controller_first() -> None:
    body = "{reason} {authority} {authority_url} {court}"
    refusal = template("Subject", body, kind=REFUSAL)
    assert [f.key for f in template_findings(refusal, {"DE", "gb"})] == ["complaint_to_us"]
    assert list(template_findings(refusal, {"DE", "FR"})) == []


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        ("nl/question.txt", "nl", "no letters are written in this language"),
        ("de-AT/question.txt", "de-AT", "nearest valid name: de"),
        ("question.txt", "letters", "no letters are written in this language"),
        ("de/old/question.txt", "old", "no letters are written in this language"),
        ("de/refusals.txt", "refusals", "nearest valid name: refusal"),
    ],
)
def test_a_file_that_nobody_would_read_is_found(name: str, key: str, words: str, register: Register) -> None:
    path = write(register, name, "Subject\n\n{question} {time_limit}")
    (finding,) = letter_findings(register)
    assert (finding.where, finding.key) == (str(path), key)
    assert words in finding.problem


def test_a_file_that_is_not_utf_8_is_found_and_refused(register: Register) -> None:
    path = write(register, "de/question.txt", "Gr\u00fc\u00dfe".encode("latin-1"))
    (finding,) = letter_findings(register)
    assert (finding.where, finding.problem) == (str(path), "not UTF-8; save it in UTF-8")
    with pytest.raises(RegisterError, match=r"question\.txt: not UTF-8"):
        template_of(register.folder, "de", QUESTION)


def test_a_registers_templates_are_judged_for_all_its_controllers(register: Register) -> None:
    write(register, "en/refusal.txt", "Subject\n\n{reason} {authority} {authority_url} {court}")
    assert [f.key for f in letter_findings(register)] == ["complaint_to_us"]
    org = register.organisation
    german = replace(org.controllers["acme"], country="DE")
    elsewhere = replace(register, organisation=replace(org, controllers={"acme": german}))
    assert list(letter_findings(elsewhere)) == []


# Filling


def test_what_is_filled_in_is_never_read_as_a_template() -> None:
    values = {"question": "{time_limit} {authority.__class__} %s $x", "time_limit": "soon"}
    subject, paragraphs = filled(template("On {question}", "", "{question} and {time_limit}"), values)
    assert subject == "On {time_limit} {authority.__class__} %s $x"
    assert paragraphs == ("{time_limit} {authority.__class__} %s $x and soon",)


def test_nothing_in_a_template_is_evaluated_even_if_nobody_has_checked_it() -> None:
    text = "{question.__class__} {question!r} {question:>9} {0} {{question}}"
    assert filled(template("S", "", text), {"question": "q"}) == ("S", (text.replace("{question}", "q"),))


def test_a_paragraph_about_something_that_is_empty_is_left_out() -> None:
    made = template("S", "", "first", "", "before {time_limit} after", "", "{question}")
    assert filled(made, {"question": "q", "time_limit": " \n"}) == ("S", ("first", "q"))


def test_lines_stay_and_empty_lines_in_a_value_begin_a_new_paragraph() -> None:
    made = template("S", "", "", "{question}", "\t", "Kind regards  ", "Acme", "")
    _, paragraphs = filled(made, {"question": "\r\none\r\ntwo\n \n\nthree\n"})
    assert paragraphs == ("one\ntwo", "three", "Kind regards\nAcme")


def test_nothing_in_a_value_steers_a_terminal_or_a_mail() -> None:
    value = "a\x1b[31mb\x07\x00c\td\ud800\u2028Bcc: e\r\nf"
    subject, paragraphs = filled(template("S {question}", "", "{question}"), {"question": value})
    assert subject == "S a[31mbc d Bcc: e f"
    assert paragraphs == ("a[31mbc d\nBcc: e\nf",)
