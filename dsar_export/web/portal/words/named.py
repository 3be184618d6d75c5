"""All texts of the portal in the reader's language, by their names in the templates."""

from collections.abc import Mapping
from typing import Final

from dsar_export.language.catalogue import Texts
from dsar_export.web.portal.words.asking import ASKING
from dsar_export.web.portal.words.following import FOLLOWING
from dsar_export.web.portal.words.getting import GETTING
from dsar_export.web.portal.words.receipt import RECEIPT
from dsar_export.web.together import together

_ALL: Final = together(ASKING, FOLLOWING, GETTING, RECEIPT)
_LATER: Final = frozenset({"step", "received_is", "next_answer", "why_then"})
"""Those that a template completes."""


def portal_texts(words: Texts, contact: str) -> Mapping[str, str]:
    """The texts by their names; `contact` is whom to ask."""
    return {
        name: words.phrase(text) if name in _LATER else words.phrase(text, contact=contact)
        for name, text in _ALL.items()
    }
