"""Grounds of refusal hold from a day on, and staff can name each."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from dsar_export.cli.refusal_app import refusal_app
from dsar_export.model.refusal import AbuseProof, RefusalGround, grounds_on, refusal_grounds

RULING = date(2026, 3, 19)
DOCS = Path(__file__).parents[2] / "docs" / "requests.md"


def test_an_abuse_is_a_ground_since_the_ruling_and_not_before() -> None:
    assert "abusive" in grounds_on(RULING)
    assert "abusive" not in grounds_on(RULING - timedelta(days=1))


def test_a_ground_ends_after_its_last_day() -> None:
    ground = RefusalGround("x", "", (), RULING, until=RULING + timedelta(days=1))
    assert [ground.in_force_on(RULING + timedelta(days=n)) for n in (-1, 0, 1, 2)] == [
        False,
        True,
        True,
        False,
    ]


def test_only_an_abuse_takes_two_people() -> None:
    assert [ground.code for ground in refusal_grounds() if ground.proof_by_two_people] == ["abusive"]


@pytest.mark.parametrize(("objective", "subjective"), [("", "b"), ("a", " ")])
def test_half_a_proof_is_none(objective: str, subjective: str) -> None:
    assert not AbuseProof(objective, subjective).complete
    assert AbuseProof("a", "b").complete


def test_the_help_and_the_guide_name_every_ground() -> None:
    (command,) = [
        c for c in refusal_app.registered_commands if c.callback and c.callback.__name__ == "refuse"
    ]
    shown = str(command.callback.__annotations__["ground"].__metadata__[0].help)
    guide = DOCS.read_text(encoding="utf-8")
    for ground in refusal_grounds():
        assert re.search(rf"\b{ground.code}\b", shown), ground.code
        assert f"| `{ground.code}` |" in guide, ground.code
