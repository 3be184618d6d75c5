"""Counts of what could not be searched, attributed or filtered in a dataset."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Identity
from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap, Outcome
from dsar_export.model.periods import ALWAYS
from dsar_export.model.source import FileFault, Searched
from dsar_export.normalising.key_value_tables import NOT_NAMED_LIKE_CREDENTIAL

_OF_FILES: Final[Mapping[FileFault, Message]] = {
    FileFault.CUT: Message("file {number} of {files} became shorter while it was read; not read to its end"),
    FileFault.GONE: Message("file {number} of {files} was removed before it was read"),
    FileFault.DAMAGED: Message(
        "file {number} of {files} is damaged or was not complete yet; not read to its end"
    ),
    FileFault.TOO_LONG: Message(
        "file {number} of {files} has more text than is allowed; not read to its end"
    ),
    FileFault.NOT_A_FILE: Message("file {number} of {files} is a link or no regular file; not read"),
    FileFault.REFUSED: Message("file {number} of {files} could not be opened or read; not read to its end"),
    FileFault.NO_FILE: Message("there is no file {files}, so nothing was searched"),
}


@dataclass
class Tally:
    """How many rows of a dataset were read, and how many may be the subject's but are in no record.

    `returned` counts the rows that the source returned. For a dataset with a query, `by_key` counts the rows that its
    key finds in the dataset's own table. `searched` is what was gone through in a source of files.
    """

    read: int = 0
    unattributed: int = 0
    unknown_tenant: int = 0
    joined_to_others: int = 0
    returned: int = 0
    by_key: int = 0
    searched: Searched | None = None

    @property
    def searched_in_part(self) -> bool:
        """Whether a file was not read to its end, a line that names the person shows no owner, or a row has more."""
        found = self.searched
        return found is not None and bool(found.gaps or found.unattributed or found.unnamed)

    @property
    def left_by_query(self) -> int:
        return max(self.by_key - self.returned, 0)


def dataset_gaps(dataset: Dataset, identity: Identity, tally: Tally, outcome: Outcome) -> Iterator[Gap]:
    """The gaps of a dataset after its rows were read."""
    for reason in (
        *_identifier_gaps(dataset, identity),
        *_row_gaps(dataset, tally),
        *_search_gaps(tally.searched or Searched()),
        *_kept_back_gaps(outcome),
    ):
        yield Gap(dataset.source, dataset.name, reason)


def identity_gaps(identity: Identity) -> Iterator[Gap]:
    """Links that were not followed, because only the register can decide whether the value belongs to anybody."""
    for rows in identity.undecided:
        named = (("table", repr(rows.table)), ("column", repr(rows.column)), *_count(rows.count))
        reason = Message(
            "rows of {table} that lead to the default of {column}, which may be nobody's: {count}; not followed",
            named,
        )
        yield Gap(rows.source, None, reason)


def dataset_warnings(dataset: Dataset, tally: Tally) -> Iterator[str]:
    """What staff must look at, although the person's package has no gap."""
    if tally.searched is not None and tally.searched.others:
        yield (
            f"the source returned {tally.searched.others:,} rows of others, which were left aside; see whether it can "
            f"be asked for one person alone, in datasets/{dataset.name}.toml"
        )
    if tally.left_by_query and (tally.returned or dataset.place.narrows is not None):
        if dataset.place.narrows is None:
            yield (
                f"the query returns {tally.returned:,} of {tally.by_key:,} rows of the table: correct it, or set "
                f"narrows with the reason in datasets/{dataset.name}.toml"
            )
        elif not tally.returned:
            yield f"the query returns none of {tally.by_key:,} rows of the table"


def _identifier_gaps(dataset: Dataset, identity: Identity) -> Iterator[Message]:
    kinds = {key.identifier for key in dataset.subject_keys}
    for shared in identity.shared:
        if shared.kind in kinds:
            yield Message(
                "identifiers of kind {kind} that are another person's too at the same time: {count}; "
                "what is kept under them alone was not copied",
                (("kind", repr(shared.kind)), ("count", str(shared.count))),
            )
    dated = [r for r in identity.known if r.identifier.kind in kinds and r.periods != ALWAYS]
    if dated and not dataset.valid_at:
        yield Message(
            "identifiers that were the person's for a time only: {count}; "
            "the rows name no time, so not searched",
            _count(len(dated)),
        )


def _row_gaps(dataset: Dataset, tally: Tally) -> Iterator[Message]:
    if tally.unattributed:
        yield Message(
            "rows that can't be said to be this person's alone: {count}; not copied",
            _count(tally.unattributed),
        )
    if tally.unknown_tenant:
        yield Message("rows that name no company of ours: {count}; not copied", _count(tally.unknown_tenant))
    if tally.joined_to_others:
        yield Message(
            "rows that are stored together with another person's: {count}; not copied",
            _count(tally.joined_to_others),
        )
    if tally.left_by_query and not tally.returned and dataset.place.narrows is None:
        yield Message(
            "rows that the query of the register does not return: {count}; not copied",
            _count(tally.left_by_query),
        )


def _search_gaps(searched: Searched) -> Iterator[Message]:
    if searched.unattributed:
        yield Message(
            "lines of files that name the person but do not show whose they are: {count}; not copied",
            _count(searched.unattributed),
        )
    if searched.unnamed:
        yield Message(
            "rows with more in them than our register names: {count}; only what it names was copied",
            _count(searched.unnamed),
        )
    for gap in searched.gaps:
        named = (("files", repr(gap.files)), ("number", str(gap.number)))
        yield replace(_OF_FILES[gap.fault], named=named[:1] if gap.fault is FileFault.NO_FILE else named)


def _kept_back_gaps(outcome: Outcome) -> Iterator[Message]:
    if outcome.kept_back and any(reason.rule == NOT_NAMED_LIKE_CREDENTIAL for reason, _ in outcome.reasons):
        yield Message(
            "rows whose value is called like a secret, or with JSON that is not taken apart or may hold one: {count}; "
            "not copied before staff saw them",
            _count(outcome.kept_back),
        )
    elif outcome.kept_back:
        yield Message(
            "rows with JSON that is not taken apart or may hold a secret: {count}; "
            "not copied before staff saw them",
            _count(outcome.kept_back),
        )


def _count(n: int) -> tuple[tuple[str, str], ...]:
    return (("count", str(n)),)
