"""Where a record's field comes from, and how its cells are read."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dsar_export.model.field_type import FieldType
from dsar_export.model.schema import Origin
from dsar_export.model.toml_table import toml_table
from dsar_export.model.words import Words

EPOCHS: Final = (
    "epoch_seconds",
    "epoch_milliseconds",
    "epoch_microseconds",
    "epoch_nanoseconds",
    "julian_days",
)
"""The units of times that are stored as numbers: counts since 1970, and days as SQLite's `julianday()` counts them."""

_UNIT: Final = re.compile(rf"1/10+|[1-9][0-9]*|{'|'.join(EPOCHS)}")


_WITH_CODES: Final = (None, FieldType.STRING)


class RepeatedHour(StrEnum):
    """How to read a local time that a clock change repeats or skips."""

    EARLIER = "earlier"
    LATER = "later"
    UNKNOWN = "unknown"


class Binary(StrEnum):
    """How bytes are written in a text field."""

    HEXADECIMAL = "hexadecimal"
    UUID = "uuid"


@toml_table
class CodeTable:
    """A table of the same source that explains stored codes; it is read anew for every package."""

    table: str
    code: str
    """The column with the code as it is stored."""
    meaning: str
    """The column whose value goes into the record."""
    keep_code: bool = False
    """Whether the record also contains the stored code, as the field `<field>_code`."""


@toml_table
class FieldMapping:
    """Where a record's field comes from."""

    column: str | None = None
    value: str | None = None
    """A fixed value for every row, such as a currency; instead of a column."""
    path: str | None = None
    """JSON pointer (RFC 6901) to the value in a column that holds JSON."""
    zone: str | None = None
    """IANA time zone of stored times that do not name one."""
    zone_column: str | None = None
    """The column with each row's IANA time zone, instead of `zone`."""
    repeated_hour: RepeatedHour = RepeatedHour.EARLIER
    """How to read a local time that a clock change repeats or skips; with `unknown`, the row does not conform."""
    unit: str | None = None
    """The value of one stored unit: `1/100`, `1024`; or `epoch_seconds`, `epoch_milliseconds`, `epoch_microseconds`,
    `epoch_nanoseconds` or `julian_days`, if times are stored as numbers."""
    currency_column: str | None = None
    """The column with the currency of amounts in minor units."""
    minor_units: Mapping[str, int] | None = None
    """With `currency_column`: the source's decimal places for each currency, such as `{ GBP = 2, JPY = 0 }`."""
    codes: Mapping[str, str] | None = None
    """Each stored code with the schema's value for it."""
    codes_from: CodeTable | None = None
    """The live table that explains the codes, instead of `codes`."""
    binary: Binary | None = None
    """How bytes are written in a text field. Without it, those of the row's own identifiers are hexadecimal."""
    large_object: bool = False
    """Whether the column holds the number of a PostgreSQL large object, whose bytes are the value."""
    origin: Origin | None = None
    """The field's origin, if it differs from the schema's."""
    references: str | None = None
    """The `dataset.field` in which this field's values are found, such as `orders.order_id`."""
    type: FieldType | None = None
    """What its values are, if no schema describes the field; otherwise the source's catalogue says it."""
    title: Words | None = None
    """In the person's words, if no schema describes the field; otherwise its name, made readable."""
    description: Words | None = None
    """In the person's words, if no schema describes the field."""
    nullable: bool | None = None
    """Whether it may be empty, if no schema describes the field; otherwise the source's catalogue says it."""
    masked: bool = False
    """Whether the report shows only the last characters, such as those of a bank account number."""
    currency: str | None = None
    """The field with the currency of these amounts, if no schema describes the field."""
    meanings: Mapping[str, Words] | None = None
    """Each stored code with what it means, in the person's words; any other code keeps its row beside."""

    def __post_init__(self) -> None:
        if self.column is None and self.value is None:
            raise ValueError("one of column and value is needed")
        if self.column is not None and self.value is not None:
            raise ValueError("column and value exclude each other; keep one")
        if self.unit is not None and not _UNIT.fullmatch(self.unit):
            raise ValueError(
                f"unit must be 1/100 or another power of ten, a whole number, or one of {', '.join(EPOCHS)}"
            )
        if (self.currency_column is None) != (self.minor_units is None):
            raise ValueError("currency_column and minor_units need each other: write both or neither")
        if self.large_object and (self.column is None or self.path is not None):
            raise ValueError("large_object needs a column, and excludes path")
        if self.path is not None and (self.column is None or not self.path.startswith("/")):
            raise ValueError("path must be a JSON pointer such as /address/city, and needs a column")
        for one, other in (("zone", "zone_column"), ("codes", "codes_from"), ("unit", "minor_units")):
            if getattr(self, one) is not None and getattr(self, other) is not None:
                raise ValueError(f"{one} and {other} exclude each other; keep one")
        if self.meanings is not None and (self.codes_from is not None or self.type not in _WITH_CODES):
            raise ValueError("meanings need a field that is a string, and exclude codes_from")

    @property
    def is_described(self) -> bool:
        """Whether the register itself says what the field is."""
        stated = (self.type, self.title, self.description, self.nullable, self.currency, self.meanings)
        return self.masked or any(each is not None for each in stated)

    @property
    def known_codes(self) -> Mapping[str, str] | None:
        """Each stored code with the record's value for it; None if there are no codes."""
        if self.codes is None and self.meanings is not None:
            return {code: code for code in self.meanings}
        return self.codes

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the field's value is made from."""
        return tuple(c for c in (self.column, self.zone_column, self.currency_column) if c is not None)
