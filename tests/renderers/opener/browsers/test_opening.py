"""A package is opened, or the page shows exactly what is wrong with it, in every browser."""

from pathlib import Path
from zipfile import ZipFile

import pytest
import pyzipper

from tests.conformance.unpacked import package
from tests.inspection.tampering import data_range, flipped, reseal
from tests.renderers.opener.browsers.browser import text_of
from tests.renderers.opener.browsers.reader import Reader
from tests.worlds import PASSPHRASE, open_package

ORDERS_CSV, ORDERS_JSON = "data/csv/orders.csv", "data/json/orders.json"
COMPLETE = "Complete and unchanged"
INCOMPLETE = "Not complete or not unchanged"


def findings(reader: Reader) -> set[tuple[str, str]]:
    """Every problem that the first page names: its kind and its file."""
    found = reader.browser.evaluate(
        "[...document.querySelectorAll('[data-finding]')]"
        ".map((each) => [each.dataset.finding, each.querySelector('bdi').textContent])"
    )
    assert isinstance(found, list)
    return {(kind, file) for kind, file in found}


def test_the_right_passphrase_shows_who_answered_whom_and_what_is_here(reader: Reader) -> None:
    shown = reader.opens(package("demo"))
    assert COMPLETE in shown
    for text in ("Acme Outdoor Ltd", "Access to your data", "alex.fielding@example.org", "Your orders"):
        assert text in shown
    with ZipFile(package("demo")) as archive:
        assert f"All {len(archive.namelist())} files are exactly as they were sent." in shown


@pytest.mark.one_browser
def test_from_a_server_it_opens_as_from_a_disk(reader: Reader, served: str) -> None:
    assert COMPLETE in reader.opens(package("nothing_held"), address=served)


@pytest.mark.one_browser
@pytest.mark.parametrize(
    "change",
    [
        lambda words: f" {words.replace('-', ' ').upper()} ",
        *(
            pytest.param(each, marks=pytest.mark.long)
            for each in (str.upper, lambda words: words.replace("-", " "))
        ),
    ],
)
def test_capitals_and_spaces_are_forgiven(reader: Reader, change: object) -> None:
    assert callable(change)
    assert COMPLETE in reader.opens(package("nothing_held"), change(PASSPHRASE))


def test_a_wrong_passphrase_is_recognised_and_leaves_nothing(reader: Reader) -> None:
    reader.comes().tries(package("demo"), "eight-words-of-another-list-at-all-ever")
    assert "This passphrase does not open this file." in reader.refused()
    assert "Acme" not in reader.reads()
    reader.browser.type("textbox", "Passphrase", PASSPHRASE)
    reader.browser.press("Escape", "Enter")
    assert COMPLETE in reader.checked()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        (ORDERS_JSON, "middle"),
        pytest.param(ORDERS_CSV, "salt", marks=pytest.mark.long),
        pytest.param(ORDERS_CSV, "authentication", marks=pytest.mark.long),
    ],
)
def test_a_changed_byte_is_reported_with_its_file(
    reader: Reader, folder: Path, name: str, place: str
) -> None:
    start, end = data_range(package("demo"), name)
    at = {"salt": start, "middle": (start + end) // 2}.get(place, end - 1)
    changed = folder / "changed.zip"
    changed.write_bytes(flipped(package("demo"), at))
    shown = reader.opens(changed)
    assert INCOMPLETE in shown
    assert findings(reader) == {("changed", name)}
    if name == ORDERS_JSON:
        assert "Not shown, because the check failed" in shown or "Your orders" not in shown


@pytest.mark.one_browser
def test_exchanged_missing_and_unlisted_members_are_distinguished(reader: Reader, folder: Path) -> None:
    members = dict(open_package(package("demo")).members)
    one, other = "data/csv/payments.csv", "data/csv/profile.csv"
    members[one], members[other] = members[other], members[one]
    del members[ORDERS_CSV]
    members["data/csv/more.csv"] = b"a,b\r\n1,2\r\n"
    assert INCOMPLETE in reader.opens(reseal(folder / "resealed.zip", members))
    assert findings(reader) == {
        ("exchanged", one),
        ("exchanged", other),
        ("missing", ORDERS_CSV),
        ("unlisted", "data/csv/more.csv"),
    }


@pytest.mark.one_browser
def test_a_page_that_the_manifest_does_not_list_is_reported(reader: Reader, folder: Path) -> None:
    members = dict(open_package(package("nothing_held")).members)
    members["open.html"] = members["open.html"].replace(b"</body>", b"<p></p></body>")
    assert INCOMPLETE in reader.opens(reseal(folder / "page.zip", members))
    assert findings(reader) == {("other-page", "open.html")}


@pytest.mark.one_browser
@pytest.mark.parametrize("length", [0.999, pytest.param(0.5, marks=pytest.mark.long)])
def test_a_file_without_its_end_is_reported_as_cut_off(reader: Reader, folder: Path, length: float) -> None:
    raw = package("nothing_held").read_bytes()
    cut = folder / "cut.zip"
    cut.write_bytes(raw[: int(len(raw) * length)])
    reader.comes().tries(cut)
    assert "The end of the file is missing" in reader.refused()


@pytest.mark.one_browser
def test_what_is_no_zip_file_is_reported(reader: Reader, folder: Path) -> None:
    letter = folder / "letter.zip"
    letter.write_bytes(b"Dear all, " * 1000)
    reader.comes().tries(letter)
    assert "This is not a ZIP file." in reader.refused()


@pytest.mark.one_browser
def test_the_zip_file_of_another_tool_is_reported_as_not_ours(reader: Reader, folder: Path) -> None:
    other = folder / "other.zip"
    with pyzipper.AESZipFile(
        other, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(PASSPHRASE.encode())
        for name in ("holiday.txt", "letter.txt", "list.txt"):
            archive.writestr(name, b"something else" * 100)
    reader.comes().tries(other)
    assert "not one that this page can open" in reader.refused()
    assert "holiday" not in text_of(reader.browser)
