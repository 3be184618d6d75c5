"""How one identifier leads to another: through rows of a table that hold both."""

from collections.abc import Mapping
from dataclasses import field

from dsar_export.model.comparison import Comparison, Constant, Match, Strength, require_telephones
from dsar_export.model.place import LinkAt
from dsar_export.model.toml_table import toml_table


@toml_table
class Validity:
    """The columns of a link's table that hold the period in which the link is valid."""

    since: str | None = None
    """The column with the moment from which the link is valid."""
    until: str | None = None
    """The column with the first moment at which the link is no longer valid."""
    zone: str | None = None
    """IANA time zone of stored times that do not name one."""
    unit: str | None = None
    """If times are stored as numbers: `epoch_seconds`, `epoch_milliseconds`, `epoch_microseconds`,
    `epoch_nanoseconds` or `julian_days`."""


@toml_table
class Link:
    """How one identifier leads to another: through rows of a table that hold both."""

    given: str
    """The kind of identifier that is known."""
    leads_to: str
    """The kind of identifier that is found."""
    subject: str | None = None
    """The kind of people whose link this is, as named under `subjects`; needed if there are several."""
    source: str
    at: LinkAt
    """Where the source has its rows: the collector's own keys."""
    given_column: str
    leads_to_column: str
    match: Match = Match.EXACT
    region: str | None = None
    """With `e164`: the ISO country whose telephone numbers are written without a country code."""
    region_column: str | None = None
    """With `e164`: the column beside it with each number's own ISO country; `region` is for rows without one."""
    hmac_key: str | None = None
    """With `hmac`: `env:NAME` of the key; `given_column` holds the hexadecimal HMAC-SHA256 of the lower-case value."""
    where: Mapping[str, Constant] = field(default_factory=dict, hash=False)
    """Values that other columns of the table must have, such as `owner_type = "customer"`."""
    no_where: str | None = None
    """Beside a column such as `owner_type`: why both columns hold only one kind of identifier each."""
    nobody: tuple[str, ...] | None = None
    """Values of either column that belong to nobody, such as `0` for guests; `[]` if every value is somebody's."""
    strength: Strength = Strength.STRONG
    """A `weak` link (an IP address, a name) is only shown to staff, and never selects data. A `reference` leads to what
    the person's row points to (an address, which others may share): it selects that, and never shows who a person is.
    """
    valid: Validity | None = None
    """The period in which the link is valid, if it is not valid for ever."""
    tenant_column: str | None = None
    """The column with the company that each row belongs to, if several share the table."""
    no_tenant: str | None = None
    """In a source of several companies: why the link can't lead to another company's customer."""

    def __post_init__(self) -> None:
        _ = self.comparison
        require_telephones(self.match, self.region_column)

    @property
    def comparison(self) -> Comparison:
        return Comparison(self.match, self.region, self.hmac_key)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of its table that the link reads."""
        valid = self.valid or Validity()
        optional = (valid.since, valid.until, self.tenant_column, self.region_column)
        return (
            self.given_column,
            self.leads_to_column,
            *(c for c in optional if c is not None),
            *self.where,
        )
