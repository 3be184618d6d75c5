"""Which identifiers lead to a dataset, how they compare, and for how long they are one person's."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.field_mapping import EPOCHS
from dsar_export.wiring import register_in
from tests.register_check.changed import KEY_LEFT_OUT, changed, problems

KEY = 'identifier = "customer_id"'
BY_EMAIL: Mapping[str, str] = {KEY: 'identifier = "email"', **KEY_LEFT_OUT}
BY_EMAIL_AT: Mapping[str, str] = {**BY_EMAIL, "order_by": 'valid_at = ["at", "day"]\norder_by'}
TO_EMAIL = 'leads_to_column = "email"'
TO_CUSTOMER = 'leads_to_column = "id"'
TIMES = ("ALTER TABLE customers ADD COLUMN since", "ALTER TABLE customers ADD COLUMN until")


def dated(link: str, valid: str = '{ since = "since", until = "until" }') -> tuple[str, str]:
    """The register with a link that is valid only for a time."""
    return link, f"{link}\nvalid = {valid}"


# What leads to a dataset


def test_a_strong_link_makes_a_dataset_reachable(tmp_path: Path) -> None:
    assert problems(changed(tmp_path, dataset=BY_EMAIL)) == []


def test_the_column_of_a_key_that_is_not_the_persons_own_is_undecided_if_no_record_has_it(
    tmp_path: Path,
) -> None:
    by_email = {old: new for old, new in BY_EMAIL.items() if old not in KEY_LEFT_OUT}
    assert problems(changed(tmp_path, dataset=by_email)) == [
        "records.toml: fields: column records.customer_id is not mapped to any field: map it, or list it under left_out"
    ]


def test_a_weak_link_does_not_make_it_reachable_because_it_never_selects_data(tmp_path: Path) -> None:
    (found,) = problems(
        changed(tmp_path, register=(TO_EMAIL, f'{TO_EMAIL}\nstrength = "weak"'), dataset=BY_EMAIL)
    )
    assert found == (
        "records.toml: subject_keys.0.identifier: no strong link of controller 'acme' leads to 'email'; "
        "valid names: customer_id"
    )


def test_a_kind_that_only_weak_links_know_cannot_stand_for_a_person(tmp_path: Path) -> None:
    weak = {link: f'{link}\nstrength = "weak"' for link in (TO_CUSTOMER, TO_EMAIL)}
    register = {**weak, 'subject = "customer_id"': 'subject = "email"'}
    found = problems(changed(tmp_path, register=register))
    assert "register.toml: subject: unknown kind of identifier 'email'; valid names: customer_id" in found


def test_a_kind_that_people_supply_makes_a_dataset_reachable(tmp_path: Path) -> None:
    by_cookie = {KEY: 'identifier = "cookie_id"', **KEY_LEFT_OUT}
    (found,) = problems(changed(tmp_path / "not", dataset=by_cookie))
    assert "no strong link of controller 'acme' leads to 'cookie_id'" in found
    supplied = ('subject = "customer_id"', 'subject = "customer_id"\nsupplied = ["cookie_id"]')
    assert problems(changed(tmp_path / "supplied", register=supplied, dataset=by_cookie)) == []


def test_a_supplied_kind_that_nothing_knows_is_found_because_it_would_find_nothing(tmp_path: Path) -> None:
    supplied = ('subject = "customer_id"', 'subject = "customer_id"\nsupplied = ["emial"]')
    (found,) = problems(changed(tmp_path, register=supplied))
    assert found == "register.toml: supplied: unknown kind of identifier 'emial'; nearest valid name: email"


def test_every_subject_key_must_be_reachable(tmp_path: Path) -> None:
    second = '[[subject_keys]]\ncolumn = "customer_id"\nidentifier = "card"\n\n[fields]'
    dataset = {
        "[fields]": second,
        "order_by": 'left_out = { customer_id = { reason = "not_personal", note = "n" } }\norder_by',
    }
    (found,) = problems(changed(tmp_path, dataset=dataset))
    assert found.startswith("records.toml: subject_keys.1.identifier: no strong link of controller 'acme'")


# For how long


def test_rows_under_an_identifier_that_changes_hands_need_their_times(tmp_path: Path) -> None:
    (found,) = problems(changed(tmp_path, register=dated(TO_EMAIL), dataset=BY_EMAIL, statement=TIMES))
    assert found.startswith("records.toml: valid_at: 'email' belongs to one person only for a time: ")


def test_rows_with_their_times_are_no_finding(tmp_path: Path) -> None:
    assert problems(changed(tmp_path, register=dated(TO_EMAIL), dataset=BY_EMAIL_AT, statement=TIMES)) == []


def test_a_dated_link_to_another_kind_asks_nothing_of_a_dataset(tmp_path: Path) -> None:
    assert problems(changed(tmp_path, register=dated(TO_EMAIL), statement=TIMES)) == []


def test_what_stands_for_one_person_is_theirs_for_ever_however_they_were_found(tmp_path: Path) -> None:
    assert problems(changed(tmp_path, register=dated(TO_CUSTOMER), statement=TIMES)) == []


@pytest.mark.parametrize(
    ("name", "mapping"),
    [
        ("text", 'at = { column = "at", zone = "Europe/London" }'),  # not a time
        ("when", 'at = { column = "at", zone = "Europe/London" }'),  # missing
        ("at", 'at = { value = "2020-01-01T00:00:00Z" }'),  # the same for every row
        ("at", 'at = { column = "details", path = "/at" }'),  # from JSON, which may be anything
    ],
)
def test_valid_at_needs_a_mapped_time_of_the_row(name: str, mapping: str, tmp_path: Path) -> None:
    whole = 'at = { column = "at", zone = "Europe/London" }'
    changes = {"order_by": f'valid_at = ["{name}"]\norder_by'} | (
        {} if mapping == whole else {whole: mapping}
    )
    found = problems(changed(tmp_path, dataset=changes))
    assert found[0].startswith(f"records.toml: valid_at: unknown mapped date or time {name!r}; ")


@pytest.mark.parametrize(
    ("valid", "finding"),
    [
        ("{}", "valid: has neither since nor until; name a column, or drop it"),
        ('{ zone = "UTC" }', "valid: has neither since nor until; name a column, or drop it"),
        (
            '{ since = "since", zone = "Europe/Londno" }',
            "valid.zone: unknown time zone 'Europe/Londno'; nearest valid name: Europe/London",
        ),
        ('{ since = "since", unit = "1/100" }', f"valid.unit: expected one of {', '.join(EPOCHS)}"),
        ('{ since = "sinec" }', "valid.since: no column 'sinec' in 'customers'; nearest valid name: since"),
        ('{ until = "untli" }', "valid.until: no column 'untli' in 'customers'; nearest valid name: until"),
    ],
)
def test_an_incomplete_or_wrong_validity_is_found(valid: str, finding: str, tmp_path: Path) -> None:
    (found,) = problems(changed(tmp_path, register=dated(TO_EMAIL, valid), statement=TIMES))
    assert found == f"register.toml: links.1.{finding}"


@pytest.mark.parametrize("unit", EPOCHS)
def test_times_stored_as_numbers_are_no_finding(unit: str, tmp_path: Path) -> None:
    valid = f'{{ since = "since", unit = "{unit}" }}'
    assert problems(changed(tmp_path, register=dated(TO_EMAIL, valid), statement=TIMES)) == []


# How they compare


def refusal(folder: Path, **change: tuple[str, str]) -> str:
    with pytest.raises(RegisterError) as caught:
        register_in(changed(folder, **change).folder)
    return re.sub(r"\.toml:\d+:", ".toml:", str(caught.value))


COMPARED = [
    ('match = "e164"', 'match = "e164" and region (such as "GB") need each other'),
    ('region = "GB"', 'match = "e164" and region (such as "GB") need each other'),
    ('match = "casefold"\nregion = "GB"', 'match = "e164" and region (such as "GB") need each other'),
    ('match = "hmac"', 'match = "hmac" and hmac_key (such as "env:NAME") need each other'),
    ('hmac_key = "env:K"', 'match = "hmac" and hmac_key (such as "env:NAME") need each other'),
    ('match = "hmac"\nhmac_key = "swordfish"', "hmac_key must name an environment variable, as env:NAME"),
]


@pytest.mark.parametrize(("compared", "problem"), COMPARED)
def test_a_comparison_of_a_key_without_what_it_needs_is_refused(
    compared: str, problem: str, tmp_path: Path
) -> None:
    message = refusal(tmp_path, dataset=(KEY, f"{KEY}\n{compared}"))
    assert f"records.toml: subject_keys.0: {problem}" in message
    assert "swordfish" not in message


@pytest.mark.parametrize(("compared", "problem"), COMPARED)
def test_a_comparison_of_a_link_without_what_it_needs_is_refused(
    compared: str, problem: str, tmp_path: Path
) -> None:
    message = refusal(tmp_path, register=(TO_EMAIL, f"{TO_EMAIL}\n{compared}"))
    assert f"register.toml: links.1: {problem}" in message
    assert "swordfish" not in message


@pytest.mark.parametrize(
    "compared", ['match = "e164"\nregion = "GB"', 'match = "hmac"\nhmac_key = "env:DSAR_TEST_KEY"']
)
def test_a_comparison_with_what_it_needs_is_no_finding_but_for_its_index(
    compared: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DSAR_TEST_KEY", "secret of the tests")
    made = changed(
        tmp_path,
        register=('match = "casefold"', compared),
        dataset=(KEY, f"{KEY}\n{compared}"),
    )
    assert all("order_by: no index" in line for line in problems(made))


def test_a_hashed_link_must_lead_to_the_subject_because_it_cannot_be_reversed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DSAR_TEST_KEY", "secret of the tests")
    compared = 'match = "hmac"\nhmac_key = "env:DSAR_TEST_KEY"'
    made = changed(tmp_path, register=(TO_EMAIL, f"{TO_EMAIL}\n{compared}"))
    (found,) = problems(made)
    assert found.startswith("register.toml: links.1.leads_to: a hash can't be reversed")


def test_the_key_of_hashed_identifiers_must_be_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DSAR_TEST_KEY", raising=False)
    compared = 'match = "hmac"\nhmac_key = "env:DSAR_TEST_KEY"'
    made = changed(
        tmp_path,
        register=(TO_EMAIL, f"{TO_EMAIL}\n{compared}"),
        dataset=(KEY, f"{KEY}\n{compared}"),
    )
    missing = [line for line in problems(made) if "hmac_key" in line]
    assert [line.split(": ")[:2] for line in missing] == [
        ["register.toml", "links.1.hmac_key"],
        ["records.toml", "subject_keys.0.hmac_key"],
    ]
    assert all("the environment has no variable DSAR_TEST_KEY; set it" in line for line in missing)


def test_a_title_of_a_kind_of_identifier_that_nothing_uses_is_found(tmp_path: Path) -> None:
    titles = (
        "[sources.main]",
        '[identifiers]\ncustomer_id = "Customer number"\nemial = "Address"\n\n[sources.main]',
    )
    (found,) = problems(changed(tmp_path, register=titles))
    assert (
        found == "register.toml: identifiers: unknown kind of identifier 'emial'; nearest valid name: email"
    )
