"""README.txt can be read by anybody, so it must help everybody and reveal nobody."""

from dataclasses import replace

import pytest

from dsar_export.language.catalogue import languages
from dsar_export.model.controller import Controller
from dsar_export.model.package import Document, ReportChoices
from renderers.documents.readme import Readme
from tests.builders import CONTROLLER, contents, dataset_answer

every_language = pytest.mark.parametrize("language", languages())


def _readme(controller: Controller = CONTROLLER, language: str = "en") -> Document:
    notes = dataset_answer("medical_notes", [{"id": "secret-1042"}])
    package = contents(notes, controller=controller, report=ReportChoices(language))
    (document,) = Readme().documents(package, ())
    return document


def _text(controller: Controller = CONTROLLER, language: str = "en") -> str:
    return b"".join(_readme(controller, language).body).decode("ascii")


def _prose() -> str:
    """The English text on one line."""
    return " ".join(_text().split())


def test_it_is_the_only_member_that_is_not_encrypted() -> None:
    document = _readme()

    assert (document.path, document.mediatype, document.encrypted) == ("README.txt", "text/plain", False)


@every_language
def test_it_names_neither_the_person_nor_the_request_nor_the_data(language: str) -> None:
    text = _text(language=language)

    for personal in ("1042", "ada@mail.example", "R-2026", "medical", "login", "2026", "Art. 15"):
        assert personal not in text


@every_language
def test_it_explains_how_to_open_the_package_and_names_every_file(language: str) -> None:
    text = _text(language=language)

    for tool in (
        "7-Zip",
        "https://www.7-zip.org",
        "Keka",
        "https://www.keka.io",
        "7zz x NAME.zip",
        "7z x NAME.zip",
        "bsdtar -xf NAME.zip",
        "Ark",
        "Engrampa",
    ):
        assert tool in text
    for file in (
        "report.pdf",
        "data/json",
        "data/csv",
        "data/schemas",
        "data/nonconforming",
        "datapackage.json",
    ):
        assert f"- {file}" in text
    assert "- data/gdpr-information.jsonld" in text
    assert "?" not in text


def test_it_names_the_programs_that_do_not_help() -> None:
    text = _prose()

    assert [t for t in ("Archive Manager", "Windows Explorer", "Archive Utility") if t not in text] == []
    assert "another channel" in text
    assert "unzip and unar do not open it, even with the right passphrase" in text


def test_it_explains_what_a_mistyped_passphrase_leaves_and_what_to_do() -> None:
    text = _prose()

    assert "some programs then leave files that are empty or full of zeros" in text
    assert "Delete everything that was unpacked, and try again." in text


def test_it_explains_how_to_import_a_table_and_that_a_schema_describes_one_record() -> None:
    text = _prose()

    assert "Import them as UTF-8, separated by commas, and set every column to text" in text
    assert "Each schema describes one record (JSON Schema)" in text


@every_language
def test_no_command_is_broken_across_lines(language: str) -> None:
    text = _text(language=language)

    assert text.count("NAME.zip") == 4
    assert all(f"{command} NAME.zip\r\n" in text for command in ("7zz x", "7z x", "bsdtar -xf"))


def test_it_is_written_in_the_language_of_the_report_in_ascii() -> None:
    german, french = _text(language="de-AT"), _text(language="fr")

    assert german.startswith(
        "SO OEFFNEN SIE DIESES PAKET\r\n\r\nDies ist eine ZIP-Datei, verschluesselt mit AES-256."
    )
    assert french.startswith("COMMENT OUVRIR CE PAQUET\r\n\r\nCeci est un fichier ZIP, chiffre en AES-256.")
    assert 'dann "Entpacken nach", und' in " ".join(german.split())
    assert 'puis "Extraire vers", et' in " ".join(french.split())


def test_no_french_line_begins_with_punctuation() -> None:
    lines = _text(language="fr").split("\r\n")

    assert [line for line in lines if line.lstrip().startswith((":", ";", "?", "!"))] == []


def test_without_a_translation_it_is_english() -> None:
    assert _text(language="nl") == _text()


@every_language
def test_every_line_is_ascii_ends_in_crlf_and_is_at_most_72_wide(language: str) -> None:
    *lines, last = _text(language=language).split("\r\n")

    assert last == ""
    assert not any("\n" in line or "\r" in line for line in lines)
    assert max(map(len, lines)) <= 72


def test_the_name_of_a_controller_in_any_script_and_length_becomes_ascii() -> None:
    named = replace(
        CONTROLLER, name="Société Größe – Łódź\r\n東京 " + "x" * 500, contact="büro@firma.example"
    )

    text = _text(named)

    assert "Societe Grosse - Lodz ?? xxx" in text
    assert "buro@firma.example" in text
    assert "Societe Groesse - Lodz" in _text(named, "de")
    assert max(map(len, text.split("\r\n"))) <= 72


def test_two_people_of_one_controller_get_the_same_text() -> None:
    another = contents(dataset_answer("orders"), email="other@mail.example")

    (document,) = Readme().documents(another, ())

    assert document == _readme()
