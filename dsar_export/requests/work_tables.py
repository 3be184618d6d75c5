"""The tables of workers: what is asked of them, their places at sources, and their signs of life."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text

from dsar_export.model.work import Task, WorkStep
from dsar_export.requests.metadata import METADATA
from dsar_export.requests.tables import REQUESTS, Word
from dsar_export.requests.times import Moment

WORK: Final = Table(
    "work",
    METADATA,
    Column("reference", Text, ForeignKey(REQUESTS.c.reference, ondelete="CASCADE"), primary_key=True),
    Column("task", Word(Task), nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False, index=True),
    Column("options", Text, nullable=False),
    Column("heavy", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("not_before", Moment),
    Column("parked_at", Moment),
    Column("failure", Text),
    Column("checkpoint", Text),
    Column("checkpoint_hash", Text),
    Column("step", Word(WorkStep)),
    Column("dataset", Text),
    Column("rows", BigInteger, nullable=False),
    Column("signs", BigInteger, nullable=False),
    Column("alive_at", Moment),
)

PLACES: Final = Table(
    "source_places",
    METADATA,
    Column("reference", Text, ForeignKey(REQUESTS.c.reference, ondelete="CASCADE"), nullable=False),
    Column("source", Text, nullable=False, index=True),
    PrimaryKeyConstraint("reference", "source"),
)

WORKERS: Final = Table(
    "workers",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("alive_at", Moment, nullable=False),
    Column("software", Text, nullable=False),
)
