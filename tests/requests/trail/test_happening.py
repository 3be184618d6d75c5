"""The trail takes nothing about a person."""

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.requests.trail import Happening
from tests.replacing import replace
from tests.requests.trail.trails import NOON, happening


@pytest.mark.parametrize(
    "fields",
    [
        {"actor": "uid:1000", "action": "send-back", "reason_code": "not_the_subject"},
        {"reference": None, "controller": None, "reason_code": None},
        {"controller": "acme.eu"},
        {"details": {"right": "access", "rights": "access,portability"}},
        {"details": {"ledger": "ab" * 32, "gaps": 0, "dataset": "email_events", "version": 2**53 - 1}},
        {"details": {"group_reference": "DSAR-20261102-ABCD2345", "software": "0.1.0", "key_id": "k2"}},
    ],
)
def test_it_takes_references_codes_counts_and_hashes(fields: dict[str, object]) -> None:
    made = replace(happening(), **fields)
    assert {name: getattr(made, name) for name in fields} == fields


@pytest.mark.parametrize(
    "fields",
    [
        {"actor": "ann@example.org"}, {"actor": "Ann Example"}, {"actor": ""}, {"actor": None},
        {"action": "Approve"}, {"action": "approve it"}, {"action": None}, {"action": "approve\n"},
        {"reference": "ann@example.org"}, {"reference": "C-1"}, {"reference": "DSAR-20261102-ABCD2345\n"},
        {"controller": "acme, for Ann"}, {"reason_code": "she is not the subject"}, {"reason_code": 7},
        {"at": 0}, {"at": -1}, {"at": 1.5}, {"at": True}, {"at": None}, {"at": 2**53},
        {"details": {"version": -1}}, {"details": {"version": True}}, {"details": {"version": 2**53}},
        {"details": {"version": "3"}}, {"details": {"state": 3}}, {"details": {"state": "in review"}},
        {"details": {"rights": "access, portability"}}, {"details": {"rights": ""}},
        {"details": {"ledger": "not a hash"}}, {"details": {"dataset": "anyone@example.org"}},
        {"details": {"dataset": "a" * 65}}, {"details": {"key_id": "x\u0661"}}, {"details": {"gaps": None}},
    ],
)  # fmt: skip
def test_it_refuses_everything_else_and_shows_nothing_of_it(fields: dict[str, object]) -> None:
    with pytest.raises(WrongUseError) as refused:
        replace(happening(), **fields)
    for value in fields.values():
        given = next(iter(value.values())) if isinstance(value, dict) else value
        assert not isinstance(given, str) or not given or given not in str(refused.value)


@pytest.mark.parametrize("name", ["name", "email", "ann@example.org", "", 7])
def test_it_refuses_details_that_are_not_on_the_list(name: str) -> None:
    with pytest.raises(WrongUseError, match="these details only: assignee, attempt, ") as refused:
        happening(details={name: "value"})
    assert "example.org" not in str(refused.value)


def test_nobody_changes_details_after_they_were_checked() -> None:
    details: dict[str, str | int] = {"version": 1}
    made = Happening(NOON, "ann", "approve", details=details)
    details["name"] = "somebody"
    assert made.details == {"version": 1}
    with pytest.raises(TypeError):
        made.details["name"] = "somebody"  # type: ignore[index] # that is what must fail
