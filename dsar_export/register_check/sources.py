"""The register against what its sources really hold: nothing may be there that nobody has decided on."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from dsar_export.errors import RegisterError
from dsar_export.interfaces import Collector, Snapshot
from dsar_export.model.finding import Finding
from dsar_export.model.register import Dataset, Register
from dsar_export.model.source import Selection, SourceDescription, Table
from dsar_export.register_check.undecided import undecided_columns, undecided_tables
from dsar_export.register_file import location, nearest

# A net under the rule that no schema has a field for a credential, not the rule itself.
_CREDENTIAL: Final = re.compile(
    r"(^|_)(password|passwd|passphrase|pwd|secret|token|salt|api_?key|private_?key|.*_hash|hash)($|_)",
    re.IGNORECASE,
)


def source_findings(register: Register, collectors: Mapping[str, Collector]) -> Iterator[Finding]:
    """Tables, views and columns unknown or undecided, orders that are not unique or need a sort."""
    for name, collector in collectors.items():
        held = collector.describe()
        datasets = [d for d in register.datasets if d.source == name]
        yield from _links(register, name, held)
        columns = list(_columns(register, held, datasets))
        yield from columns
        yield from _undecided(register, name, held, datasets)
        told = {finding.where for finding in columns}
        with collector.snapshot() as snapshot:
            for dataset in datasets:
                yield from _probe(register, dataset, snapshot, told)


def _links(register: Register, source: str, held: SourceDescription) -> Iterator[Finding]:
    where = location(register)
    for index, link in enumerate(register.organisation.links):
        if link.source != source:
            continue
        table = held.table(link.table)
        if table is None:
            yield _no_table(where, f"links.{index}.table", link.table, held)
            continue
        for key, column in (("given_column", link.given_column), ("leads_to_column", link.leads_to_column)):
            yield from _known_columns(where, f"links.{index}.{key}", [column], table)


def _undecided(
    register: Register, source: str, held: SourceDescription, datasets: Sequence[Dataset]
) -> Iterator[Finding]:
    where, key = location(register), f"sources.{source}.left_out"
    left_out = register.organisation.sources[source].left_out
    for table in undecided_tables(register.organisation.sources[source], held, datasets):
        what = "view" if table.is_view else "table"
        yield Finding(
            where,
            key,
            f"{what} {table.name!r} is read by no dataset: add a dataset, or list it here with a reason",
        )
    for name in left_out:
        if held.table(name) is None:
            yield _no_table(where, key, name, held)
        elif any(d.table == name for d in datasets):
            yield Finding(where, key, f"table {name!r} is left out, but a dataset reads it")
    for dataset, column in undecided_columns(held, datasets):
        yield Finding(
            location(register, dataset),
            "fields",
            f"column {dataset.table}.{column} is taken by no field: map it, or list it under left_out",
        )


def _columns(register: Register, held: SourceDescription, datasets: Sequence[Dataset]) -> Iterator[Finding]:
    for dataset in datasets:
        where, table = location(register, dataset), held.table(dataset.table)
        if table is None:
            yield _no_table(where, "table", dataset.table, held)
        else:
            yield from _dataset_columns(where, dataset, table)


def _dataset_columns(where: str, dataset: Dataset, table: Table) -> Iterator[Finding]:
    own = [dataset.subject_key.column, *dataset.order_by]
    yield from _known_columns(where, "subject_key and order_by", dict.fromkeys(own), table)
    yield from _known_columns(where, "left_out", dataset.left_out, table)
    if dataset.query is None:
        yield from _known_columns(where, "fields", dataset.columns, table)
    for name, mapping in dataset.fields.items():
        if mapping.column is not None and _looks_secret(mapping.column):
            yield _credential(where, f"fields.{name}.column", mapping.column)
    for word in sorted(set(re.findall(r"\w+", dataset.query or ""))):
        if _looks_secret(word):
            yield _credential(where, "query", word)
    if dataset.key is not None and frozenset({dataset.key}) not in table.unique_keys:
        yield Finding(
            where, "key", f"column {dataset.key!r} is not unique in {table.name!r}: rows would repeat"
        )
    if table.unique_keys and not any(key <= set(dataset.order_by) for key in table.unique_keys):
        yield Finding(where, "order_by", f"is not unique in {table.name!r}; end it with a unique key")


def _looks_secret(name: str) -> bool:
    return _CREDENTIAL.search(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)) is not None


def _credential(where: str, key: str, column: str) -> Finding:
    return Finding(
        where, key, f"column {column!r} looks like a credential; list it under left_out as withheld"
    )


def _probe(register: Register, dataset: Dataset, snapshot: Snapshot, told: set[str]) -> Iterator[Finding]:
    where = location(register, dataset)
    try:
        probe = snapshot.probe(Selection(dataset, frozenset()))
    except RegisterError as error:
        if where not in told:  # the same column would be named twice
            yield Finding(where, "query" if dataset.query else "fields", str(error))
        return
    if probe.sorts_without_index:
        yield Finding(
            where,
            "order_by",
            f"no index serves the order ({', '.join(dataset.order_by)}): the source would sort in memory "
            f"or on its disk; add an index on {dataset.table}({', '.join(dataset.order_by)})",
        )


def _known_columns(where: str, key: str, columns: Iterable[str], table: Table) -> Iterator[Finding]:
    for column in columns:
        if column not in table.columns:
            yield Finding(
                where, key, f"no column {column!r} in {table.name!r}; {nearest(column, table.columns)}"
            )


def _no_table(where: str, key: str, name: str, held: SourceDescription) -> Finding:
    return Finding(
        where, key, f"no table {name!r} in the source; {nearest(name, [t.name for t in held.tables])}"
    )
