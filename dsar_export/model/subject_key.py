"""The column that says whose row it is, and the way to it."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from dsar_export.model.comparison import Comparison, Constant, Match
from dsar_export.model.toml_table import toml_table


@toml_table
class Step:
    """One step from a row to the one row of another table that it belongs to."""

    column: str
    """The column of the row at hand."""
    table: str
    key: str
    """The unique column of that table which holds the same value."""
    where: Mapping[str, Constant] = field(default_factory=dict, hash=False)
    """What other columns of the row at hand must hold, where `column` refers to several tables."""
    no_where: str | None = None
    """Beside a column such as `owner_type`: why `column` refers to one table all the same."""


@toml_table
class SubjectKey:
    """The column that says whose row it is: of the row's own table, or of the one that `through` ends at."""

    column: str
    identifier: str
    """The kind of identifier that the column holds."""
    match: Match = Match.EXACT
    region: str | None = None
    """With `e164`: the ISO country whose telephone numbers are written without a country code."""
    hmac_key: str | None = None
    """With `hmac`: `env:NAME` of the key; the column holds the hexadecimal HMAC-SHA256 of the lower-case value."""
    where: Mapping[str, Constant] = field(default_factory=dict, hash=False)
    """What other columns beside it must hold, such as `owner_type = "customer"`; all other rows are somebody else's."""
    no_where: str | None = None
    """Beside a column such as `owner_type`: why the column holds one kind of identifier all the same."""
    nobody: tuple[str, ...] | None = None
    """Values that name nobody, such as `0` for guests; `[]` says that every value is somebody's."""
    through: tuple[Step, ...] = ()
    """The way from a row to the table with the column, where it is another."""
    tenant_column: str | None = None
    """The column beside it that says which company's row it is, where several share the table."""
    proves: bool = True
    """Whether the key makes a row the subject's though another key names somebody else; false for a device."""
    no_tenant: str | None = None
    """In a source of several companies: why the key alone can't find another company's row."""

    def __post_init__(self) -> None:
        _ = self.comparison

    @property
    def comparison(self) -> Comparison:
        return Comparison(self.match, self.region, self.hmac_key)

    def conditions(self) -> Iterator[tuple[int, str, Constant]]:
        """Every column that must hold a constant: how many steps its table is away, its name, the constant."""
        for at, held in enumerate((*(step.where for step in self.through), self.where)):
            yield from ((at, column, constant) for column, constant in held.items())

    @property
    def constants(self) -> tuple[Constant, ...]:
        """What the cells behind key and tenant must hold, in their order."""
        return tuple(constant for _, _, constant in self.conditions())

    @property
    def width(self) -> int:
        """How many cells of a row say whether this key makes it the subject's: key, tenant, and one a condition."""
        return 2 + len(self.constants)
