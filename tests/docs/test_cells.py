"""Every row of the table "How cells are read" in the guide to the register is true."""

import tomllib
from decimal import Decimal

import pytest

from dsar_export.export.withhold import ReleasedChunk
from dsar_export.model.field_mapping import Binary, FieldMapping
from dsar_export.model.outcome import Record
from tests.docs.tables import rows_of
from tests.export.rows import normalised_as, with_fields
from tests.worlds import COLUMNS

ROWS = rows_of("register.md", "field")
FIELDS = {
    "text": "text",
    "base64": "raw",
    "date-time": "at",
    "date": "day",
    "decimal": "amount",
    "integer": "whole",
    "number": "number",
    "boolean": "flag",
    "object": "details",
    "array": "details",
}
"""A field of the small world for each form of field in the table."""
KEPT_BESIDE = "kept beside"


@pytest.mark.parametrize(("field", "mapping", "cell", "record"), ROWS, ids=[" ".join(r[:3]) for r in ROWS])
def test_a_cell_becomes_what_the_guide_shows_alone_and_between_nulls(
    field: str, mapping: str, cell: str, record: str
) -> None:
    name, keys = FIELDS[field], tomllib.loads(mapping)
    if "binary" in keys:
        keys["binary"] = Binary(keys["binary"])
    dataset = with_fields({name: FieldMapping(column=name, **keys)})
    stored = eval(cell, {"Decimal": Decimal, "float": float})  # noqa: S307 # of our own guide
    for cells in ([stored], [None, stored, None, stored]):
        chunk = normalised_as(dataset, *(_row(name, one) for one in cells))
        texts = ["null" if one is None else record for one in cells]
        records: list[Record] = [{name: made[name]} for made in chunk.records]
        lines = ReleasedChunk(records, [], 0, 0, (), {}).lines.lines.decode()
        written = [f'{{"{name}":{text}}}' for text in texts if text != KEPT_BESIDE]
        assert lines == ",\n".join(written)
        assert len(chunk.nonconforming) == texts.count(KEPT_BESIDE)


def _row(column: str, cell: object) -> tuple[object, ...]:
    return "C-1", None, 1, *(cell if name == column else None for name in COLUMNS)
