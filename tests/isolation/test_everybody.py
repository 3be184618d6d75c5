"""Exports for everybody in the demo, by every company and under either right, hold all of their rows and no others."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from dsar_export.demo import (
    COMPANIES,
    MAPPED_TABLES,
    PEOPLE,
    canary,
    companies_of,
    customer_id,
    secret_canary,
)
from dsar_export.demo.lookalikes import LOOK_ALIKES
from dsar_export.errors import SubjectAmbiguousError
from tests.isolation.organisation import Organisation, everything
from tests.worlds import OpenPackage

pytestmark = pytest.mark.usefixtures("one_salt")
SECRET = "SECRET-CANARY"
ASKED_ABOUT = {n for pair in LOOK_ALIKES if pair.ambiguous for n in (pair.first, pair.second)}
CUSTOMERS = [
    (number, company)
    for company in COMPANIES
    for number in range(1, PEOPLE + 1)
    if company in companies_of(number)
]
CERTAIN = [(n, c.code, customer_id(n, c)) for n, c in CUSTOMERS if n not in ASKED_ABOUT or c.code != "GB"]
TABLES = {"profile": ("customers", "customers_history"), "orders": ("orders", "orders_archive")}
DATASETS = {table: (table,) for table in MAPPED_TABLES} | TABLES


def tables_of(dataset: str) -> tuple[str, ...]:
    return DATASETS[dataset]


def strange_marks(number: int, company: str, held: bytes) -> list[str]:
    """The canaries of other people in a package, and those of the same person at another company."""
    found = {part[:120] for part in held.split(b"CANARY-")[1:]}
    mine = {canary(number, table, company).removeprefix("CANARY-").encode() for table in MAPPED_TABLES}
    mine |= {f"web_sessions_cookie-p{number:03}-{company}".encode()}
    return [str(part[:60]) for part in found if not any(part.startswith(mark) for mark in mine)]


def assert_balanced(package: OpenPackage) -> list[dict[str, Any]]:
    """Asserts that the sums of every dataset agree, and returns the outcomes."""
    outcomes = json.loads(package.members["datapackage.json"])["dsar"]["outcomes"]
    assert {o["dataset"] for o in outcomes} >= {"profile", "accounts", "orders", "disclosures"}
    for outcome in outcomes:
        counted = outcome["written"] + outcome["withheld"] + outcome["nonconforming"]
        assert outcome["read"] == counted, outcome["dataset"]
    return list(outcomes)


def assert_whole(demo: Organisation, package: OpenPackage, number: int, company: str) -> None:
    """Asserts that each row with the person's canary is there once, as a record or kept beside, and that sums agree."""
    for outcome in assert_balanced(package):
        name = outcome["dataset"]
        marks = [canary(number, table, company) for table in tables_of(name)]
        held = sum(demo.rows_with(mark, table) for mark, table in zip(marks, tables_of(name), strict=True))
        rows = [*package.json(name), *package.kept_beside(name)]
        texts = [json.dumps(row) for row in rows]
        marked = [text for text in texts if any(mark in text for mark in marks)]
        assert len(marked) == held, name
        shared = [text for text in texts if "SHARED-" in text]
        assert len(marked) + len(shared) == len(rows) == outcome["read"], name


@pytest.mark.parametrize(("number", "company", "customer"), CERTAIN)
def test_a_package_holds_all_of_its_person_nothing_of_others_and_no_credential(
    number: int, company: str, customer: str, demo: Organisation, tmp_path: Path
) -> None:
    package = demo.package(tmp_path, f"customer_id={customer}", company=company)
    held = everything(package)
    assert_whole(demo, package, number, company)
    assert strange_marks(number, company, held) == []
    assert SECRET.encode() not in held


@pytest.mark.parametrize(("number", "company", "customer"), CERTAIN[::6])
def test_a_portable_package_holds_nothing_of_others_either_and_nothing_derived_or_acquired(
    number: int, company: str, customer: str, demo: Organisation, tmp_path: Path
) -> None:
    package = demo.package(tmp_path, f"customer_id={customer}", company=company, right="portability")
    held = everything(package)
    assert strange_marks(number, company, held) == []
    assert SECRET.encode() not in held
    dsar = json.loads(package.members["datapackage.json"])["dsar"]
    for outcome in assert_balanced(package):
        name = outcome["dataset"]
        schema = json.loads(package.members.get(f"data/schemas/{name}.schema.json", b'{"properties": {}}'))
        origins = {spec["x-origin"] for spec in schema["properties"].values()}
        assert origins <= {"provided", "observed"}, name
        assert bool(origins) == (f"data/json/{name}.json" in package.members), name
    left_out = {(f["dataset"], f["field"]) for f in dsar["fields_left_out"]}
    assert {("third_party_data", "content"), ("profiling", "logic"), ("profile", "credit_score")} <= left_out


@pytest.mark.parametrize("number", sorted(ASKED_ABOUT))
def test_a_person_who_may_be_two_is_asked_about_and_nothing_is_left_behind(
    number: int, demo: Organisation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = tmp_path_factory.mktemp("packages")
    for right in ("access", "portability"):
        with pytest.raises(SubjectAmbiguousError) as raised:
            demo.package(out, f"customer_id=C-{number}", right=right)
        assert f"C-{number}" in raised.value.candidates
        assert "C-" not in str(raised.value)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("number", sorted(ASKED_ABOUT))
def test_the_chosen_of_two_people_gets_only_what_is_theirs_alone(
    number: int, demo: Organisation, tmp_path: Path
) -> None:
    package = demo.package(tmp_path, f"customer_id=C-{number}", chosen=(f"C-{number}",))
    assert strange_marks(number, "GB", everything(package)) == []
    assert canary(number, "orders").encode() in everything(package)
    identity = json.loads(package.members["datapackage.json"])["dsar"]["identity"]
    assert identity["candidates"] == 2
    assert all(
        row["value"] != f"C-{other}" for row in identity["identifiers"] for other in ASKED_ABOUT - {number}
    )


@pytest.mark.parametrize("number", [1, 2, 13])
def test_the_report_shows_its_person_nothing_of_others_and_no_credential(
    number: int, demo: Organisation, tmp_path: Path
) -> None:
    package = demo.package(tmp_path, f"customer_id=C-{number}", report=True)
    text = report_text(package)
    assert canary(number, "orders") in text
    others = [(n, c.code) for n, c in CUSTOMERS if (n, c.code) != (number, "GB")]
    assert not [m for n, code in others for table in MAPPED_TABLES if (m := canary(n, table, code)) in text]
    assert strange_marks(number, "GB", everything(package)) == []
    assert SECRET not in text
    assert SECRET.encode() not in everything(package)


def report_text(package: OpenPackage) -> str:
    """The report's text and the decompressed drawing commands of its pages, without white space."""
    pages = PdfReader(BytesIO(package.members["report.pdf"])).pages
    drawn = [contents.get_data() for page in pages if (contents := page.get_contents()) is not None]
    texts = [page.extract_text() for page in pages] + [data.decode("latin-1") for data in drawn]
    return "".join("\n".join(texts).split())


def test_every_way_to_name_a_person_leads_to_the_same_data(demo: Organisation, tmp_path: Path) -> None:
    ways = (
        ("customer_id=C-1",), ("email=alex.fielding@example.org",), ("email=ALEX.Fielding@Example.ORG",),
        ("email=alex.fielding@example.org", "customer_id=C-1"),
    )  # fmt: skip
    manifests = {demo.package(tmp_path, *way).members["manifest-sha256.txt"] for way in ways}
    assert len(manifests) == 1


def test_one_address_in_three_companies_is_three_customers(demo: Organisation, tmp_path: Path) -> None:
    for company in ("GB", "FR", "DE"):
        package = demo.package(tmp_path, "email=alex.fielding@example.org", company=company)
        assert canary(1, "orders", company).encode() in everything(package)
        assert strange_marks(1, company, everything(package)) == []


def test_the_marks_are_what_these_tests_look_for(demo: Organisation) -> None:
    assert all(secret_canary(n).startswith(SECRET) for n in range(1, PEOPLE + 1))
    assert strange_marks(1, "GB", canary(2, "orders").encode()) != []
    assert strange_marks(1, "GB", canary(1, "orders", "FR").encode()) != []
    assert strange_marks(1, "GB", canary(1, "orders").encode()) == []
    assert demo.rows_with(canary(1, "orders"), "orders") > 0
