"""Moments as whole microseconds since 1970: both databases hold the same, and nothing is rounded."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """The microseconds since 1970; ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone; take datetime.now(UTC)")
    return (moment - _EPOCH) // _MICROSECOND


def moment(since_1970: int) -> datetime:
    """The moment in UTC."""
    return _EPOCH + since_1970 * _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """A column of moments."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else moment(value)
