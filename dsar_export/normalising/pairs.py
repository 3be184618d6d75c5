"""Fields that are made from two cells of a row: a local time and its zone, an amount and its currency."""

from collections.abc import Callable, Mapping

from dsar_export.model.field_mapping import FieldMapping
from dsar_export.normalising import Unfit
from dsar_export.normalising.cells import Convert
from dsar_export.normalising.instants import instant, zone_named
from dsar_export.normalising.numbers import scaled_decimal

Pair = Callable[[object, object], object]


def paired(mapping: FieldMapping) -> tuple[str, Pair] | None:
    """The second column that a field needs, with the conversion of both cells; None if one column is enough."""
    if mapping.zone_column is not None:
        return mapping.zone_column, lambda cell, zone: instant(cell, zone_named(zone), mapping.repeated_hour)
    if mapping.currency_column is not None and mapping.minor_units is not None:
        return mapping.currency_column, _minor(mapping.minor_units)
    return None


def _minor(places: Mapping[str, int]) -> Pair:
    scale: dict[str, Convert] = {name: scaled_decimal(f"1/{10**digits}") for name, digits in places.items()}

    def convert(cell: object, currency: object) -> object:
        try:
            return scale[str(currency)](cell)
        except KeyError:
            raise Unfit("amount in a currency of known minor units") from None

    return convert
