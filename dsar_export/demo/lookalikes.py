"""Pairs of people who are easily mistaken for each other, and whether an export must ask about them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class LookAlike:
    """Two customers of the British company whom careless software treats as one.

    `ambiguous` is whether an export of either one by customer number must stop and ask.
    """

    first: int
    second: int
    ambiguous: bool


NAMESAKES: Final = LookAlike(1, 2, ambiguous=False)
"""Both are Alex Fielding."""

WILDCARD: Final = LookAlike(13, 14, ambiguous=False)
"""jo_lake and joxlake: as a LIKE pattern, the first address matches the second."""

PLUS_ADDRESS: Final = LookAlike(1, 15, ambiguous=False)
"""alex.fielding and alex.fielding+shop: the same address to software that drops everything after a plus."""

HOUSEHOLD_TABLET: Final = LookAlike(31, 32, ambiguous=False)
"""One tablet, passed on: the second account uses it from the moment at which the first stopped."""

SHARED_DEVICE: Final = LookAlike(33, 34, ambiguous=True)
"""One phone, used with both accounts at the same time."""

RECYCLED_EMAIL: Final = LookAlike(41, 42, ambiguous=False)
"""An email address that was the first person's until 2022 and that the provider gave to the second in 2023."""

MERGED: Final = LookAlike(51, 52, ambiguous=True)
"""The first customer number was merged into the second."""

SHARED_EMAIL: Final = LookAlike(61, 62, ambiguous=True)
"""A couple with one email address."""

SHARED_PHONE: Final = LookAlike(71, 72, ambiguous=True)
"""Two people in one household with one telephone number."""

LOOK_ALIKES: Final = (
    NAMESAKES,
    WILDCARD,
    PLUS_ADDRESS,
    HOUSEHOLD_TABLET,
    SHARED_DEVICE,
    RECYCLED_EMAIL,
    MERGED,
    SHARED_EMAIL,
    SHARED_PHONE,
)
