"""Every name in the register that leads nowhere is found, with the nearest valid one."""

from dataclasses import replace
from pathlib import Path

import pytest

from dsar_export.demo import write_organisation
from dsar_export.errors import RegisterError
from dsar_export.register_check.references import broken_references, refuse_broken_references
from dsar_export.wiring import register_in
from tests.register_check.changed import changed, problems
from tests.worlds import World


def test_a_clean_register_has_no_finding(tmp_path: Path) -> None:
    assert problems(changed(tmp_path)) == []


def test_the_demo_has_no_finding(tmp_path: Path) -> None:
    write_organisation(tmp_path / "register", events=10)
    assert problems(World(tmp_path / "register")) == []


NOT_SEARCHED = 'not_searched = { ground = "g", effort = "e", decided_by = "a role" }\n'
US = '[recipients.us]\nname = "n"\nrole = "processor"\ncountry = "US"\ndescription = "d"\n\n'
TRANSFER = (
    '[[transfers]]\nrecipient = "us"\ncountry = "US"\nsafeguard = "A46-2-x"\nsince = 2024-01-01\n'
    'description = "d"\n\n[[promises]]'
)


def test_a_language_without_a_catalogue_is_found_with_the_available_ones(tmp_path: Path) -> None:
    assert problems(changed(tmp_path, register=('language = "en"', 'language = "nl"'))) == [
        "register.toml: controllers.acme.language: reports are not available in 'nl'; choose one of de, en, fr"
    ]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            'time_zone = "Europe/London"',
            'time_zone = "Europe/Londom"',
            "controllers.acme.time_zone: unknown time zone 'Europe/Londom'; nearest valid name: Europe/London",
        ),
        (
            'datasets = ["records"]\n\n[[links]]',
            'datasets = ["recordz"]\n\n[[links]]',
            "promises.0.datasets: unknown dataset 'recordz'; nearest valid name: records",
        ),
        (
            'datasets = ["records"]\n\n[[links]]',
            'datasets = ["records"]\n' + NOT_SEARCHED + "\n[[links]]",
            "promises.0: promise 'records': datasets and not_searched exclude each other; keep one",
        ),
        (
            'datasets = ["records"]\n\n[[links]]',
            "\n[[links]]",
            "promises.0: promise 'records': one of datasets and not_searched is needed",
        ),
        (
            "[[promises]]",
            TRANSFER.replace("-x", "-c"),
            "transfers.0.recipient: unknown recipient 'us'; valid names: none",
        ),
        (
            "[[promises]]",
            US + TRANSFER,
            "transfers.0.safeguard: unknown safeguard 'A46-2-x'; nearest valid name: ",
        ),
        (
            'leads_to = "customer_id"\nsource = "main"',
            'leads_to = "customer_id"\nsource = "mian"',
            "links.0.source: unknown source 'mian'; nearest valid name: main",
        ),
    ],
)
def test_a_broken_reference_of_the_register_is_found_once(
    tmp_path: Path, old: str, new: str, finding: str
) -> None:
    register = register_in(changed(tmp_path, register=(old, new)).folder)
    (found,) = broken_references(register)
    assert f"{found.key}: {found.problem}".startswith(finding)
    assert found.where == str(register.folder / "register.toml")


def test_an_unknown_controller_of_a_source_is_found_first(tmp_path: Path) -> None:
    more = ('controllers = ["acme"]', 'controllers = ["acme", "acmee"]')
    first, *others = problems(changed(tmp_path, register=more))
    expected = "sources.main.controllers: unknown controller 'acmee'; nearest valid name: acme"
    assert first == f"register.toml: {expected}"
    assert all("2 controllers" in line or "'acmee'" in line for line in others)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('source = "main"', 'source = "mian"', "source: unknown source 'mian'; nearest valid name: main"),
        ("service =", "servise =", "purposes: unknown purpose 'servise'; nearest valid name: service"),
        ('"A6-1-b"', '"A6-1-x"', "purposes.service: unknown legal basis 'A6-1-x'; nearest valid name: A6-1-"),
        ('{ service = "A6-1-b" }', "{}", "purposes: a dataset needs at least one purpose"),
        ('recipients = []', 'recipients = ["who"]', "recipients: unknown recipient 'who'; valid names: none"),
        ('= "short"', '= "shirt"', "storage_period: unknown storage period 'shirt'; nearest valid name: short"),
        (
            'identifier = "customer_id"',
            'identifier = "custom_id"',
            "subject_keys.0.identifier: no strong link of controller 'acme' leads to 'custom_id'; nearest",
        ),
        ("day = {", "date = {", "fields: unknown field of schema 'records' 'date'; "),
        ("record_id = {", "amount_id = {", "fields: unknown field of schema 'records' 'amount_id'; "),
        (
            '"at", zone = "Europe/London"',
            '"at", zone = "Europe/Londom"',
            "fields.at.zone: unknown time zone 'Europe/Londom'; nearest valid name: Europe/London",
        ),
        ('column = "day"', 'column = "day", zone = "UTC"', "fields.day.zone: only a time can have a zone; this"),
        ('column = "day"', 'column = "day", unit = "1/100"', "fields.day.unit: the unit '1/100' can't be used for "),
        (
            'column = "amount"',
            'column = "amount", unit = "epoch_seconds"',
            "fields.amount.unit: the unit 'epoch_seconds' can't be used for a field that is decimal",
        ),
        ('column = "at", ', 'column = "at", unit = "1/100", ', "fields.at.unit: the unit '1/100' can't be used for "),
    ],
)  # fmt: skip
def test_a_broken_reference_of_a_dataset_is_found(tmp_path: Path, old: str, new: str, finding: str) -> None:
    register = register_in(changed(tmp_path, dataset=(old, new)).folder)
    first, *others = broken_references(register)
    assert f"{first.key}: {first.problem}".startswith(finding)
    assert first.where == str(register.folder / "datasets" / "records.toml")
    assert len(others) == (1 if "record_id" in old else 0)


def test_a_field_that_the_schema_requires_must_be_mapped(tmp_path: Path) -> None:
    register = register_in(changed(tmp_path, dataset=('record_id = { column = "id" }\n', "")).folder)
    (found,) = broken_references(register)
    assert found.problem == "schema 'records' requires the field 'record_id'; map it"


def test_a_dataset_without_mapped_fields_is_found(tmp_path: Path) -> None:
    register = register_in(changed(tmp_path).folder)
    without = replace(register, datasets=(replace(register.datasets[0], fields={}),))
    first, *_ = broken_references(without)
    assert first.key == "fields"
    assert first.problem.startswith("map at least one column, or leave the table out in register.toml")


def test_a_broken_register_is_refused_with_file_and_key(tmp_path: Path) -> None:
    register = register_in(changed(tmp_path, dataset=('= "short"', '= "shirt"')).folder)
    with pytest.raises(RegisterError, match=r"datasets/records.toml: storage_period: unknown storage period"):
        refuse_broken_references(register)


def test_a_clean_register_is_not_refused(tmp_path: Path) -> None:
    refuse_broken_references(register_in(changed(tmp_path).folder))


def test_a_constant_that_its_field_cannot_take_is_found(tmp_path: Path) -> None:
    made = changed(tmp_path, dataset=('whole = { column = "whole" }', 'whole = { value = "many" }'))
    assert (
        "records.toml: fields.whole.value: is not valid for a field that is integer: expected integer"
        in problems(made)
    )


def test_a_constant_number_is_a_number_in_every_record(tmp_path: Path) -> None:
    made = changed(tmp_path, dataset=('whole = { column = "whole" }', 'whole = { value = "7" }'))
    assert [record["whole"] for record in made.package().json()] == [7]


def test_a_code_that_the_schema_does_not_know_is_found(tmp_path: Path) -> None:
    write_organisation(tmp_path / "register", events=1)
    orders = tmp_path / "register" / "datasets" / "orders.toml"
    text = orders.read_text(encoding="utf-8")
    orders.write_text(text.replace('"shipped"', '"shiped"'), encoding="utf-8")
    (finding,) = problems(World(tmp_path / "register"))
    assert finding.startswith(
        "orders.toml: fields.status.codes: unknown code of the schema 'shiped'; nearest"
    )


def test_a_subject_that_nothing_knows_is_found_because_two_people_would_pass_for_one(tmp_path: Path) -> None:
    made = changed(tmp_path, register=('subject = "customer_id"', 'subject = "customer"'))
    expected = (
        "register.toml: subject: unknown kind of identifier 'customer'; nearest valid name: customer_id"
    )
    assert expected in problems(made)


def test_a_controller_without_a_source_is_found_because_nothing_would_be_searched(tmp_path: Path) -> None:
    acme = World(tmp_path).register_text.partition("[controllers.acme]\n")[2].partition("\n\n")[0]
    made = changed(tmp_path, register=("[sources.main]", f"[controllers.spa]\n{acme}\n\n[sources.main]"))
    assert any(
        line.startswith("register.toml: controllers.spa: no source lists this") for line in problems(made)
    )


def test_a_schema_that_no_validator_takes_is_found(tmp_path: Path) -> None:
    made = changed(tmp_path)
    schema = made.folder / "schemas" / "records.schema.json"
    schema.write_text(schema.read_text(encoding="utf-8").replace("^[+0-9]", "("), encoding="utf-8")
    assert (
        "records.toml: schema: schema 'records' is not a valid JSON Schema 2020-12; correct it"
        in problems(made)
    )


def test_a_credential_in_camel_case_is_found(tmp_path: Path) -> None:
    made = changed(
        tmp_path,
        dataset=('text = { column = "text" }', 'text = { column = "passwordHash" }'),
        statement="ALTER TABLE records RENAME COLUMN text TO passwordHash",
    )
    assert any("'passwordHash' looks like a credential" in line for line in problems(made))
