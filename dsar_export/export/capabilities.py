"""Uses what a snapshot can do beyond reading rows and links; RegisterError if the register needs more."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from dsar_export.errors import RegisterError
from dsar_export.interfaces import (
    CodeTables,
    Collector,
    PartDescriber,
    Planner,
    Resumable,
    RowCounter,
    Searcher,
    Snapshot,
)
from dsar_export.model.link import Link
from dsar_export.model.place import At, LinkAt
from dsar_export.model.source import Probe, Searched, Selection, SourceDescription

_READ_AS_IT_IS = Probe(without_index=False)


def planned(snapshot: Snapshot, selection: Selection) -> Probe:
    """The source's plan for a selection, before a row is read; an empty one if it does not plan."""
    dataset = selection.dataset
    coded = [name for name, mapping in dataset.fields.items() if mapping.codes_from is not None]
    if coded and not isinstance(snapshot, CodeTables):
        raise RegisterError(
            f"datasets/{dataset.name}.toml: fields.{coded[0]}: source {dataset.source!r} has no code tables; "
            "use codes instead of codes_from"
        )
    return snapshot.probe(selection) if isinstance(snapshot, Planner) else _READ_AS_IT_IS


def planned_link(snapshot: Snapshot, link: Link, tenants: tuple[str | int, ...]) -> Probe:
    """The source's plan for a link, before a row is read; an empty one if it does not plan."""
    return snapshot.probe_link(link, tenants) if isinstance(snapshot, Planner) else _READ_AS_IT_IS


def meanings(snapshot: Snapshot, selection: Selection, field: str) -> Mapping[str, object]:
    """The meanings of a field's codes; `planned` has refused sources without code tables."""
    return snapshot.codes(selection, field) if isinstance(snapshot, CodeTables) else {}


def counted(snapshot: Snapshot, selection: Selection) -> Iterator[tuple[tuple[object, ...], int]]:
    """How many rows of its own table a dataset's key finds, by the cells that identify their owner."""
    if isinstance(snapshot, RowCounter):
        yield from snapshot.counts(selection)


def described(collector: Collector, parts: Sequence[At | LinkAt]) -> SourceDescription:
    """What a source has, with what these parts of its register name."""
    if isinstance(collector, PartDescriber):
        return collector.describe_parts(parts)
    return collector.describe()


def searched(snapshot: Snapshot, selection: Selection) -> Searched | None:
    """What was gone through for a selection, in a source of files."""
    return snapshot.searched(selection) if isinstance(snapshot, Searcher) else None


def resume(snapshot: Snapshot, jobs: Mapping[str, str], keep: Callable[[Mapping[str, str]], None]) -> None:
    """Lets a source go on with the work that an earlier attempt started there."""
    if isinstance(snapshot, Resumable):
        snapshot.resume(jobs, keep)
