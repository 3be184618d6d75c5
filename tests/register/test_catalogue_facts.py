"""What a field is and whether it may be empty, as its mapping says or else the catalogue."""

import pytest

from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import CodeTable, FieldMapping
from dsar_export.model.field_type import FieldType
from dsar_export.model.schema import Origin
from dsar_export.model.source import ColumnFacts, ColumnKind, SourceDescription, Table
from dsar_export.register.catalogue_facts import FieldFacts, mapping_facts, source_facts
from tests.collectors.sources import table_dataset
from tests.replacing import replace

KINDS = {
    "text": ColumnKind.TEXT,
    "number": ColumnKind.INTEGER,
    "id": ColumnKind.BYTES,
    "raw": ColumnKind.BYTES,
    "json": ColumnKind.JSON,
}


def of(**fields: FieldMapping) -> Dataset:
    return replace(table_dataset("id"), schema=None, origin=Origin.PROVIDED, fields=fields)


def found(mapping: FieldMapping, dataset: Dataset | None = None) -> FieldFacts:
    """The facts of one field of a table whose columns are never null."""
    facts = {name: ColumnFacts(kind, nullable=False) for name, kind in KINDS.items()}
    table = Table("records", (*facts, "unknown"), facts=facts)
    made = replace(dataset or of(), fields={"field": mapping})
    return source_facts(made, SourceDescription((table,)))["field"]


@pytest.mark.parametrize(
    ("mapping", "type_", "nullable"),
    [
        (FieldMapping(column="text"), FieldType.STRING, False),
        (FieldMapping(column="text", nullable=True), FieldType.STRING, True),
        (FieldMapping(column="text", type=FieldType.DATE), FieldType.DATE, False),
        (FieldMapping(column="number"), FieldType.INTEGER, False),
        (FieldMapping(column="number", unit="1/100"), FieldType.DECIMAL, False),
        (FieldMapping(column="number", unit="1024"), FieldType.INTEGER, False),
        (FieldMapping(column="number", unit="epoch_seconds"), FieldType.DATE_TIME, False),
        (FieldMapping(column="number", meanings={"1": "One"}), FieldType.STRING, False),
        (FieldMapping(column="id"), FieldType.STRING, False),  # an identifier is hexadecimal
        (FieldMapping(column="raw"), FieldType.BYTES, False),
        (FieldMapping(column="json"), FieldType.JSON, True),  # JSON has a null of its own
        (FieldMapping(column="json", path="/a"), None, True),
        (FieldMapping(column="json", path="/a", type=FieldType.STRING), FieldType.STRING, True),
        (FieldMapping(column="unknown"), None, True),
        (FieldMapping(column="missing"), None, None),
        (FieldMapping(value="GBP"), FieldType.STRING, False),
        (
            FieldMapping(column="number", codes_from=CodeTable(table="t", code="c", meaning="m")),
            FieldType.STRING,
            True,
        ),
    ],
)
def test_the_mapping_comes_first_and_the_catalogue_says_the_rest(
    mapping: FieldMapping, type_: FieldType | None, *, nullable: bool | None
) -> None:
    assert found(mapping) == FieldFacts(type_, nullable)


def test_what_a_query_returns_may_be_empty_unless_the_register_denies_it() -> None:
    query = replace(of(), query="SELECT * FROM records WHERE customer_id IN :customer_id", key="id")
    assert found(FieldMapping(column="text"), query) == FieldFacts(FieldType.STRING, True)
    assert found(FieldMapping(column="text", nullable=False), query) == FieldFacts(FieldType.STRING, False)
    assert found(FieldMapping(column="computed"), query) == FieldFacts(None, True)


def test_without_a_catalogue_only_what_is_stated_is_known() -> None:
    made = of(
        a=FieldMapping(column="text"), b=FieldMapping(column="text", type=FieldType.STRING, nullable=True)
    )
    facts = mapping_facts(made)
    assert [facts[name].is_whole for name in ("a", "b")] == [False, True]
