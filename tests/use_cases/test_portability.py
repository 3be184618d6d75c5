"""Portability (Art. 20) from register to package: what goes, what is left out with its reason, and the sums."""

import json
from pathlib import Path

import pytest

from dsar_export.inspection import inspect_package
from dsar_export.model.request import Right
from tests.cli.commands import export_arguments, in_this_process
from tests.worlds import LOGIC, OBTAINED_FROM, PASSPHRASE, SUBJECT, OpenPackage, World, open_package

ROWS = (
    {"text": "one", "whole": 7, "day": "2026-01-02"},
    {"text": "two", "whole": 8},
    {"text": "three", "whole": 9, "day": "no day at all"},
)
NOT_BY_CONSENT = (
    "not portable: we use it neither with your consent nor for a contract with you (Art. 20(1)(a) UK GDPR)"
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Records by contract, one field of which was derived and one acquired; scores by legitimate interest."""
    made = World(tmp_path / "register")
    made.register_text = made.register_text.replace(
        'datasets = ["records"]', 'datasets = ["records", "scores"]', 1
    )
    made.register_text += '\n[[promises]]\nid = "scores"\ntext = "Your scores"\ndatasets = ["scores"]\n'
    scores = made.dataset_text.replace('name = "records"', 'name = "scores"').replace("A6-1-b", "A6-1-f")
    made.dataset_text = made.dataset_text.replace(
        'whole = { column = "whole" }', 'whole = { column = "whole", origin = "derived" }'
    ).replace('number = { column = "number" }', 'number = { column = "number", origin = "acquired" }')
    made.dataset_text = LOGIC + OBTAINED_FROM + made.dataset_text
    (made.folder / "datasets").mkdir(parents=True)
    (made.folder / "datasets" / "scores.toml").write_text(scores, encoding="utf-8")
    return made.write(ROWS, [{"text": "STRANGE"}])


@pytest.fixture
def package(world: World) -> OpenPackage:
    return world.package(right=Right.PORTABILITY)


def manifest(package: OpenPackage) -> dict[str, list[dict[str, object]]]:
    manifest = json.loads(package.members["datapackage.json"])["dsar"]
    assert isinstance(manifest, dict)
    return manifest


def test_what_was_provided_or_observed_by_contract_goes(package: OpenPackage) -> None:
    assert [(r["text"], r["day"]) for r in package.json()] == [("one", "2026-01-02"), ("two", None)]
    assert [r["text"] for r in package.csv()] == ["one", "two"]


def test_what_was_derived_or_acquired_is_in_no_member(package: OpenPackage) -> None:
    (beside,) = package.kept_beside()
    for record in package.json():
        assert not {"whole", "number"} & set(record)
    for line in package.csv():
        assert not {"whole", "number"} & set(line)
    assert '"whole"' not in json.dumps(beside)
    schema = json.loads(package.members["data/schemas/records.schema.json"])
    assert not {"whole", "number"} & {*schema["properties"], *schema["required"]}
    assert set(schema["properties"]) == set(package.json()[0])


def test_each_field_that_is_left_out_stands_in_the_manifest_with_its_reason(package: OpenPackage) -> None:
    left_out = [f for f in manifest(package)["fields_left_out"] if f["dataset"] == "records"]
    assert {str(f["field"]): f["reason"] for f in left_out} == {
        "whole": "not portable: we worked it out ourselves (Art. 20(1) UK GDPR)",
        "number": "not portable: we have it from someone else (Art. 20(1) UK GDPR)",
    }


def test_a_dataset_that_rests_on_neither_consent_nor_contract_has_no_member(package: OpenPackage) -> None:
    assert not [name for name in package.members if "scores" in name]
    left_out = [f for f in manifest(package)["fields_left_out"] if f["dataset"] == "scores"]
    assert {f["reason"] for f in left_out} == {NOT_BY_CONSENT}
    assert {str(f["field"]) for f in left_out} >= {"record_id", "text", "whole", "at", "at_as_stored"}


def test_its_rows_are_counted_as_withheld_and_every_sum_agrees(package: OpenPackage) -> None:
    counts = ("read", "written", "withheld", "nonconforming")
    assert [package.outcome("scores")[c] for c in counts] == [3, 0, 3, 0]
    assert [package.outcome("records")[c] for c in counts] == [3, 2, 0, 1]
    assert {str(p["id"]): p["answer"] for p in manifest(package)["promises"]} == {
        "records": "present",
        "scores": "withheld",
    }


def test_the_package_passes_its_own_inspection(package: OpenPackage) -> None:
    assert inspect_package(package.path, PASSPHRASE).findings == ()


def test_access_to_the_same_data_leaves_nothing_out(world: World) -> None:
    package = world.package()
    assert manifest(package)["fields_left_out"] == []
    assert [r["whole"] for r in package.json()] == [7, 8]
    assert len(package.json("scores")) == 2
    assert package.outcome("scores")["withheld"] == 0


@pytest.mark.parametrize(
    ("basis", "outcome"),
    [
        ("A6-1-a", "present"),
        ("A6-1-b", "present"),
        ("A9-2-a", "present"),
        ("A6-1-c", "withheld"),
        ("A6-1-f", "withheld"),
    ],
)
def test_one_purpose_by_consent_or_contract_is_enough(basis: str, outcome: str, tmp_path: Path) -> None:
    world = World(tmp_path / "register")
    purpose = '[purposes.more]\ntitle = "More"\ndescription = "m"\n\n[purposes.service]'
    world.register_text = world.register_text.replace("[purposes.service]", purpose)
    world.dataset_text = world.dataset_text.replace('"A6-1-b"', f'"A6-1-f", more = "{basis}"')
    package = world.write(ROWS).package(right=Right.PORTABILITY)
    assert ("data/json/records.json" in package.members) == (outcome == "present")
    (promise,) = manifest(package)["promises"]
    assert promise["answer"] == outcome


def test_the_command_exports_by_the_right_that_is_named(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    passphrase = tmp_path / "passphrase.txt"
    command = [
        "portability" if word == "access" else word for word in export_arguments(world.folder, world.out)
    ]
    done = in_this_process(capsys, *command, "--json", "--write-passphrase", passphrase, stdin=SUBJECT)
    assert done.code == 0
    assert isinstance(done.json["datasets"], list)
    assert [(d["name"], d["read"], d["withheld"]) for d in done.json["datasets"]] == [
        ("records", 3, 0),
        ("scores", 3, 3),
    ]
    opened = open_package(Path(str(done.json["package"])), passphrase.read_text(encoding="ascii").strip())
    manifest = json.loads(opened.members["datapackage.json"])["dsar"]
    assert manifest["right"] == "portability"
    assert "data/json/scores.json" not in opened.members
