"""README.txt can be read by anybody, so it must help everybody and tell of nobody."""

from dataclasses import replace

from dsar_export.model.package import Document
from dsar_export.model.register import Controller
from renderers.readme import Readme
from tests.builders import CONTROLLER, contents, dataset_answer


def _readme(controller: Controller = CONTROLLER) -> Document:
    of_a_person = contents(dataset_answer("medical_notes", [{"id": "secret-1042"}]), controller=controller)
    (document,) = Readme().documents(of_a_person, ())
    return document


def test_it_is_the_one_member_that_is_not_encrypted() -> None:
    document = _readme()

    assert (document.path, document.mediatype, document.encrypted) == ("README.txt", "text/plain", False)


def test_it_names_neither_the_person_nor_the_request_nor_what_is_held() -> None:
    text = _readme().body.decode()

    for personal in ("1042", "ada@mail.example", "R-2026", "medical", "login", "2026", "Art. 15"):
        assert personal not in text


def test_it_says_how_to_open_the_package_on_each_system() -> None:
    text = _readme().body.decode()

    for tool in ("7-Zip", "Keka", "7z x", "bsdtar", "Archive Manager", "Windows Explorer", "Archive Utility"):
        assert tool in text
    assert "another channel" in text


def test_every_line_is_ascii_ends_in_crlf_and_is_at_most_72_wide() -> None:
    *lines, last = _readme().body.decode("ascii").split("\r\n")

    assert last == ""
    assert not any("\n" in line or "\r" in line for line in lines)
    assert max(map(len, lines)) <= 72


def test_a_controller_of_any_script_and_length_is_told_in_ascii() -> None:
    named = replace(
        CONTROLLER, name="Société Größe – Łódź\r\n東京 " + "x" * 500, contact="büro@firma.example"
    )

    text = _readme(named).body.decode("ascii")

    assert "Societe Grosse - Lodz ?? xxx" in text
    assert "buro@firma.example" in text
    assert max(map(len, text.split("\r\n"))) <= 72


def test_two_people_of_one_controller_get_the_same_text() -> None:
    another = contents(dataset_answer("orders"), email="other@mail.example")

    (document,) = Readme().documents(another, ())

    assert document == _readme()
