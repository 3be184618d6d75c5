"""How far the work on a request is, in words for its person: no dataset, no count, nobody's name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import Texts, message
from dsar_export.model.work import WorkStep
from dsar_export.use_cases.standing import Standing

_STEPS: Final[Mapping[WorkStep, str]] = MappingProxyType(
    {
        WorkStep.OPEN: message("We open our systems."),
        WorkStep.IDENTIFY: message("We look for what is yours."),
        WorkStep.READ: message("We read what our systems have."),
        WorkStep.WRITE: message("We write your documents."),
        WorkStep.PUBLISH: message("Your package is almost ready."),
    }
)
_WAITS: Final = message("It waits for its turn.")


def step_words(found: Standing, words: Texts) -> str:
    """The step at which a worker is; empty if nobody works."""
    if found.work is None or not found.goes_on:
        return ""
    return words.phrase(_WAITS if found.work.step is None else _STEPS[found.work.step])
