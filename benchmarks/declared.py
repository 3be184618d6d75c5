"""The benchmark's table as an ORM class, with SQLAlchemy's types for each database."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, DateTime, Integer, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_MOMENT = Text().with_variant(DateTime(timezone=True), "postgresql")


class Declared(DeclarativeBase):
    """The base of the ORM classes."""


class UsageEvent(Declared):
    """One row of the table."""

    __tablename__ = "usage_events"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[str | UUID] = mapped_column(Text().with_variant(Uuid(), "postgresql"))
    occurred_at: Mapped[str | datetime] = mapped_column(_MOMENT)
    received_at: Mapped[str | datetime | None] = mapped_column(_MOMENT)
    event: Mapped[str] = mapped_column(Text)
    ip_address: Mapped[object] = mapped_column(Text().with_variant(INET(), "postgresql"))
    user_agent: Mapped[str | None] = mapped_column(Text)
    duration_ms: Mapped[int | None] = mapped_column(Integer)
    logged_in: Mapped[bool] = mapped_column(Boolean)
    amount: Mapped[str | Decimal | None] = mapped_column(Text().with_variant(Numeric(12, 2), "postgresql"))
    details: Mapped[str | None] = mapped_column(Text)
