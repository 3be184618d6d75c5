"""The tables of delivery: links to packages, the downloads that they start, and packages that were replaced."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from dsar_export.model.request import Right
from dsar_export.requests.metadata import METADATA
from dsar_export.requests.tables import REQUESTS, Word
from dsar_export.requests.times import Moment


def _of_a_request() -> Column[str]:
    return Column(
        "reference", Text, ForeignKey(REQUESTS.c.reference, ondelete="CASCADE"), nullable=False, index=True
    )


LINKS: Final = Table(
    "download_links",
    METADATA,
    Column("token_hash", Text, primary_key=True),
    _of_a_request(),
    Column("right", Word(Right), nullable=False),
    Column("package", Text, nullable=False),
    Column("contact_index", Text),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("most", Integer, nullable=False),
    Column("started", Integer, nullable=False),
    Column("revoked_at", Moment),
    Column("reminded_at", Moment),
    Column("epoch", Text, nullable=False),
)

DOWNLOADS: Final = Table(
    "downloads",
    METADATA,
    Column("download_hash", Text, primary_key=True),
    Column(
        "token_hash", Text, ForeignKey(LINKS.c.token_hash, ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("started_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("blocks", LargeBinary),
)

RETIRED_PACKAGES: Final = Table(
    "retired_packages",
    METADATA,
    _of_a_request(),
    Column("right", Word(Right), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("manifest_hmac", Text),
    Column("attempt", Integer, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("retired_at", Moment, nullable=False),
    PrimaryKeyConstraint("reference", "attempt", "right"),
)
