"""Which gaps a package states, and which only say that the register has fallen behind."""

from collections.abc import Sequence
from dataclasses import dataclass

from dsar_export.model.outcome import Gap
from dsar_export.model.package import DatasetAnswer


@dataclass(frozen=True)
class Gaps:
    """Those of the package, and those that concern nothing of the person's: staff alone hear of them."""

    stated: tuple[Gap, ...]
    behind: tuple[Gap, ...]


def gaps_of(of_sources: Sequence[Gap], answers: Sequence[DatasetAnswer]) -> Gaps:
    """What was not searched or copied for this person: gaps of sources, and of each dataset.

    A column that nobody has decided on is missing from the rows that were found. Where a table was searched in full
    by its keys and has no row of the person's, nothing is missing.
    """
    without_rows = {a.dataset.name for a in answers if not a.outcome.read and not a.gaps}
    behind = tuple(gap for gap in of_sources if gap.within_rows and gap.dataset in without_rows)
    stated = [gap for gap in of_sources if gap not in behind]
    return Gaps((*stated, *(gap for answer in answers for gap in answer.gaps)), behind)
