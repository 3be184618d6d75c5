"""Who may approve: a rule over who took part in a request, without any look at the database."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Final

from dsar_export.model.approval import ApprovalPolicy
from dsar_export.model.people import Grant, Role

_COMMA: Final = ","


@dataclass(frozen=True)
class TookPart:
    """The people who formed what a package will hold."""

    opened_by: str
    corrected_by: str | None = None
    """Who replaced the identifiers last."""
    verified_by: str | None = None
    collected_by: str | None = None
    decided_by: frozenset[str] = frozenset()
    """Who chose the person or accepted gaps; sending back or refusing forms nothing."""

    @property
    def everybody(self) -> frozenset[str]:
        columns = {self.opened_by, self.corrected_by, self.verified_by, self.collected_by} | self.decided_by
        return frozenset(name for names in columns if names is not None for name in names.split(_COMMA))


def one_more(names: str | None, person: str) -> str:
    """A column of those who did something one after another, with one more; no name has a comma."""
    before = [] if names is None else names.split(_COMMA)
    return _COMMA.join(dict.fromkeys([*before, person]))


def datasets_seen(person: str, grants: Iterable[Grant]) -> frozenset[str] | None:
    """The datasets that a person may review by these grants; None if all."""
    own = [held for held in grants if held.person == person and held.role is Role.REVIEWER]
    if any(not held.datasets for held in own):
        return None
    return frozenset(name for held in own for name in held.datasets)


def may_approve(
    person: str,
    grants: Iterable[Grant],
    policy: ApprovalPolicy,
    took_part: TookPart,
    datasets: Set[str],
) -> bool:
    """Whether a person may approve a package with these datasets, by the grants that hold at its controller now."""
    held = [one for one in grants if one.person == person and one.role is Role.REVIEWER]
    if not held:
        return False
    seen = datasets_seen(person, held)
    if seen is not None and not datasets <= seen:
        return False  # nobody approves what they may not look at
    return policy is not ApprovalPolicy.FOUR_EYES or person not in took_part.everybody


def who_may_approve(
    grants: Iterable[Grant], policy: ApprovalPolicy, took_part: TookPart, datasets: Set[str]
) -> tuple[str, ...]:
    """The names of all who may approve; if there are none, staff must be told."""
    held = tuple(grants)
    names = sorted({one.person for one in held})
    return tuple(name for name in names if may_approve(name, held, policy, took_part, datasets))
