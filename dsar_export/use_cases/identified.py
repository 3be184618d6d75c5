"""What an identification says, for whoever shows it: in groups, masked, and in one word."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from dsar_export.model.identity import Reached
from dsar_export.model.periods import BEGINNING, END
from dsar_export.use_cases.identify_person import Identification
from dsar_export.use_cases.masking import masked


class Verdict(StrEnum):
    """What comes of the identifiers."""

    SEVERAL = "several"
    UNCERTAIN = "uncertain"
    """One person, but collecting would stop all the same."""
    ONE = "one"
    UNCLAIMED_ROWS = "unclaimed_rows"
    """Nobody known, but rows are held under them."""
    ONE_WITHOUT_ROWS = "one_without_rows"
    NOBODY = "nobody"


def verdict_of(found: Identification) -> Verdict:
    """The verdict on an identification."""
    if found.people > 1:
        return Verdict.SEVERAL
    if found.ambiguous is not None:
        return Verdict.UNCERTAIN
    if found.held:
        return Verdict.ONE if found.people else Verdict.UNCLAIMED_ROWS
    return Verdict.ONE_WITHOUT_ROWS if found.people else Verdict.NOBODY


def groups_of(found: Identification) -> Mapping[tuple[str, ...], Sequence[str]]:
    """The masked values by kind, origin, link, strength, first and last day: a hundred order numbers are one group."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for reached in (*found.reached, *found.others, *found.referred, *found.suggested):
        group = (
            reached.identifier.kind,
            "given" if reached.parent is None else reached.parent.kind,
            reached.over or "",
            str(reached.strength),
            _first_day(reached),
            _last_day(reached),
        )
        groups.setdefault(group, []).append(masked(reached.identifier.value))
    return groups


def _first_day(reached: Reached) -> str:
    since = reached.periods.spans[0].since if reached.periods else BEGINNING
    return "" if since == BEGINNING else since.date().isoformat()


def _last_day(reached: Reached) -> str:
    until = reached.periods.spans[-1].until if reached.periods else END
    return "" if until == END else until.date().isoformat()
