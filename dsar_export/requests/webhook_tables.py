"""The tables of webhooks: where other systems are, and what waits to be sent there."""

import json
from typing import Final

from sqlalchemy import Column, Dialect, ForeignKey, Integer, LargeBinary, Table, Text
from sqlalchemy.types import TypeDecorator

from dsar_export.requests.metadata import METADATA
from dsar_export.requests.tables import REQUESTS
from dsar_export.requests.times import Moment


class Names(TypeDecorator[tuple[str, ...]]):
    """A column of names, as a JSON array."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 # SQLAlchemy's signature
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002 # as above
        return None if value is None else tuple(json.loads(value))


WEBHOOKS: Final = Table(
    "webhooks",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("controllers", Names, nullable=False),
    Column("states", Names, nullable=False),
    Column("url_sealed", LargeBinary),
    Column("secret_sealed", LargeBinary),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("ended_at", Moment),
)
"""Without states, one of all states. What is sealed is wiped when it ends; the name stays taken."""

MESSAGES: Final = Table(
    "webhook_messages",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("webhook", Text, ForeignKey(WEBHOOKS.c.name), nullable=False, index=True),
    Column(
        "reference", Text, ForeignKey(REQUESTS.c.reference, ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("body", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("parked_at", Moment),
    Column("failure", Text),
)
"""A row is there as long as its message was not delivered. A body has no personal data."""
