"""The tables of the API: tokens, and the answers that are repeated to whoever asks the same again."""

from typing import Final

from sqlalchemy import Column, Dialect, ForeignKey, Integer, LargeBinary, Table, Text
from sqlalchemy.types import TypeDecorator

from dsar_export.model.api import Scope
from dsar_export.requests.metadata import METADATA
from dsar_export.requests.tables import PEOPLE
from dsar_export.requests.times import Moment


class Scopes(TypeDecorator[frozenset[Scope]]):
    """A column of scopes, in order and joined by commas."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[Scope] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else ",".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Scope] | None:  # noqa: ARG002
        return None if value is None else frozenset(map(Scope, value.split(",")))


TOKENS: Final = Table(
    "api_tokens",
    METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("person", Text, ForeignKey(PEOPLE.c.name), nullable=False, unique=True),
    Column("scopes", Scopes, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("epoch", Text, nullable=False),
)

ANSWERS: Final = Table(
    "api_answers",
    METADATA,
    Column("key_hash", Text, primary_key=True),
    Column("asked_hash", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("status", Integer),
    Column("answer_sealed", LargeBinary),
)
