"""Separates the gaps that a package states from those that only show that the register is out of date."""

from collections.abc import Sequence
from dataclasses import dataclass

from dsar_export.model.outcome import Gap
from dsar_export.model.package import DatasetAnswer


@dataclass(frozen=True)
class Gaps:
    """`stated` are in the package; `register_behind` do not concern this person's data and are shown only to staff."""

    stated: tuple[Gap, ...]
    register_behind: tuple[Gap, ...]


def split_gaps(source_gaps: Sequence[Gap], answers: Sequence[DatasetAnswer]) -> Gaps:
    """The gaps of the sources and of the datasets, split by whether they concern this person.

    A column that the register does not mention is missing only from rows that were found. If a table was searched in
    full by its keys and has no row of the person, nothing is missing.
    """
    without_rows = {a.dataset.name for a in answers if not a.outcome.read and not a.gaps}
    register_behind = tuple(gap for gap in source_gaps if gap.within_rows and gap.dataset in without_rows)
    stated = [gap for gap in source_gaps if gap not in register_behind]
    return Gaps((*stated, *(gap for answer in answers for gap in answer.gaps)), register_behind)
