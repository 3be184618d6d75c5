"""Under four eyes nobody approves what they took part in."""

import pytest

from dsar_export.model.approval import ApprovalPolicy
from dsar_export.model.people import Grant, Role
from dsar_export.requests.four_eyes import (
    TookPart,
    datasets_seen,
    may_approve,
    one_more,
    who_may_approve,
)
from tests.replacing import replace
from tests.requests.installations import AT

ADA = Grant("ada", "acme", Role.REVIEWER, AT)
BOB = replace(ADA, person="bob")
NOT_HERS = TookPart(opened_by="eve", verified_by="eve", collected_by="eve")
ORDERS = frozenset({"orders"})
FOUR_EYES = ApprovalPolicy.FOUR_EYES


def test_a_reviewer_without_any_part_in_it_approves() -> None:
    assert may_approve("ada", [ADA], FOUR_EYES, NOT_HERS, ORDERS)


@pytest.mark.parametrize(
    "part",
    [
        replace(NOT_HERS, opened_by="ada"),
        replace(NOT_HERS, verified_by="ada"),
        replace(NOT_HERS, collected_by="ada"),
        replace(NOT_HERS, decided_by=frozenset({"ada"})),
    ],
)
def test_a_part_in_it_forbids_approving_under_four_eyes_only(part: TookPart) -> None:
    assert not may_approve("ada", [ADA], FOUR_EYES, part, ORDERS)
    assert may_approve("ada", [ADA], ApprovalPolicy.ONE_PERSON, part, ORDERS)
    assert may_approve("ada", [ADA], ApprovalPolicy.AUTOMATIC, part, ORDERS)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.REVIEWER}))
@pytest.mark.parametrize("policy", ApprovalPolicy)
def test_only_reviewers_approve(role: Role, policy: ApprovalPolicy) -> None:
    assert not may_approve("ada", [replace(ADA, role=role), BOB], policy, NOT_HERS, ORDERS)


def test_nobody_approves_datasets_that_they_may_not_see() -> None:
    limited = replace(ADA, datasets=("orders",))
    mails = replace(ADA, datasets=("mails",))
    both = frozenset({"orders", "mails"})
    assert may_approve("ada", [limited], FOUR_EYES, NOT_HERS, ORDERS)
    assert not may_approve("ada", [limited], FOUR_EYES, NOT_HERS, both)
    assert not may_approve("ada", [limited, BOB], FOUR_EYES, NOT_HERS, both)
    assert may_approve("ada", [limited, mails], FOUR_EYES, NOT_HERS, both)
    assert may_approve("ada", [limited, ADA], FOUR_EYES, NOT_HERS, both)


def test_a_reviewer_sees_the_datasets_of_all_grants_together() -> None:
    grants = [replace(ADA, datasets=("orders",)), replace(ADA, datasets=("mails",)), BOB]
    assert datasets_seen("ada", grants) == frozenset({"orders", "mails"})
    assert datasets_seen("bob", grants) is None
    assert datasets_seen("eve", grants) == frozenset()


def test_it_is_known_who_is_left_to_approve() -> None:
    hers = replace(NOT_HERS, collected_by="ada")
    assert who_may_approve([BOB, ADA], FOUR_EYES, NOT_HERS, ORDERS) == ("ada", "bob")
    assert who_may_approve([BOB, ADA], FOUR_EYES, hers, ORDERS) == ("bob",)
    assert who_may_approve([ADA], FOUR_EYES, hers, ORDERS) == ()
    limited = replace(ADA, datasets=("mails",))
    assert who_may_approve([BOB, limited], FOUR_EYES, NOT_HERS, ORDERS) == ("bob",)


def test_whoever_has_another_role_does_not_approve_by_the_grant_of_a_reviewer() -> None:
    assert not may_approve("ada", [replace(BOB, person="eve")], FOUR_EYES, NOT_HERS, frozenset())


def test_several_who_did_something_are_each_barred() -> None:
    both = one_more(one_more(None, "ada"), "bob")
    assert (both, one_more(both, "ada")) == ("ada,bob", "ada,bob")
    part = replace(NOT_HERS, collected_by=both)
    assert part.everybody == {"eve", "ada", "bob"}
    assert not may_approve("ada", [ADA], FOUR_EYES, part, ORDERS)
