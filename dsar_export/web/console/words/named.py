"""All texts of the console in the reader's language, by their names in the templates."""

from collections.abc import Mapping
from typing import Final

from dsar_export.language.catalogue import Texts
from dsar_export.web.console.words.demonstration import DEMONSTRATION
from dsar_export.web.console.words.doors import DOORS
from dsar_export.web.console.words.hints import HINTS
from dsar_export.web.console.words.intake import INTAKE
from dsar_export.web.console.words.letters import LETTERS
from dsar_export.web.console.words.pages import PAGES
from dsar_export.web.console.words.states import STATES
from dsar_export.web.console.words.ways import WAYS
from dsar_export.web.console.words.work import WORK
from dsar_export.web.together import together

_ALL: Final = together(PAGES, DOORS, INTAKE, WORK, LETTERS, WAYS, HINTS, DEMONSTRATION)


def console_texts(words: Texts) -> Mapping[str, str]:
    """The texts by their names."""
    return {name: words.phrase(text) for name, text in _ALL.items()}


def state_texts(words: Texts) -> Mapping[str, str]:
    """What each state is called."""
    return {state.value: words.phrase(text) for state, text in STATES.items()}
