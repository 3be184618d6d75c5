"""ISO 8601 durations of whole days, as storage periods use them."""

import re
from collections.abc import Mapping
from typing import Final

_DURATION: Final = re.compile(
    r"P(?:(?P<year>\d{1,12})Y)?(?:(?P<month>\d{1,12})M)?(?:(?P<week>\d{1,12})W)?(?:(?P<day>\d{1,12})D)?",
    re.ASCII,
)


def duration_parts(text: str) -> Mapping[str, int]:
    """The parts of a duration such as `P1Y6M`, by unit: `{"year": 1, "month": 6}`.

    Raises ValueError for any other text, including a duration with hours.
    """
    found = _DURATION.fullmatch(text)
    if found is None or text == "P":
        raise ValueError("duration must be ISO 8601 in years, months, weeks and days, such as P7Y")
    return {unit: int(part) for unit, part in found.groupdict().items() if part is not None}
