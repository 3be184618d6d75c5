"""The ways from a person to each table, as the register declares them: identifiers, links, and what selects rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dsar_export.model.comparison import Strength
from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link
from dsar_export.model.register import Register
from dsar_export.model.subject_key import SubjectKey


class WayKind(StrEnum):
    """What a way does."""

    LEADS = "leads to"
    SHOWN = "only shown"
    POINTS = "points to"
    SELECTS = "selects"


@dataclass(frozen=True)
class Way:
    """One way: from a kind of identifier to another one, or to the rows of a dataset.

    `by` names the columns over which it leads. `table` is the table of a dataset, as `source.table`; None for a link.
    """

    kind: WayKind
    start: str
    end: str
    by: str
    table: str | None = None


@dataclass(frozen=True)
class Ways:
    """All ways of a register from one kind of person, and the tables to which none leads, each with its reason."""

    subject: str
    ways: tuple[Way, ...]
    unread: tuple[tuple[str, str], ...]

    def from_(self, kind: str) -> tuple[Way, ...]:
        """The ways that begin with a kind of identifier, each once."""
        return tuple(way for way in self.ways if way.start == kind)


def ways_of(register: Register) -> Ways:
    """The ways of a register for its kind of people."""
    org = register.organisation
    links = tuple(_link(link) for link in org.links)
    rows = tuple(way for dataset in register.datasets for way in _dataset(dataset))
    unread = tuple(
        (f"{name}.{table}", left_out.reason.value)
        for name, source in org.sources.items()
        for table, left_out in source.left_out.items()
    )
    return Ways(org.subject, tuple(dict.fromkeys((*links, *rows))), unread)


def _link(link: Link) -> Way:
    kinds = {Strength.WEAK: WayKind.SHOWN, Strength.REFERENCE: WayKind.POINTS}
    by = f"{link.source}.{link.at.table}: {link.given_column}, {link.leads_to_column}"
    return Way(kinds.get(link.strength, WayKind.LEADS), link.given, link.leads_to, by)


def _dataset(dataset: Dataset) -> Iterator[Way]:
    table = f"{dataset.source}.{dataset.place.table}"
    for key in dataset.subject_keys:
        yield Way(WayKind.SELECTS, key.identifier, dataset.name, _over(key, dataset.place.table), table)


def _over(key: SubjectKey, table: str) -> str:
    """The columns from a row to its person: `order_items.order_id = orders.id, orders.customer_id`."""
    steps, own = [], table
    for step in key.through:
        pairs = zip(step.columns, step.keys, strict=True)
        steps += [f"{own}.{column} = {step.table}.{other}" for column, other in pairs]
        own = step.table
    return ", ".join([*steps, f"{own}.{key.column}"])
