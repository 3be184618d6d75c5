"""Measures inside the page, because asking a browser from outside takes longer than what is measured."""

import json
from dataclasses import dataclass
from typing import Final

from tests.renderers.opener.browsers.browser import Browser, until

_WATCH: Final = """
(() => {
  const times = globalThis.stopwatch = {};
  let begun = null, went = false;
  const note = (what, is) => { if (is) times[what] ??= (performance.now() - begun) / 1000; };
  const look = () => {
    if (begun === null) return;
    const dataset = document.querySelector('[data-go="dataset:%s"]');
    if (dataset && !went) { went = true; dataset.click(); }
    note('first table', [...document.querySelectorAll('#records [role=gridcell]')].some((cell) => cell.textContent));
    const state = document.querySelector('#check-badge')?.dataset.check;
    note('checked', state === 'complete' || state === 'incomplete');
    if (times.checked && !globalThis.searching) {
      globalThis.searching = true;
      document.querySelector('[data-go="search"]').click();
    }
  };
  addEventListener('submit', () => { begun = performance.now(); }, true);
  new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
})()
"""

_SEARCH: Final = """
(async (texts) => {
  const answers = [];
  for (const text of texts) {
    const input = document.querySelector('#search');
    const status = document.querySelector('#search-status');
    const preparing = () => document.querySelector('#search-preparing').textContent !== '';
    const ready = !preparing();
    const begun = performance.now();
    const shown = new Promise((resolve) => new MutationObserver((_, seen) => {
      if (!status.textContent) return;
      seen.disconnect();
      resolve();
    }).observe(status, {childList: true}));
    input.value = text;
    input.dispatchEvent(new Event('input', {bubbles: true}));
    await shown;
    const seconds = (performance.now() - begun) / 1000;
    const found = [...document.querySelectorAll('#results [data-dataset]')].map((each) => [
      each.dataset.dataset,
      Number(each.querySelector('.count').textContent.replace(/[^0-9]/g, '')),
      [...each.querySelectorAll('[data-index]')].map((hit) => Number(hit.dataset.index)),
    ]);
    answers.push({text, seconds, before: !ready && preparing(), after: ready, found});
  }
  return answers;
})
"""


@dataclass(frozen=True)
class Answer:
    """What a search found, by dataset the number of records and the places of the first; and how long it took.

    `before` is a search that ended before the texts were prepared, `after` one that began when they were.
    """

    text: str
    seconds: float
    before: bool
    after: bool
    found: dict[str, tuple[int, frozenset[int]]]


def watch(browser: Browser, dataset: str) -> None:
    """Measures from when a passphrase is sent: goes to a dataset once it is offered, to the search once checked."""
    browser.evaluate(_WATCH % dataset)


def times(browser: Browser) -> dict[str, float]:
    """Seconds until the first rows were shown and until all was checked."""

    def known() -> dict[str, float] | None:
        found = browser.evaluate("globalThis.stopwatch")
        assert isinstance(found, dict)
        return found if {"first table", "checked"} <= found.keys() else None

    return until(known, "the first table and a verdict", 300)


def search(browser: Browser, *texts: str) -> list[Answer]:
    """Searches for one text after the other where the search is shown, without waiting in between."""
    answers = browser.evaluate(f"({_SEARCH})({json.dumps(texts)})")
    assert isinstance(answers, list)
    return [
        Answer(
            text=each["text"],
            seconds=each["seconds"],
            before=each["before"],
            after=each["after"],
            found={name: (count, frozenset(places)) for name, count, places in each["found"]},
        )
        for each in answers
    ]
