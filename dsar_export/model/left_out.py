"""A table or column that no dataset exports, and why."""

from enum import StrEnum

from dsar_export.model.toml_table import toml_table


class LeftOutReason(StrEnum):
    """Why a table or column is exported by no dataset."""

    NOT_PERSONAL = "not_personal"
    COPIED_ELSEWHERE = "copied_elsewhere"
    WITHHELD = "withheld"


@toml_table
class LeftOut:
    """A table or column that no dataset exports, and why."""

    reason: LeftOutReason
    note: str
    """In the person's words: for `withheld` it is told in the report."""
