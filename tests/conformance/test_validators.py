"""Tools that nobody here wrote find nothing wrong with a package."""

import json
import re
import stat
import sys
from pathlib import Path

import pytest

from tests.conformance.unpacked import KINDS, SEVEN_ZIP, TOOLS, package, run, unpacked
from tests.worlds import PASSPHRASE, open_package

PROFILE = Path(__file__).parent / "data-package-2-0.json"
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_seven_zip_tests_the_package_as_sound(kind: str) -> None:
    tested = run(SEVEN_ZIP, "t", f"-p{PASSPHRASE}", package(kind))
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "Everything is Ok" in tested.stdout


@every_kind
def test_seven_zip_opens_nothing_with_a_wrong_passphrase(kind: str) -> None:
    tested = run(SEVEN_ZIP, "t", "-panother", package(kind))
    assert tested.returncode != 0
    assert "Wrong password" in tested.stdout + tested.stderr


@every_kind
def test_seven_zip_lists_aes_256_for_every_member_but_the_readme(kind: str) -> None:
    listed = run(SEVEN_ZIP, "l", "-slt", package(kind)).stdout.split("----------", 1)[1]
    methods = dict(re.findall(r"^Path = (.*?)$.*?^Encrypted = (.*?)$", listed, re.MULTILINE | re.DOTALL))
    ciphers = dict(re.findall(r"^Path = (.*?)$.*?^Method = (.*?)$", listed, re.MULTILINE | re.DOTALL))
    assert {name for name, encrypted in methods.items() if encrypted == "-"} == {"README.txt"}
    assert {c.split()[0] for name, c in ciphers.items() if name != "README.txt"} == {"AES-256"}
    assert set(methods) == set(open_package(package(kind)).members)


@every_kind
def test_seven_zip_unpacks_what_pyzipper_reads(kind: str) -> None:
    files = [file for file in unpacked(kind).rglob("*") if file.is_file()]
    found = {str(file.relative_to(unpacked(kind))): file.read_bytes() for file in files}
    assert found == dict(open_package(package(kind)).members)
    assert all(file.stat().st_mode & stat.S_IRUSR for file in files)


@every_kind
def test_bagit_validates_the_bag(kind: str) -> None:
    validated = run(sys.executable, TOOLS / "bagit.py", "--validate", unpacked(kind))
    assert validated.returncode == 0, validated.stderr


@every_kind
def test_frictionless_validates_the_data_package(kind: str) -> None:
    validated = run(TOOLS / "frictionless", "validate", "datapackage.json", cwd=unpacked(kind))
    assert validated.returncode == 0, validated.stdout[-3000:]


@every_kind
def test_the_data_package_fits_its_published_profile(kind: str) -> None:
    checked = run(TOOLS / "check-jsonschema", "--schemafile", PROFILE, unpacked(kind) / "datapackage.json")
    assert checked.returncode == 0, checked.stdout


@every_kind
def test_every_dataset_fits_the_schema_that_ships_with_it(kind: str, tmp_path: Path) -> None:
    # One call for all, as the tool takes a second to start: an object with each dataset's array.
    schemas = sorted((unpacked(kind) / "data" / "schemas").glob("*.schema.json"))
    names = [file.name.removesuffix(".schema.json") for file in schemas]
    arrays = {name: (unpacked(kind) / "data" / "json" / f"{name}.json").read_text("utf-8") for name in names}
    each = {
        n: {"type": "array", "items": json.loads(f.read_bytes())} for n, f in zip(names, schemas, strict=True)
    }
    of_all, all_arrays = tmp_path / "schema.json", tmp_path / "all.json"
    of_all.write_text(json.dumps({"required": names, "properties": each}), "utf-8")
    all_arrays.write_text("{" + ",".join(f'"{n}": {array}' for n, array in arrays.items()) + "}", "utf-8")
    checked = run(TOOLS / "check-jsonschema", "--schemafile", of_all, all_arrays)
    assert checked.returncode == 0, checked.stdout[-3000:]


@pytest.mark.parametrize("kind", ["demo", "kept_beside"])
def test_every_schema_that_ships_is_a_json_schema(kind: str) -> None:
    schemas = sorted((unpacked(kind) / "data" / "schemas").glob("*.schema.json"))
    checked = run(TOOLS / "check-jsonschema", "--check-metaschema", *schemas)
    assert checked.returncode == 0, checked.stdout


def test_the_kinds_are_what_they_are_called() -> None:
    assert (unpacked("kept_beside") / "data" / "nonconforming" / "records.json").exists()
    assert json.loads((unpacked("nothing_held") / "data" / "json" / "records.json").read_bytes()) == []
    assert len(list((unpacked("demo") / "data" / "csv").iterdir())) == 7


@pytest.mark.parametrize(
    ("member", "tool"), [("data/csv/records.csv", "bagit"), ("data/csv/records.csv", "frictionless")]
)
def test_the_tools_would_see_a_change(member: str, tool: str, tmp_path: Path) -> None:
    for name, body in open_package(package("kept_beside")).members.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(body.replace(b"GBP", b"EUR", 1) if name == member else body)
    command = {
        "bagit": (sys.executable, TOOLS / "bagit.py", "--validate", "."),
        "frictionless": (TOOLS / "frictionless", "validate", "datapackage.json"),
    }[tool]
    assert run(*command, cwd=tmp_path).returncode != 0
