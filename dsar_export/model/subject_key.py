"""The column that identifies the owner of a row, and the way to it."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property

from dsar_export.model.column_names import Columns, column_names, require_columns
from dsar_export.model.comparison import Comparison, Constant, Match, require_telephones
from dsar_export.model.toml_table import toml_table


@toml_table
class Step:
    """One step from a row to the single row of another table that it belongs to."""

    column: Columns
    """The column of the row that refers to `table`, or a list if its key has several."""
    table: str
    """The table with the row that it belongs to."""
    key: Columns
    """The unique column of `table` that holds the same value; a list in the order of `column` if there are several."""
    where: Mapping[str, Constant] = field(default_factory=dict, hash=False)
    """Values that other columns of the row must have, if `column` refers to several tables."""
    no_where: str | None = None
    """Beside a column such as `owner_type`: why `column` refers to only one table."""

    def __post_init__(self) -> None:
        require_columns("column", self.column)
        require_columns("key", self.key)
        if len(self.columns) != len(self.keys):
            raise ValueError("column and key must name equally many columns, in the same order")

    @property
    def columns(self) -> tuple[str, ...]:
        """Each column of the row that refers to `table`."""
        return column_names(self.column)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of `table`, in the order of `columns`."""
        return column_names(self.key)


@toml_table
class SubjectKey:
    """The column that identifies the owner of a row: in the row's own table, or in the last table of `through`."""

    column: str
    identifier: str
    """The kind of identifier that the column holds."""
    match: Match = Match.EXACT
    region: str | None = None
    """With `e164`: the ISO country whose telephone numbers are written without a country code."""
    region_column: str | None = None
    """With `e164`: the column beside it with each number's own ISO country; `region` is for rows without one."""
    hmac_key: str | None = None
    """With `hmac`: `env:NAME` of the key; the column holds the hexadecimal HMAC-SHA256 of the lower-case value."""
    where: Mapping[str, Constant] = field(default_factory=dict, hash=False)
    """Values that columns beside it must have, such as `owner_type = "customer"`; other rows are somebody else's."""
    no_where: str | None = None
    """Beside a column such as `owner_type`: why the column holds only one kind of identifier."""
    nobody: tuple[str, ...] | None = None
    """Values that belong to nobody, such as `0` for guests; `[]` if every value is somebody's."""
    through: tuple[Step, ...] = ()
    """The steps from a row to the table with the column, if that is another table."""
    tenant_column: str | None = None
    """The column beside it with the company that each row belongs to, if several share the table."""
    proves: bool = True
    """Whether the key makes a row the subject's even if another key names somebody else; false for a device."""
    no_tenant: str | None = None
    """In a source of several companies: why the key alone can't find another company's row."""

    def __post_init__(self) -> None:
        _ = self.comparison
        require_telephones(self.match, self.region_column)

    @cached_property
    def comparison(self) -> Comparison:
        return Comparison(self.match, self.region, self.hmac_key)

    def conditions(self) -> Iterator[tuple[int, str, Constant]]:
        """Every column that must have a constant: the number of steps to its table, its name, the constant."""
        for at, where in enumerate((*(step.where for step in self.through), self.where)):
            yield from ((at, column, constant) for column, constant in where.items())

    @cached_property
    def constants(self) -> tuple[Constant, ...]:
        """The required values of the cells that follow key and tenant, in their order."""
        return tuple(constant for _, _, constant in self.conditions())

    @cached_property
    def width(self) -> int:
        """How many cells of a row decide whether this key makes it the subject's: key, tenant, one per condition."""
        return 2 + len(self.constants)
