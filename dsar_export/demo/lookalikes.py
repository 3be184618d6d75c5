"""The people who are easily mistaken for each other, and what an export of each must do."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class LookAlike:
    """Two people, in the British company, who are taken for one by careless software.

    `ambiguous` says whether to ask for either by customer number must stop with a question.
    """

    first: int
    second: int
    ambiguous: bool


NAMESAKES: Final = LookAlike(1, 2, ambiguous=False)
"""Both are Alex Fielding."""

WILDCARD: Final = LookAlike(13, 14, ambiguous=False)
"""jo_lake and joxlake: to a LIKE, the first address matches the second."""

PLUS_ADDRESS: Final = LookAlike(1, 15, ambiguous=False)
"""alex.fielding and alex.fielding+shop: to software that drops what stands behind a plus, one address."""

HOUSEHOLD_TABLET: Final = LookAlike(31, 32, ambiguous=False)
"""One tablet, handed on: the second account uses it from the moment at which the first ceased to."""

SHARED_DEVICE: Final = LookAlike(33, 34, ambiguous=True)
"""One telephone, used with both accounts at the same time."""

RECYCLED_EMAIL: Final = LookAlike(41, 42, ambiguous=False)
"""The first one's address until 2022, which the provider gave to the second one in 2023."""

MERGED: Final = LookAlike(51, 52, ambiguous=True)
"""The first customer number was merged into the second."""

SHARED_EMAIL: Final = LookAlike(61, 62, ambiguous=True)
"""A couple with one address."""

SHARED_PHONE: Final = LookAlike(71, 72, ambiguous=True)
"""Two people of one household with one telephone number."""

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
