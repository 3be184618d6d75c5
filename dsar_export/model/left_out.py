"""A table or column that no dataset exports, and why."""

from enum import StrEnum

from dsar_export.model.toml_table import toml_table
from dsar_export.model.words import Words


class LeftOutReason(StrEnum):
    """Why no dataset exports a table or column."""

    NOT_PERSONAL = "not_personal"
    COPIED_ELSEWHERE = "copied_elsewhere"
    WITHHELD = "withheld"
    UNDECIDED = "undecided"


@toml_table
class LeftOut:
    """A table or column that no dataset exports, and why."""

    reason: LeftOutReason
    note: Words | None = None
    """In the person's words: the report shows it for `withheld`. With `undecided`, it may be missing."""

    def __post_init__(self) -> None:
        if self.note is None and self.reason is not LeftOutReason.UNDECIDED:
            raise ValueError("note is missing; write why it is left out")
