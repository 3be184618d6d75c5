"""What a register may state as not decided yet, instead of leaving it out or guessing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

TENANT: Final = "undecided"
"""Stands among the `tenants` of a source until somebody writes which values a company's rows have."""


class Term(StrEnum):
    """A term of a dataset that may be undecided."""

    PURPOSES = "purposes"
    RECIPIENTS = "recipients"
    STORAGE_PERIOD = "storage_period"


class Statement(StrEnum):
    """A statement of the organisation that may be undecided."""

    NOTICE = "notice"
    PROMISES = "promises"


class Detail(StrEnum):
    """What a register states of a controller, and what may stand in for it until somebody writes it."""

    ADDRESS = "address"
    COUNTRY = "country"
    TIME_ZONE = "time_zone"
    CONTACT = "contact"
    AUTHORITY = "authority"


@dataclass(frozen=True)
class DecisionsLeft:
    """How many decisions a register still leaves open, by what they are about.

    `versions` are earlier ones of rows; `details` are those of controllers, and the values that their rows have.
    """

    tables: int
    columns: int
    versions: int
    terms: int
    statements: int
    details: int

    @property
    def total(self) -> int:
        return self.tables + self.columns + self.versions + self.terms + self.statements + self.details
