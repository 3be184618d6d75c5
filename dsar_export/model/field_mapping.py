"""Where a record's field comes from, and how its cells are read."""

import re
from collections.abc import Mapping
from enum import StrEnum

from dsar_export.model.schema import Origin
from dsar_export.model.toml_table import toml_table

_UNIT = re.compile(r"1/10+|[1-9][0-9]*|epoch_seconds|epoch_milliseconds")


class RepeatedHour(StrEnum):
    """Which moment a local time means that a clock change repeats or leaves out."""

    EARLIER = "earlier"
    LATER = "later"
    UNKNOWN = "unknown"


class Binary(StrEnum):
    """How bytes are written in a field of text."""

    HEXADECIMAL = "hexadecimal"
    UUID = "uuid"


@toml_table
class CodeTable:
    """A table of the same source that says what stored codes mean, read anew for every package."""

    table: str
    code: str
    """The column with the code as it is stored."""
    meaning: str
    """The column with what goes into the record."""
    keep_code: bool = False
    """Whether the record has the stored code too, as the field `<field>_code`."""


@toml_table
class FieldMapping:
    """Where a record's field comes from."""

    column: str | None = None
    value: str | None = None
    """The same for every row, such as a currency; in place of a column."""
    path: str | None = None
    """JSON pointer (RFC 6901) to the value within a column that holds JSON."""
    zone: str | None = None
    """IANA time zone of stored times that name none."""
    zone_column: str | None = None
    """The column that holds each row's IANA time zone, in place of `zone`."""
    repeated_hour: RepeatedHour = RepeatedHour.EARLIER
    """What a local time means when clocks change; `unknown` keeps the row beside."""
    unit: str | None = None
    """What one stored unit is worth: `1/100`, `1024`, `epoch_seconds`, `epoch_milliseconds`."""
    currency_column: str | None = None
    """The column that holds the currency of amounts in minor units."""
    minor_units: Mapping[str, int] | None = None
    """With `currency_column`: decimal places by currency, as the source counts, such as `{ GBP = 2, JPY = 0 }`."""
    codes: Mapping[str, str] | None = None
    """Stored code to the schema's value."""
    codes_from: CodeTable | None = None
    """The live table that says what the codes mean, in place of `codes`."""
    binary: Binary | None = None
    """How bytes are written in a field of text; those of the row's own identifiers are hexadecimal by themselves."""
    large_object: bool = False
    """Whether the column holds the number of a large object of PostgreSQL, whose bytes are the value."""
    origin: Origin | None = None
    """Where it differs from the schema's."""
    references: str | None = None
    """The `dataset.field` that this field's values are found in, such as `orders.order_id`."""

    def __post_init__(self) -> None:
        if (self.column is None) == (self.value is None):
            raise ValueError("needs either column or value")
        if self.unit is not None and not _UNIT.fullmatch(self.unit):
            raise ValueError("unit is 1/100 or another power of ten, a whole number, or epoch_seconds")
        if (self.currency_column is None) != (self.minor_units is None):
            raise ValueError("currency_column and minor_units go together")
        if self.large_object and (self.column is None or self.path is not None):
            raise ValueError("large_object is of a column, without a path")
        if self.path is not None and (self.column is None or not self.path.startswith("/")):
            raise ValueError("path is a JSON pointer such as /address/city, into a column")
        for one, other in (("zone", "zone_column"), ("codes", "codes_from"), ("unit", "minor_units")):
            if getattr(self, one) is not None and getattr(self, other) is not None:
                raise ValueError(f"needs either {one} or {other}")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the field is made from."""
        return tuple(c for c in (self.column, self.zone_column, self.currency_column) if c is not None)
