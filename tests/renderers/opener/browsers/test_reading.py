"""What is in a package is found, shown as text, and stays where it is, in every browser."""

import json
import random
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conformance.unpacked import package
from tests.renderers.opener.browsers.browser import until, until_text
from tests.renderers.opener.browsers.reader import Reader
from tests.renderers.opener.browsers.serving import Listener, listening
from tests.worlds import PASSPHRASE, World, open_package

ARABIC, CHINESE = "\u0637\u0644\u0628 \u0628\u064a\u0627\u0646\u0627\u062a\u064a", "\u6211\u7684\u6570\u636e"
DRAWN = 2


def written(value: object) -> Iterator[str]:
    """Every text in a value of a record, as JSON has it."""
    if isinstance(value, dict):
        for each in value.values():
            yield from written(each)
    elif isinstance(value, list):
        for each in value:
            yield from written(each)
    elif isinstance(value, str) and value.strip():
        yield " ".join(value.split())[:60].strip()


@cache
def values() -> tuple[str, ...]:
    """Every text in every record of the demo person."""
    members = open_package(package("demo")).members
    files = [json.loads(body) for name, body in members.items() if name.startswith("data/json/")]
    return tuple(sorted({text for records in files for text in written(records)}))


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def test_any_value_is_found_in_any_case_and_without_its_accents(reader: Reader) -> None:
    drawn = random.Random(reader.browser.name).sample(values(), DRAWN)  # noqa: S311 # the same at each run
    reader.opens(package("demo"))
    for value in drawn:
        text = without_accents(value).swapcase()
        assert "Found:" in reader.searches(text), text
    assert "Nothing was found for" in reader.searches("no such value anywhere")


@pytest.mark.one_browser
def test_a_table_is_sorted_and_filtered_and_a_record_is_shown_whole(reader: Reader) -> None:
    reader.opens(package("demo"))
    reader.goes("Your orders")
    orders = json.loads(open_package(package("demo")).members["data/json/orders.json"])
    numbers = [each["order_id"] for each in sorted(orders, key=lambda each: each["ordered_at"], reverse=True)]
    for _ in range(2):
        reader.browser.click("button", "Ordered on")

    def latest_first() -> bool | None:
        shown = reader.column("Order number")
        return shown == numbers[: len(shown)] or None

    until(latest_first, "the latest orders first")
    wanted = numbers[0]
    reader.browser.type("textbox", "Filter Order number", wanted)
    until(lambda: set(reader.column("Order number")) == {wanted} or None, "filtered orders")
    record = reader.opens_record(0)
    for text in (
        wanted,
        "The number of the order.",
        "What belongs to it",
        "Items in your orders",
        "Your payments",
    ):
        assert text in record
    reader.browser.press("Escape")
    until(lambda: reader.browser.evaluate("document.querySelector('#record') === null"), "the table again")


@pytest.mark.one_browser
def test_rows_kept_beside_are_shown_with_their_reason(reader: Reader) -> None:
    reader.opens(package("kept_beside"))
    reader.goes("Records")
    shown = until_text(reader.browser, "no bytes")
    for text in ("many", "/whole", "integer"):
        assert text in shown


@pytest.mark.one_browser
def test_a_person_with_nothing_sees_that_it_was_searched(reader: Reader) -> None:
    shown = reader.opens(package("nothing_held"))
    assert "There are no records in this package." in shown
    assert "Searched without a result" in shown


@pytest.mark.one_browser
def test_portable_data_names_what_does_not_go(reader: Reader) -> None:
    shown = reader.opens(package("portability"))
    for text in (
        "Your data to take with you (Art. 20 UK GDPR)",
        "Not portable: we worked it out",
    ):
        assert text in shown


@pytest.mark.one_browser
def test_a_package_in_german_is_shown_in_german_and_other_languages_can_be_chosen(reader: Reader) -> None:
    reader.comes()
    reader.speaks("de")
    reader.browser.pick(package("in_german"))
    reader.browser.type("textbox", "Passphrase", PASSPHRASE)
    reader.browser.press("Escape", "Enter")
    shown = reader.checked()
    for text in ("Vollst\u00e4ndig und unver\u00e4ndert", "Ihre Bestellungen", "E-Mail-Adresse"):
        assert text in shown
    reader.speaks("fr")
    assert "Complet et inchang\u00e9" in reader.reads()


@cache
def hostile(folder: Path, port: int) -> Path:
    """A package with an address, a picture and a script in its cells, and texts of other scripts."""
    address = f"http://127.0.0.1:{port}"
    cells = [
        f"{address}/typed",
        f'<img src="{address}/picture" onerror="globalThis.ran = 1">',
        f"<script>globalThis.ran = 1; fetch('{address}/script')</script>",
        f'<link rel="preconnect" href="{address}"><iframe src="{address}/frame"></iframe>',
        f"javascript:globalThis.ran=1//{address}",
        ARABIC,
        CHINESE,
        "\u202eright to left",
    ]
    rows = [{"text": cell, "details": json.dumps({"link": cell})} for cell in cells]
    rows.append({"whole": f"{address}/beside"})
    exported = World(folder / "hostile" / "register").write(rows).export().package
    assert exported is not None
    return exported


@pytest.mark.parametrize("place", ["disk", pytest.param("server", marks=pytest.mark.one_browser)])
def test_nothing_in_the_data_runs_or_connects_and_every_script_is_text(
    reader: Reader, listener: Listener, served: str, folder: Path, place: str
) -> None:
    made = hostile(folder, listener.port)
    shown = reader.opens(made, **({"address": served} if place == "server" else {}))
    assert "Complete and unchanged" in shown
    reader.goes("Records")

    def rows() -> str | None:
        texts = "\n".join(cell for row in reader.cells() for cell in row)
        return texts if ARABIC in texts else None

    texts = until(rows, "the rows")
    for text in (CHINESE, "<script>", "<img src=", f"{listener.address}/typed"):
        assert text in texts
    assert listener.address in reader.opens_record(1)
    reader.browser.press("Escape")
    assert "Found:" in reader.searches(ARABIC)
    assert "Found:" in reader.searches("preconnect")
    links = "[...document.querySelectorAll('a[href], [src], form[action]')].map((each) => each.outerHTML)"
    assert [link for link in _list(reader.browser.evaluate(links)) if "blob:" not in link] == []
    assert reader.browser.evaluate("globalThis.ran ?? null") is None
    assert listener.connections == 0


@pytest.mark.one_browser
def test_a_listener_would_have_seen_a_connection(reader: Reader) -> None:
    # One of its own, because a browser may try again later.
    with listening() as own:
        reader.comes()
        # No policy stops a page from going elsewhere; its code must not.
        reader.browser.evaluate(f"void setTimeout(() => {{ location.href = '{own.address}' }}, 0)")
        until(lambda: own.connections or None, "a connection")


def _list(value: object) -> list[str]:
    assert isinstance(value, list)
    return value
