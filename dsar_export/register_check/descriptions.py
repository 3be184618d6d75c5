"""Fields that a register describes itself, as far as the catalogue of their source completes them."""

from collections.abc import Iterator, Mapping
from typing import Final

from dsar_export.model.dataset import Dataset
from dsar_export.model.field_type import FieldType
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.schema import FieldKind
from dsar_export.model.source import SourceDescription
from dsar_export.register.catalogue_facts import source_facts, waiting
from dsar_export.register.hints import location

_TIMES: Final = frozenset({FieldKind.DATE, FieldKind.INSTANT})
_AMOUNTS: Final = frozenset({FieldKind.DECIMAL, FieldKind.INTEGER, FieldKind.NUMBER})


def unknown_types(register: Register, descriptions: Mapping[str, SourceDescription]) -> Iterator[Finding]:
    """Fields of which neither the register nor a catalogue says what they are."""
    for dataset in waiting(register):
        if dataset.source in descriptions:
            yield from _unknown_types(register, dataset, descriptions[dataset.source])


def described_references(register: Register, dataset: Dataset) -> Iterator[Finding]:
    """A period that is no date, and currencies of what is no amount."""
    where, kinds = location(register, dataset), {f.name: f.kind for f in register.schema_of(dataset).fields}
    if dataset.period is not None and kinds[dataset.period] not in _TIMES:
        problem = (
            f"the field {dataset.period!r} is {kinds[dataset.period]}; name one that is a date or date-time"
        )
        yield Finding(where, "period", problem)
    for name in dataset.fields:
        if dataset.fields[name].currency is not None and kinds[name] not in _AMOUNTS:
            problem = f"only an amount has a currency; this field is {kinds[name]}"
            yield Finding(where, f"fields.{name}.currency", problem)


def _unknown_types(register: Register, dataset: Dataset, description: SourceDescription) -> Iterator[Finding]:
    table, query = description.table(dataset.place.table), dataset.place.query
    for name, found in source_facts(dataset, description).items():
        mapping = dataset.fields[name]
        exists = table is not None and mapping.column in table.columns  # else the column itself is reported
        if found.type is None and (exists or query is not None):
            what = "stands at this path" if mapping.path is not None else "this column holds"
            yield Finding(
                location(register, dataset),
                f"fields.{name}.type",
                f"the source does not say what {what}; add type, one of {', '.join(FieldType)}",
            )
