"""A table or column that no dataset exports, and why."""

from enum import StrEnum

from dsar_export.model.toml_table import toml_table
from dsar_export.model.words import Words


class LeftOutReason(StrEnum):
    """Why no dataset exports a table or column."""

    NOT_PERSONAL = "not_personal"
    COPIED_ELSEWHERE = "copied_elsewhere"
    WITHHELD = "withheld"


@toml_table
class LeftOut:
    """A table or column that no dataset exports, and why."""

    reason: LeftOutReason
    note: Words
    """In the person's words: the report shows it for `withheld`."""
