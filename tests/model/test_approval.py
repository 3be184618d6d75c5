"""One approval covers all packages of a request, so the strictest policy of their rights holds."""

from collections.abc import Mapping

import pytest

from dsar_export.model.approval import ApprovalPolicy
from dsar_export.model.request import Right
from tests.builders import contents
from tests.replacing import replace

FOUR_EYES, ONE_PERSON, AUTOMATIC = ApprovalPolicy
ACCESS, PORTABILITY = Right


@pytest.mark.parametrize(
    ("approval", "strictest"),
    [
        ({ACCESS: FOUR_EYES, PORTABILITY: AUTOMATIC}, FOUR_EYES),
        ({ACCESS: AUTOMATIC, PORTABILITY: FOUR_EYES}, FOUR_EYES),
        ({ACCESS: ONE_PERSON, PORTABILITY: AUTOMATIC}, ONE_PERSON),
        ({ACCESS: AUTOMATIC, PORTABILITY: AUTOMATIC}, AUTOMATIC),
        ({PORTABILITY: AUTOMATIC}, ONE_PERSON),
        ({}, ONE_PERSON),
    ],
)
def test_the_strictest_policy_holds(
    approval: Mapping[Right, ApprovalPolicy], strictest: ApprovalPolicy
) -> None:
    controller = replace(contents().controller, approval=approval)
    assert controller.approval_of(*Right) is controller.approval_of(*reversed(Right)) is strictest
    for right in Right:
        assert controller.approval_of(right) is approval.get(right, ONE_PERSON)
