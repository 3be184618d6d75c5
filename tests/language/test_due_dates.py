"""Every step to a due day is a sentence in every language, with its dates."""

from datetime import date
from itertools import product

import pytest

from dsar_export.language.catalogue import languages, texts
from dsar_export.language.due_dates import due_sentence
from dsar_export.model.clock import Ground, Step, StepKind

DAY, SINCE = date(2026, 3, 2), date(2026, 1, 31)
OF_WAITS = (StepKind.DELAYED, StepKind.AWAITED, StepKind.STOPPED, StepKind.STANDING)
COUNTED = (StepKind.MONTHS, StepKind.LAST_DAY, StepKind.ADDED)
STEPS = [
    *(Step(kind, DAY, SINCE, ground) for kind, ground in product(OF_WAITS, Ground)),
    *(Step(kind, DAY, SINCE, count=count) for kind, count in product(COUNTED, (1, 3))),
    *(Step(kind, DAY) for kind in StepKind if kind not in OF_WAITS + COUNTED),
]
MARCH = {"en": "March 2, 2026", "de": "2. März 2026", "fr": "2 mars 2026"}
JANUARY = {"en": "January 31, 2026", "de": "31. Januar 2026", "fr": "31 janvier 2026"}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.kind}-{step.ground}-{step.count}")
def test_a_step_is_one_sentence_with_its_dates(step: Step, language: str) -> None:
    sentence = due_sentence(step, texts(language))
    assert MARCH[language] in sentence
    assert (JANUARY[language] in sentence) is (step.since is not None and step.kind is not StepKind.ADDED)
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert step.count <= 1 or f"{step.count} " in sentence
    if language != "en":
        assert sentence != due_sentence(step, texts("en"))


def test_dates_are_written_as_in_the_region_of_the_tag() -> None:
    step = Step(StepKind.DUE, DAY)
    assert due_sentence(step, texts("en-GB")) == "The answer is due on Monday, 2 March 2026."
    assert due_sentence(step, texts("de-AT")) == "Die Antwort ist am Montag, 2. März 2026 fällig."
