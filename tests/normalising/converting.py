"""Converts one cell, or returns the rule that it breaks."""

import pytest

from dsar_export.model.field_mapping import Binary, FieldMapping, RepeatedHour
from dsar_export.model.schema import FieldKind
from dsar_export.normalising import Unfit
from dsar_export.normalising.cells import converter


def convert(
    kind: FieldKind,
    cell: object,
    *,
    zone: str | None = None,
    unit: str | None = None,
    codes: dict[str, str] | None = None,
    repeated_hour: RepeatedHour = RepeatedHour.EARLIER,
    binary: Binary | None = None,
) -> object:
    mapping = FieldMapping(
        column="c", zone=zone, unit=unit, codes=codes, repeated_hour=repeated_hour, binary=binary
    )
    return converter(kind, mapping)(cell)


def rule_of(
    kind: FieldKind,
    cell: object,
    *,
    zone: str | None = None,
    unit: str | None = None,
    codes: dict[str, str] | None = None,
    repeated_hour: RepeatedHour = RepeatedHour.EARLIER,
    binary: Binary | None = None,
) -> str:
    with pytest.raises(Unfit) as caught:
        convert(kind, cell, zone=zone, unit=unit, codes=codes, repeated_hour=repeated_hour, binary=binary)
    return caught.value.rule
