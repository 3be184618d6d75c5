"""The sealed ledger of a Draft: everything that a package is made with, beside the records themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from pydantic import TypeAdapter, ValidationError

from dsar_export.errors import DraftUnreadableError
from dsar_export.export.gaps import Tally
from dsar_export.model.draft import PartFacts
from dsar_export.model.identity import Identity
from dsar_export.model.outcome import Gap
from dsar_export.model.package import SourceMoment
from dsar_export.model.request import Identifier, in_scope

FORMAT: Final = 1


@dataclass(frozen=True)
class DatasetEntry:
    """A collected dataset: its part, and the counts of its rows."""

    part: PartFacts
    tally: Tally


@dataclass(frozen=True)
class Ledger:
    """What one attempt collected, from which sources and as of when, under which identifiers.

    `today` is the controller's day on which it was collected, by which storage periods ended. `register_part` has the
    register and the schemas that it was made with. `gaps` are those of sources and identifiers. A dataset whose source
    could not be read has no entry, and none outside `scope`, which are the only datasets that an agent's mandate
    covers; all, if there are none. `identifiers` and `chosen` are what the identity was found with; `carried` are the
    sources whose data an earlier attempt had read; `subject` is the kind of people whose part of the register it was.
    """

    reference: str
    attempt: int
    controller: str
    today: date
    software: str
    identity: Identity
    moments: tuple[SourceMoment, ...]
    datasets: Mapping[str, DatasetEntry]
    gaps: tuple[Gap, ...]
    register_part: PartFacts
    scope: tuple[str, ...] = ()
    format: int = FORMAT
    identifiers: tuple[Identifier, ...] = ()
    chosen: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    subject: str | None = None
    jobs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """In a checkpoint: the work that each source was started with, by what it is for, so that none is started twice."""

    def covers(self, dataset: str) -> bool:
        """Whether a dataset was to be collected."""
        return in_scope(dataset, self.scope)


def ledger_text(ledger: Ledger) -> bytes:
    """The ledger as JSON."""
    return _adapter().dump_json(ledger)


def ledger_of(text: bytes) -> Ledger:
    """The ledger that `ledger_text` wrote; DraftUnreadableError for one of a newer program."""
    try:
        ledger = _adapter().validate_json(text)
    except ValidationError:  # its text quotes identifiers
        raise _unknown() from None
    if ledger.format > FORMAT:
        raise _unknown()
    return ledger


@cache
def _adapter() -> TypeAdapter[Ledger]:
    return TypeAdapter(Ledger)


def _unknown() -> DraftUnreadableError:
    return DraftUnreadableError(
        "the Draft's ledger has a form that this program does not know; use the version that collected it, or newer"
    )
