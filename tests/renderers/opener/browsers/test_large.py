"""Large packages in every browser, with figures; only in `make browsers`."""

import json
import os
import secrets
import statistics
import sys
import time
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from dsar_export.demo import write_organisation
from tests.conformance.unpacked import DEMO_PERSON, exported
from tests.renderers.opener.browsers import stopwatch
from tests.renderers.opener.browsers.browser import Browser, peak_megabytes, reset_peaks, until
from tests.renderers.opener.browsers.drawing import Drawn, drawn
from tests.renderers.opener.browsers.reader import Reader
from tests.renderers.opener.browsers.stopwatch import Answer
from tests.worlds import World, open_package

pytestmark = pytest.mark.long

EVENTS: Final = "How you used our website and app"
MEGABYTES: Final = 600
DRAWN: Final = 40
AT_ONCE: Final = 6
SHOWN: Final = 20
SEED: Final = int(os.environ.get("BROWSERS_SEED") or secrets.randbelow(10**6))


@cache
def large(folder: Path, events: int) -> Path:
    """The demo person with so many events."""
    register = folder / str(events) / "register"
    write_organisation(register, events=events)
    return exported(World(register), DEMO_PERSON)


@cache
def values(package: Path) -> list[Drawn]:
    """Values of the package, drawn at random."""
    return drawn(open_package(package).members, SEED, DRAWN)


def report(browser: Browser, what: str, figures: dict[str, object]) -> None:
    """Prints figures, so that they can be compared and written down."""
    sys.stdout.write(f"\n{browser.name}, {what}: {json.dumps(figures)}\n")


def took(answers: list[Answer]) -> dict[str, object]:
    """How long searches took, in milliseconds."""
    times = [round(answer.seconds * 1000) for answer in answers]
    return {
        "searches": len(times),
        "median ms": statistics.median(times or [0]),
        "most ms": max(times, default=0),
    }


def missed(wanted: list[Drawn], answers: list[Answer]) -> list[Drawn]:
    """The values that were not found in their dataset, nor in their record where all records of it are shown."""

    def is_found(value: Drawn, answer: Answer) -> bool:
        count, places = answer.found.get(value.dataset, (0, frozenset()))
        return count > SHOWN or value.index in places

    pairs = zip(wanted, answers, strict=True)
    return [value for value, answer in pairs if not is_found(value, answer)]


def test_a_package_of_200_000_records_is_shown_checked_and_searched(reader: Reader, folder: Path) -> None:
    made = large(folder, 200_000)
    wanted = values(made)
    browser = reader.comes().browser
    reset_peaks(browser)
    stopwatch.watch(browser, "profile")
    reader.tries(made)
    figures: dict[str, object] = {each: round(s, 2) for each, s in stopwatch.times(browser).items()}
    early = stopwatch.search(browser, *[each.text for each in wanted[:AT_ONCE]])
    until(
        lambda: browser.evaluate("document.querySelector('#search-preparing').textContent === ''") or None,
        "the texts are prepared",
        60,
    )
    late = stopwatch.search(browser, *[each.text for each in wanted])
    figures["before the texts are prepared"] = took([answer for answer in early if answer.before])
    figures["after"] = took(late)
    figures["page's process, MB"] = peak = peak_megabytes(browser)
    report(browser, f"200,000 events, seed {SEED}", figures)
    assert reader.verdict() == "complete"
    assert missed(wanted[:AT_ONCE], early) == []
    assert missed(wanted, late) == []
    assert peak <= MEGABYTES


def test_a_million_records_are_checked_searched_and_scrolled_to_the_last(
    reader: Reader, folder: Path
) -> None:
    made = large(folder, 1_000_000)
    browser = reader.comes().browser
    reset_peaks(browser)
    stopwatch.watch(browser, "profile")
    reader.tries(made)
    figures: dict[str, object] = {each: round(s, 2) for each, s in stopwatch.times(browser).items()}
    assert reader.verdict() == "complete"
    begun = time.monotonic()
    assert "Found:" in reader.searches("alex.fielding")
    figures["a search, s"] = round(time.monotonic() - begun, 2)
    figures["page's process, MB"] = peak_megabytes(browser)
    reader.goes(EVENTS)
    reader.column("Event number")
    browser.evaluate("document.querySelector('#records').focus()")
    last = "[...document.querySelectorAll('#records [role=row]')].some((row) => row.ariaRowIndex == 1000002)"
    browser.evaluate("void (document.querySelector('#records').scrollTop = 1e9)")
    until(lambda: browser.evaluate(last), "the last row", 60)
    report(browser, "1,000,000 events", figures)
