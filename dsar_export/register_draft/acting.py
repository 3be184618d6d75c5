"""References to somebody who only did something with a row, which is not therefore about them."""

from typing import Final

from dsar_export.register_draft.graph import Reference
from dsar_export.register_draft.words import names, words_in

_PARENT: Final = ("parent", "id")


def acts(reference: Reference) -> bool:
    """Whether a reference may only name who did something; `parent_id` in another table names what owns the row."""
    if reference.table != reference.target and any(words_in(c) == _PARENT for c in reference.columns):
        return False
    return any(names("columns.acting", column) for column in reference.columns)
