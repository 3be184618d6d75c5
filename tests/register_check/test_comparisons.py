"""A company compares a kind of identifier by one rule: a second rule would hide who else has it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.register_check.changed import KEY_LEFT_OUT, changed, problems

KEY = 'identifier = "customer_id"'
ANOTHER = '\n\n[[subject_keys]]\ncolumn = "text"\nidentifier = "email"'


def compared(*ways: str) -> Mapping[str, str]:
    """A dataset that compares email addresses in these ways."""
    keys = "".join(f"{ANOTHER}\n{way}" for way in ways)
    return {KEY: f"{KEY}{keys}", **KEY_LEFT_OUT}


@pytest.mark.parametrize(
    "ways",
    [
        ['match = "exact"', 'match = "casefold"'],
        [
            'match = "casefold"',
            'match = "hmac"\nhmac_key = "env:HK"',
        ],  # a hash is made from the casefolded text
    ],
)
def test_comparisons_that_fold_alike_are_no_finding(
    ways: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HK", "k")
    assert not [line for line in problems(changed(tmp_path, dataset=compared(*ways))) if "compares" in line]


@pytest.mark.parametrize(
    ("ways", "place", "problem"),
    [
        (
            ['match = "e164"\nregion = "GB"'],
            "records.toml: subject_keys.1: ",
            "compares 'email' by e164 with region 'GB', but elsewhere controller 'acme' compares it by casefold;",
        ),
    ],
)
def test_a_comparison_that_contradicts_a_link_is_found(
    ways: list[str], place: str, problem: str, tmp_path: Path
) -> None:
    found = [line for line in problems(changed(tmp_path, dataset=compared(*ways))) if "compares" in line]
    assert len(found) == 1
    assert found[0].startswith(f"{place}{problem}")


def test_telephone_numbers_of_two_countries_in_one_kind_are_found(tmp_path: Path) -> None:
    numbers = 'identifier = "customer_id"\nmatch = "e164"\nregion = "GB"'
    french = (
        '\n\n[[subject_keys]]\ncolumn = "text"\nidentifier = "customer_id"\nmatch = "e164"\nregion = "FR"'
    )
    found = problems(changed(tmp_path, dataset={KEY: numbers + french, **KEY_LEFT_OUT}))
    (line,) = [line for line in found if "compares" in line]
    assert (
        "by e164 with region 'FR', but elsewhere controller 'acme' compares it by e164 with region 'GB'"
        in line
    )
