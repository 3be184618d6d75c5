"""Texts of schemas that are made: those of the register are translated as the register's, all others by catalogues."""

from pathlib import Path

import pytest

from dsar_export.language.catalogue import texts
from dsar_export.language.made_words import OF_DATASET, OF_FIELD, readable
from dsar_export.language.register_words import (
    dataset_titles,
    register_translator,
    schema_translator,
    words_of,
)
from dsar_export.model.register import Register
from dsar_export.model.words import Translated
from tests.described import KEY, described_by_itself
from tests.shops import Shop

GERMAN = {
    "Seen at": "Gesehen am",
    "Open": "Offen",
    "Given name": "FALSCH",
    OF_FIELD: "FALSCH",
    "Notes": "Notizen",
}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("first_name", "First name"),
        ("FirstName", "First name"),
        ("firstName", "First name"),
        ("IBAN", "IBAN"),
        ("customer IBAN", "Customer IBAN"),
        ("x", "X"),
        ("_", "_"),
        ("größe_in_cm", "Größe in cm"),
    ],
)
def test_a_name_becomes_a_title(name: str, title: str) -> None:
    assert readable(name) == title


def register(tmp_path: Path, stated: str) -> Register:
    """Notes of which the register describes two fields, with German translations."""
    made = Shop(tmp_path / "register")
    fields = {
        "given_name": "",
        "seen_at": '{ column = "seen_at", type = "date-time", nullable = true, origin = "observed" }',
        "state": '{ column = "state", nullable = false, origin = "observed", meanings = { o = "Open" } }',
    }
    made.dataset("notes", KEY, fields)
    described_by_itself(made, "notes", stated)
    made.write()
    (made.folder / "translations").mkdir()
    lines = [f'msgid "{text}"\nmsgstr "{german}"\n' for text, german in GERMAN.items()]
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    (made.folder / "translations" / "de.po").write_text("\n".join([header, *lines]), encoding="utf-8")
    return made.services.register


def test_titles_from_names_and_meanings_are_words_of_the_register(tmp_path: Path) -> None:
    words = words_of(register(tmp_path, 'origin = "provided"'))
    assert words["Notes"] == ["datasets/notes.toml: title"]
    assert words["Seen at"] == ["datasets/notes.toml: fields.seen_at.title"]
    assert words["Open"] == ["datasets/notes.toml: fields.state.meanings.o"]
    assert not {OF_FIELD, OF_DATASET} & set(words)


@pytest.mark.parametrize("stated", ['origin = "provided"', 'schema = "profile"'])
def test_only_what_the_register_describes_is_translated_as_its_own(tmp_path: Path, stated: str) -> None:
    made = register(tmp_path, stated)
    translate = register_translator(made, "de")
    assert translate is not None
    own = schema_translator(made, made.datasets[0], translate)
    assert (own("Seen at"), own("Open")) == ("Gesehen am", "Offen")
    assert not isinstance(own(OF_FIELD), Translated)
    assert own("Given name") == ("FALSCH" if stated.startswith("origin") else "Given name")


def test_a_dataset_is_called_by_its_name_if_nothing_else_names_it(tmp_path: Path) -> None:
    made = register(tmp_path, 'origin = "provided"')
    assert dataset_titles(made, ["notes"], "en") == ["Notes"]
    assert dataset_titles(made, ["notes"], "de") == ["Notizen"]


@pytest.mark.parametrize("language", ["de", "fr"])
def test_what_is_shown_instead_of_a_description_is_translated(language: str) -> None:
    assert texts(language).phrase(OF_FIELD) != OF_FIELD
    assert texts(language).phrase(OF_DATASET) != OF_DATASET
