"""How a stored identifier is compared with the subject's."""

from dataclasses import dataclass
from enum import StrEnum

Constant = str | int | bool
"""A value that a column must have under `where`."""


class Match(StrEnum):
    """Which identifiers are equal."""

    EXACT = "exact"
    CASEFOLD = "casefold"
    E164 = "e164"
    HMAC = "hmac"


class Strength(StrEnum):
    """Whether a link proves that two identifiers are one person's, or only suggests it.

    A reference leads from a person to what their row points to, such as an address, which others may share.
    """

    STRONG = "strong"
    WEAK = "weak"
    REFERENCE = "reference"


def require_telephones(match: Match, region_column: str | None) -> None:
    """ValueError for a column of regions where no telephone numbers are compared."""
    if region_column is not None and match is not Match.E164:
        raise ValueError('region_column needs match = "e164"; drop it')


@dataclass(frozen=True)
class Comparison:
    """A rule of comparison and what it needs: a region for telephone numbers, the name of a key for hashes."""

    match: Match = Match.EXACT
    region: str | None = None
    hmac_key: str | None = None

    def __post_init__(self) -> None:
        if (self.match is Match.E164) != (self.region is not None):
            raise ValueError(
                'match = "e164" and region (such as "GB") need each other: write both or neither'
            )
        if (self.match is Match.HMAC) != (self.hmac_key is not None):
            raise ValueError(
                'match = "hmac" and hmac_key (such as "env:NAME") need each other: write both or neither'
            )
        if self.hmac_key is not None and not self.hmac_key.startswith("env:"):
            raise ValueError(
                "hmac_key must name an environment variable, as env:NAME; never write the key here"
            )
