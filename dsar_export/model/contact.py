"""Where a person can be reached, as a source has it: a code that proves who asks goes there, and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dsar_export.model.comparison import Constant, Match
from dsar_export.model.link import Link, Validity
from dsar_export.model.mail import is_one_address
from dsar_export.model.place import LinkAt
from dsar_export.model.request import Identifier
from dsar_export.model.toml_table import toml_table

SETTLED: Final = timedelta(hours=48)
"""How long an address must have been the person's: whoever takes over an account changes it first."""


class ContactKind(StrEnum):
    """What kind of address it is."""

    EMAIL = "email"


@toml_table
class Contact:
    """A table with addresses at which people are reached; only these are read before a request is verified."""

    kind: ContactKind
    given: str
    """The kind of identifier by which the address is found; a code sent there proves it."""
    subject: str | None = None
    """The kind of people who are reached there, as named under `subjects`; needed if there are several."""
    source: str
    at: LinkAt
    """Where the source has its rows: the collector's own keys."""
    given_column: str
    address_column: str
    match: Match = Match.EXACT
    region: str | None = None
    """With `e164`: the ISO country whose telephone numbers are written without a country code."""
    where: Mapping[str, Constant] = field(default_factory=dict, hash=False)
    """Values that other columns of the table must have, such as `kind = "E"`."""
    no_where: str | None = None
    """Beside a column such as `owner_type`: why `given_column` holds only one kind of identifier."""
    nobody: tuple[str, ...] | None = None
    """Values of either column that belong to nobody; `[]` if every value is somebody's."""
    valid: Validity | None = None
    """Since when the address is the person's (no code goes to one that changed of late), and when it was given up."""
    shared: Mapping[str, Constant] = field(default_factory=dict, hash=False)
    """Values of columns that mean that others read what is sent there, such as `household = true`."""
    tenant_column: str | None = None
    """The column with the company that each row belongs to, if several share the table."""
    no_tenant: str | None = None
    """In a source of several companies: why the row can't be another company's customer's."""

    def __post_init__(self) -> None:
        _ = self.link

    @property
    def link(self) -> Link:
        """The same as a link from the identifier to the address."""
        return Link(
            given=self.given,
            leads_to=self.kind.value,
            subject=self.subject,
            source=self.source,
            at=self.at,
            given_column=self.given_column,
            leads_to_column=self.address_column,
            match=self.match,
            region=self.region,
            where=self.where,
            no_where=self.no_where,
            nobody=self.nobody,
            valid=self.valid,
            tenant_column=self.tenant_column,
            no_tenant=self.no_tenant,
        )

    @property
    def shared_link(self) -> Link | None:
        """The link to those of the addresses that others read too; None if the source does not say."""
        return replace(self.link, where={**self.where, **self.shared}) if self.shared else None


@dataclass(frozen=True)
class KnownContact:
    """An address that a source has of a person, as it stands at one moment."""

    address: str = field(repr=False)
    found_by: Identifier
    """The identifier that the request gave; whoever receives a code there has proven it."""
    unchanged_since: datetime
    shared: bool = False
    given_up: bool = False

    def may_prove(self, at: datetime) -> bool:
        """Whether a code may go there: it is the person's alone, and was already before anybody could plan this."""
        return self.is_theirs_alone and self.unchanged_since <= at - SETTLED

    @property
    def is_theirs_alone(self) -> bool:
        """Whether mail about the person may go there; sources have texts among addresses that are none."""
        return not (self.shared or self.given_up) and is_one_address(self.address)
