"""The legal entity that answers, as register.toml describes it."""

from collections.abc import Mapping
from dataclasses import field

from dsar_export.model.approval import ApprovalPolicy
from dsar_export.model.clock import ClockTable
from dsar_export.model.delivery import PassphraseWay
from dsar_export.model.request import Right
from dsar_export.model.toml_table import toml_table
from dsar_export.model.undecided import Detail


@toml_table
class Authority:
    """The supervisory authority of a controller."""

    name: str
    url: str


@toml_table
class OwnRecords:
    """How long `purge` leaves what this tool itself keeps about requests; ISO 8601, in whole days, such as `P3Y`."""

    drafts: str = "P30D"
    """Drafts and packages, from the end of their request."""
    unfetched: str = "P90D"
    """Packages that nobody fetched, from when they were published; then their request expires."""
    requests: str = "P3Y"
    """Requests with their identifiers, decisions and notes, from their end."""
    trail: str = "P6Y"
    """Entries of the trail, from when they were written. It is one chain: the longest of all controllers holds."""
    recipients: tuple[str, ...] | None = None
    """Who receives them, such as a service that sends mail; `[]` for nobody. A person's earlier requests show it."""


@toml_table
class Controller:
    """The legal entity that answers requests."""

    name: str
    address: str
    country: str
    """Two-letter ISO 3166 code."""
    language: str
    """BCP 47 tag of the language in which it answers."""
    time_zone: str
    """IANA name of the time zone for times in the report."""
    contact: str
    """Where the person can ask questions, object, or ask for a correction."""
    authority: Authority
    approval: Mapping[Right, ApprovalPolicy] = field(default_factory=dict)
    """Who approves a package of each right; if missing, one reviewer. For several rights, the strictest holds."""
    own_records: OwnRecords = field(default_factory=OwnRecords)
    """How long this tool keeps its own records of this controller's requests."""
    clock: ClockTable = field(default_factory=ClockTable)
    """By which public holidays and rules its answers are due."""
    passphrase_by: tuple[PassphraseWay, ...] = (PassphraseWay.CODE, PassphraseWay.STAFF, PassphraseWay.LOGIN)
    """How a passphrase reaches a person who has a link; `staff` or `post`, as a person may have a single address."""
    undecided: tuple[Detail, ...] = ()
    """What is written here only until somebody writes what is right; `check` counts it."""

    def __post_init__(self) -> None:
        if not {PassphraseWay.STAFF, PassphraseWay.POST} & {*self.passphrase_by}:
            raise ValueError("passphrase_by needs staff or post, as a person may have a single address")

    def approval_of(self, right: Right, *more: Right) -> ApprovalPolicy:
        """Who approves the packages of these rights: one approval covers all, so the strictest policy holds.

        Four eyes are stricter than one person, and one person is stricter than the program.
        """
        held = {self.approval.get(each, ApprovalPolicy.ONE_PERSON) for each in (right, *more)}
        return next(policy for policy in ApprovalPolicy if policy in held)
