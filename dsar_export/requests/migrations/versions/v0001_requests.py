"""The tables of the life of a request."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates all tables."""
    _requests()
    _identifiers()
    _decisions()
    _packages()
    _notes()
    _pauses()
    _codes()
    _outbox()
    _complaints()
    _people()
    _installation()
    _trail()


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("state", "rights", "controller", "language", "channel")
        ),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("assigned_to", sa.Text()),
        sa.Column("group_reference", sa.Text()),
        sa.Column("subject_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("verified_by", sa.Text()),
        sa.Column("verified_at", sa.BigInteger()),
        sa.Column("evidence_sealed", sa.LargeBinary()),
        sa.Column("corrected_by", sa.Text()),
        sa.Column("mandate_by", sa.Text()),
        sa.Column("collected_by", sa.Text()),
        sa.Column("draft", sa.Text()),
        sa.Column("draft_key_sealed", sa.LargeBinary()),
        *(
            sa.Column(name, sa.Text())
            for name in ("ledger_hash", "approved_ledger_hash", "approved_decisions_hash")
        ),
        sa.Column("approved_by", sa.Text()),
        sa.Column("refusal_proposed_at", sa.BigInteger()),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("failed_step", sa.Text()),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("hold_until", sa.BigInteger()),
        sa.Column("hold_reason_sealed", sa.LargeBinary()),
        *_clock(),
        sa.PrimaryKeyConstraint("reference", name="pk_requests"),
    )
    op.create_index("ix_requests_state", "requests", ["state"])
    op.create_index("ix_requests_group_reference", "requests", ["group_reference"])


def _clock() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        *(
            sa.Column(name, sa.BigInteger())
            for name in ("identity_asked_at", "fee_asked_at", "fee_paid_at", "extended_at")
        ),
        sa.Column("extended_by", sa.Text()),
        sa.Column("extension_reason_sealed", sa.LargeBinary()),
    )


def _of_a_request(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reference", "number", name=f"pk_{table}"),
        _goes_with_its_request(table),
    )


def _goes_with_its_request(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["reference"], ["requests.reference"], name=f"fk_{table}_reference", ondelete="CASCADE"
    )


def _identifiers() -> None:
    op.create_table(
        "request_identifiers",
        *_of_a_request("request_identifiers"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value_index", sa.Text(), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proven_by", sa.Text()),
    )
    op.create_index("ix_request_identifiers_value_index", "request_identifiers", ["value_index"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        *_of_a_request("decisions"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.Text()),
        sa.Column("ground", sa.Text()),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("objective_sealed", sa.LargeBinary()),
        sa.Column("subjective_sealed", sa.LargeBinary()),
    )


def _packages() -> None:
    op.create_table(
        "packages",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("file", sa.Text()),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("manifest_hmac", sa.Text()),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reference", "right", name="pk_packages"),
        _goes_with_its_request("packages"),
    )


def _notes() -> None:
    op.create_table(
        "notes",
        *_of_a_request("notes"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
    )


def _pauses() -> None:
    op.create_table(
        "pauses",
        *_of_a_request("pauses"),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("by", sa.Text(), nullable=False),
    )


def _codes() -> None:
    op.create_table(
        "codes",
        *_of_a_request("codes"),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("code_mac", "contact_index", "found_by_index", "sender", "epoch")
        ),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
    )
    for column in ("contact_index", "found_by_index", "sender"):
        op.create_index(f"ix_codes_{column}", "codes", [column])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("mail_sealed", sa.LargeBinary()),
        sa.Column("contact_index", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger()),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("failure", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(
            ["reference"], ["requests.reference"], name="fk_outbox_reference", ondelete="CASCADE"
        ),
    )
    for column in ("reference", "state", "contact_index"):
        op.create_index(f"ix_outbox_{column}", "outbox", [column])


def _complaints() -> None:
    op.create_table(
        "complaints",
        *_of_a_request("complaints"),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger()),
        sa.Column("acknowledged_by", sa.Text()),
        sa.Column("answered_at", sa.BigInteger()),
        sa.Column("answered_by", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.Column("answer_sealed", sa.LargeBinary()),
    )
    op.create_index("ix_complaints_answered_at", "complaints", ["answered_at"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uid", sa.BigInteger()),
        sa.Column("disabled_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("name", name="pk_people"),
        sa.UniqueConstraint("uid", name="uq_people_uid"),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("controller", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("datasets", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
        sa.ForeignKeyConstraint(["person"], ["people.name"], name="fk_grants_person"),
    )
    op.create_index("ix_grants_person", "grants", ["person", "controller", "role"])
    op.create_table(
        "own_identifiers",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("value_index", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person", "value_index", name="pk_own_identifiers"),
        sa.ForeignKeyConstraint(["person"], ["people.name"], name="fk_own_identifiers_person"),
    )


def _installation() -> None:
    op.create_table(
        "installation",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_installation"),
    )


def _trail() -> None:
    op.create_table(
        "trail",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("reference", "controller", "reason_code")),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_trail"),
    )
    op.create_index("ix_trail_reference", "trail", ["reference"])
    op.create_table(
        "trail_checkpoint",
        sa.Column("slot", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name="pk_trail_checkpoint"),
        sa.CheckConstraint("slot = 1", name="ck_trail_checkpoint_one_row"),
    )
