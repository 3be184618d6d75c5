"""All tables of the life of a request. Columns named `…_sealed` hold what the vault sealed."""

from enum import StrEnum
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

from dsar_export.model.clock import Ground
from dsar_export.model.complaint import ComplaintOutcome
from dsar_export.model.decision import DecisionKind
from dsar_export.model.delivery import CodePurpose
from dsar_export.model.intake import Channel
from dsar_export.model.mail import MailKind, MailState
from dsar_export.model.people import Role
from dsar_export.model.request import Right, in_order
from dsar_export.requests.metadata import METADATA
from dsar_export.requests.states import State
from dsar_export.requests.times import Moment


class Word(TypeDecorator[StrEnum]):
    """A column of words of an enumeration, stored as text: the program knows them, not the database."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        return None if value is None else self.words(value)


class Rights(TypeDecorator[tuple[Right, ...]]):
    """A column of the rights that a request asks for: their words in the order of `Right`, joined by commas."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Right, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else ",".join(in_order(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Right, ...] | None:  # noqa: ARG002
        return None if value is None else tuple(map(Right, value.split(",")))


REQUESTS: Final = Table(
    "requests",
    METADATA,
    Column("reference", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", Word(State), nullable=False, index=True),
    Column("rights", Rights, nullable=False),
    Column("controller", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("channel", Word(Channel), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("assigned_to", Text),
    Column("group_reference", Text, index=True),
    Column("subject_sealed", LargeBinary, nullable=False),
    Column("verified_by", Text),
    Column("verified_at", Moment),
    Column("evidence_sealed", LargeBinary),
    Column("corrected_by", Text),
    Column("mandate_by", Text),
    Column("collected_by", Text),
    Column("draft", Text),
    Column("draft_key_sealed", LargeBinary),
    Column("ledger_hash", Text),
    Column("approved_ledger_hash", Text),
    Column("approved_decisions_hash", Text),
    Column("approved_by", Text),
    Column("refusal_proposed_at", Moment),
    Column("attempt", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("failed_step", Text),
    Column("changed_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("hold_until", Moment),
    Column("hold_reason_sealed", LargeBinary),
    Column("identity_asked_at", Moment),
    Column("fee_asked_at", Moment),
    Column("fee_paid_at", Moment),
    Column("extended_at", Moment),
    Column("extended_by", Text),
    Column("extension_reason_sealed", LargeBinary),
    Column("passphrase_sealed", LargeBinary),
    Column("subject", Text),
)


def _of_a_request() -> Column[str]:
    return Column("reference", Text, ForeignKey(REQUESTS.c.reference, ondelete="CASCADE"), nullable=False)


def _number() -> Column[int]:
    """Counts from 1 in each request; with the reference, it is the place to which a sealed value is bound."""
    return Column("number", Integer, nullable=False)


IDENTIFIERS: Final = Table(
    "request_identifiers",
    METADATA,
    _of_a_request(),
    _number(),
    Column("kind", Text, nullable=False),
    Column("value_index", Text, nullable=False, index=True),
    Column("value_sealed", LargeBinary, nullable=False),
    Column("proven_by", Text),
    PrimaryKeyConstraint("reference", "number"),
)

FOUND_IDENTIFIERS: Final = Table(
    "found_identifiers",
    METADATA,
    _of_a_request(),
    Column("value_index", Text, nullable=False, index=True),
    PrimaryKeyConstraint("reference", "value_index"),
)

DECISIONS: Final = Table(
    "decisions",
    METADATA,
    _of_a_request(),
    _number(),
    Column("kind", Word(DecisionKind), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("about", Text),
    Column("ground", Text),
    Column("reason_sealed", LargeBinary, nullable=False),
    Column("objective_sealed", LargeBinary),
    Column("subjective_sealed", LargeBinary),
    PrimaryKeyConstraint("reference", "number"),
)

PACKAGES: Final = Table(
    "packages",
    METADATA,
    _of_a_request(),
    Column("right", Word(Right), nullable=False),
    Column("file", Text),
    Column("sha256", Text, nullable=False),
    Column("manifest_hmac", Text),
    Column("attempt", Integer, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("size", BigInteger),
    Column("damaged_at", Moment),
    PrimaryKeyConstraint("reference", "right"),
)

NOTES: Final = Table(
    "notes",
    METADATA,
    _of_a_request(),
    _number(),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("reference", "number"),
)

PAUSES: Final = Table(
    "pauses",
    METADATA,
    _of_a_request(),
    _number(),
    Column("ground", Word(Ground), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("by", Text, nullable=False),
    PrimaryKeyConstraint("reference", "number"),
)

CODES: Final = Table(
    "codes",
    METADATA,
    _of_a_request(),
    _number(),
    Column("code_mac", Text, nullable=False),
    Column("contact_index", Text, nullable=False, index=True),
    Column("found_by_index", Text, nullable=False, index=True),
    Column("sender", Text, nullable=False, index=True),
    Column("epoch", Text, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("used_at", Moment),
    Column("purpose", Word(CodePurpose), nullable=False, server_default=CodePurpose.PROVE.value),
    PrimaryKeyConstraint("reference", "number"),
)

OUTBOX: Final = Table(
    "outbox",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("reference", Text, ForeignKey(REQUESTS.c.reference, ondelete="CASCADE"), index=True),
    Column("kind", Word(MailKind), nullable=False),
    Column("state", Word(MailState), nullable=False, index=True),
    Column("mail_sealed", LargeBinary),
    Column("contact_index", Text, nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment),
    Column("expires_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("ended_at", Moment),
    Column("failure", Text),
)

COMPLAINTS: Final = Table(
    "complaints",
    METADATA,
    _of_a_request(),
    _number(),
    Column("received_at", Moment, nullable=False),
    Column("channel", Word(Channel), nullable=False),
    Column("by", Text, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("acknowledged_at", Moment),
    Column("acknowledged_by", Text),
    Column("answered_at", Moment, index=True),
    Column("answered_by", Text),
    Column("outcome", Word(ComplaintOutcome)),
    Column("answer_sealed", LargeBinary),
    PrimaryKeyConstraint("reference", "number"),
)

PEOPLE: Final = Table(
    "people",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("uid", BigInteger, unique=True),
    Column("disabled_at", Moment),
)

GRANTS: Final = Table(
    "grants",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("person", Text, ForeignKey(PEOPLE.c.name), nullable=False),
    Column("controller", Text, nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("datasets", Text),
    Index(None, "person", "controller", "role"),
)

OWN_IDENTIFIERS: Final = Table(
    "own_identifiers",
    METADATA,
    Column("person", Text, ForeignKey(PEOPLE.c.name), nullable=False),
    Column("value_index", Text, nullable=False),
    PrimaryKeyConstraint("person", "value_index"),
)

INSTALLATION: Final = Table(
    "installation",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
