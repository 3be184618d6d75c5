"""Independent tools find nothing wrong with a package."""

import json
import re
import shutil
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from page import ValidationProfile, validate_pdf
from pypdf import PdfReader

from tests.conformance.unpacked import KINDS, REPORTS, TOOLS, package, run, unpacked
from tests.readers import SEVEN_ZIP, read_by_pyzipper
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
def test_seven_zip_lists_aes_256_for_every_member_but_the_readme_and_the_page(kind: str) -> None:
    listed = run(SEVEN_ZIP, "l", "-slt", package(kind)).stdout.split("----------", 1)[1]
    methods = dict(re.findall(r"^Path = (.*?)$.*?^Encrypted = (.*?)$", listed, re.MULTILINE | re.DOTALL))
    ciphers = dict(re.findall(r"^Path = (.*?)$.*?^Method = (.*?)$", listed, re.MULTILINE | re.DOTALL))
    assert {name for name, encrypted in methods.items() if encrypted == "-"} == {"README.txt", "open.html"}
    assert {c.split()[0] for name, c in ciphers.items() if methods[name] == "+"} == {"AES-256"}
    assert set(methods) == set(open_package(package(kind)).members)


@every_kind
def test_seven_zip_unpacks_what_pyzipper_reads(kind: str) -> None:
    files = [file for file in unpacked(kind).rglob("*") if file.is_file()]
    found = {str(file.relative_to(unpacked(kind))): file.read_bytes() for file in files}
    assert found == read_by_pyzipper(package(kind), PASSPHRASE)
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
    # One call for all, because the tool starts slowly: an object with each dataset's array.
    schemas = sorted((unpacked(kind) / "data" / "schemas").glob("*.schema.json"))
    names = [file.name.removesuffix(".schema.json") for file in schemas]
    arrays = {name: (unpacked(kind) / "data" / "json" / f"{name}.json").read_text("utf-8") for name in names}
    each = {
        n: {"type": "array", "items": json.loads(f.read_bytes())} for n, f in zip(names, schemas, strict=True)
    }
    combined, all_arrays = tmp_path / "schema.json", tmp_path / "all.json"
    combined.write_text(json.dumps({"required": names, "properties": each}), "utf-8")
    all_arrays.write_text("{" + ",".join(f'"{n}": {array}' for n, array in arrays.items()) + "}", "utf-8")
    checked = run(TOOLS / "check-jsonschema", "--schemafile", combined, all_arrays)
    assert checked.returncode == 0, checked.stdout[-3000:]


@pytest.mark.parametrize("profile", [ValidationProfile.PDF_UA_1, ValidationProfile.PDF_A_2A], ids=["ua", "a"])
@pytest.mark.parametrize("kind", REPORTS)
def test_the_report_conforms(kind: str, profile: ValidationProfile, tmp_path: Path) -> None:
    report = tmp_path / "report.pdf"
    report.write_bytes(open_package(package(kind)).members["report.pdf"])
    assert validate_pdf(str(report), profile=profile).failures == []


@pytest.mark.parametrize("kind", ["demo", "portability", "kept_beside"])
def test_every_schema_that_ships_is_a_json_schema(kind: str) -> None:
    schemas = sorted((unpacked(kind) / "data" / "schemas").glob("*.schema.json"))
    checked = run(TOOLS / "check-jsonschema", "--check-metaschema", *schemas)
    assert checked.returncode == 0, checked.stdout


def test_each_kind_of_package_has_what_its_name_promises() -> None:
    assert (unpacked("kept_beside") / "data" / "nonconforming" / "records.json").exists()
    assert json.loads((unpacked("nothing_held") / "data" / "json" / "records.json").read_bytes()) == []
    datasets = {r["dataset"] for r in manifest("demo")["dsar"]["outcomes"] if r["written"]}
    assert len(datasets) > 15
    assert {file.stem for file in (unpacked("demo") / "data" / "csv").iterdir()} >= datasets
    assert manifest("portability")["dsar"]["fields_left_out"]
    assert (unpacked("incomplete_parent") / "data" / "nonconforming" / "orders.json").exists()


def test_a_dataset_that_is_not_portable_has_no_file_but_is_in_the_manifest() -> None:
    dsar = manifest("portability")["dsar"]
    nothing = {o["dataset"] for o in dsar["outcomes"] if o["read"] and o["withheld"] == o["read"]}
    shipped = {file.stem for file in (unpacked("portability") / "data" / "csv").iterdir()}
    assert nothing
    assert not nothing & shipped
    assert nothing <= {f["dataset"] for f in dsar["fields_left_out"]}


def test_the_report_masks_the_account_number_and_the_json_file_does_not() -> None:
    (account,) = json.loads((unpacked("demo") / "data" / "json" / "bank_accounts.json").read_bytes())
    number = account["account_number"]
    with (unpacked("demo") / "report.pdf").open("rb") as body:
        text = " ".join(page.extract_text() for page in PdfReader(body).pages)
    assert len(number) == 8
    assert number not in text
    assert "••••" + number[-4:] in text


def test_tables_have_foreign_keys_only_if_all_referenced_rows_are_there() -> None:
    whole = references("demo")
    assert ("order_lines", "orders") in whole
    assert ("order_lines-json", "orders-json") in whole
    # The basis of devices is neither consent nor contract: they are not portable, so no session can refer to them.
    assert ("web_sessions", "devices") in whole
    assert ("web_sessions", "devices") not in references("portability")
    assert ("order_lines", "orders") in references("portability")
    assert whole - references("incomplete_parent") == {
        (child + form, "orders" + form) for child in ("order_lines", "payments") for form in ("", "-json")
    }


@pytest.mark.parametrize("form", ["", "-json"])
def test_frictionless_would_find_a_dangling_reference(form: str, tmp_path: Path) -> None:
    shutil.copytree(unpacked("incomplete_parent"), tmp_path, dirs_exist_ok=True)
    package_manifest = manifest("incomplete_parent")
    payments = next(r for r in package_manifest["resources"] if r["name"] == f"payments{form}")
    reference = {"resource": f"orders{form}", "fields": ["order_id"]}
    payments["schema"]["foreignKeys"] = [{"fields": ["order_id"], "reference": reference}]
    (tmp_path / "datapackage.json").write_text(json.dumps(package_manifest), "utf-8")
    validated = run(TOOLS / "frictionless", "validate", "datapackage.json", cwd=tmp_path)
    assert validated.returncode != 0
    assert "foreign" in validated.stdout


def manifest(kind: str) -> Any:
    return json.loads((unpacked(kind) / "datapackage.json").read_bytes())


def references(kind: str) -> set[tuple[str, str]]:
    """The foreign keys as (resource, referenced resource)."""
    return {
        (resource["name"], key["reference"]["resource"])
        for resource in manifest(kind)["resources"]
        for key in resource.get("schema", {}).get("foreignKeys", [])
    }


@pytest.mark.parametrize(
    ("member", "tool"), [("data/csv/records.csv", "bagit"), ("data/csv/records.csv", "frictionless")]
)
def test_the_tools_would_find_a_changed_file(member: str, tool: str, tmp_path: Path) -> None:
    for name, body in open_package(package("kept_beside")).members.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(body.replace(b"GBP", b"EUR", 1) if name == member else body)
    command = {
        "bagit": (sys.executable, TOOLS / "bagit.py", "--validate", "."),
        "frictionless": (TOOLS / "frictionless", "validate", "datapackage.json"),
    }[tool]
    assert run(*command, cwd=tmp_path).returncode != 0
