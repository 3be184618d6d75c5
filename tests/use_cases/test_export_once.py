"""One export from register to package: the same data gives the same payload, in one pass and flat memory."""

import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from dsar_export.demo import write_organisation
from dsar_export.errors import NobodyFoundError, NotWritableError, WrongUseError
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Verification
from dsar_export.use_cases.export_once import count_only
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_services
from tests.statements import statements
from tests.worlds import (
    NOON,
    PASSPHRASE,
    OpenPackage,
    SilentProgress,
    World,
    export_package,
    open_package,
    without_documents,
)

DEMO_PERSON = "customer_id=C-1"
LARGE = pytest.mark.skipif("TEST_LARGE" not in os.environ, reason="TEST_LARGE=1 exports 400,000 events")


def exported(
    services: Services, out: Path, identifier: str = DEMO_PERSON, passphrase: str = PASSPHRASE
) -> OpenPackage:
    parsed = [Identifier(*identifier.split("=", 1))]
    request = verified_request("access", "acme", parsed, Verification("tests", "synthetic", NOON))
    order = PackageOrder(out, passphrase, ReportChoices("en"), nothing_held_confirmed=False)
    result = export_package(services, request, order)
    assert result.package is not None
    return open_package(result.package, passphrase)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_organisation(tmp_path_factory.mktemp("organisation"), events=700).register


@pytest.fixture(scope="module")
def package(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> OpenPackage:
    return exported(at_noon(demo), tmp_path_factory.mktemp("packages"))


def at_noon(register: Path, later: timedelta = timedelta()) -> Services:
    """Services with a fixed clock: a record may be past its storage period on one day and not on another."""
    return replace(build_services(register, SilentProgress()), clock=lambda: NOON + later)


# Same data, same payload


def _rewritten(register: Path) -> None:
    """The same rows in another physical order, without indexes, in files of another page size."""
    for file, page_size in (("group.db", 1024), ("hire.db", 8192)):
        with closing(sqlite3.connect(register / file, isolation_level=None)) as database:
            named = database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            for (table,) in named.fetchall():
                database.execute(f"CREATE TEMP TABLE held AS SELECT * FROM {table}")
                database.execute(f"DELETE FROM {table}")
                database.execute(f"INSERT INTO {table} SELECT * FROM held ORDER BY rowid DESC")
                database.execute("DROP TABLE held")
            indexes = database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
            )
            for (index,) in indexes.fetchall():
                database.execute(f"DROP INDEX {index}")
            database.execute(f"PRAGMA page_size = {page_size}")
            database.execute("VACUUM")


def test_the_same_data_gives_the_same_payload_whatever_else_differs(
    demo: Path, package: OpenPackage, tmp_path: Path
) -> None:
    shutil.copytree(demo, tmp_path / "organisation")
    _rewritten(tmp_path / "organisation")
    later = at_noon(tmp_path / "organisation", timedelta(hours=11))
    again = exported(later, tmp_path / "packages", passphrase="quite-another-passphrase")
    name = "manifest-sha256.txt"
    assert again.members[name] == package.members[name]
    assert {n: b for n, b in again.members.items() if n.startswith("data/")} == {
        n: b for n, b in package.members.items() if n.startswith("data/")
    }
    assert again.path.read_bytes() != package.path.read_bytes()


def test_on_another_day_only_what_is_past_its_storage_period_may_differ(
    demo: Path, package: OpenPackage, tmp_path: Path
) -> None:
    later = exported(at_noon(demo, timedelta(days=100)), tmp_path / "packages")
    members = [name for name in package.members if name.startswith("data/json/")]
    assert members
    changed = set()
    for name in members:
        before, after = (json.loads(made.members[name]) for made in (package, later))
        for old, new in zip(before, after, strict=True):
            changed |= {(key, old[key], new[key]) for key in old if old[key] != new[key]}
    assert changed == {("past_storage_period", False, True)}


def test_other_data_gives_another_payload(demo: Path, package: OpenPackage, tmp_path: Path) -> None:
    shutil.copytree(demo, tmp_path / "organisation")
    with closing(sqlite3.connect(tmp_path / "organisation" / "group.db")) as database, database:
        database.execute(
            "UPDATE orders SET total_minor = total_minor + 1 WHERE company = 'GB' AND customer_id = 'C-1'"
        )
    other = exported(at_noon(tmp_path / "organisation"), tmp_path / "packages")
    name = "manifest-sha256.txt"
    assert other.members[name] != package.members[name]


# One pass


def test_each_table_is_read_by_one_statement_a_subject_key(demo: Path, tmp_path: Path) -> None:
    services = without_documents(build_services(demo, SilentProgress()))
    with statements() as seen:
        exported(services, tmp_path)
    ordered = [s for s in seen if "ORDER BY" in s and not s.startswith("EXPLAIN")]
    read = Counter(match[1] for s in ordered if (match := re.search(r"\nFROM (\w+)", s)))
    expected = {
        table: len(dataset.subject_keys)
        for dataset in services.register.datasets
        for table in (dataset.place.table, *(history.table for history in dataset.place.history))
    }
    # Nobody gave the number of a cookie, so nothing is asked for by it.
    assert read == expected | {"web_sessions": expected["web_sessions"] - 1}


def test_more_rows_make_no_more_statements(tmp_path: Path) -> None:
    counts = []
    for rows in (1, 2000):
        world = World(tmp_path / str(rows) / "register").write([{"text": "x"}] * rows)
        world.services = without_documents(world.build())
        with statements() as seen:
            world.export()
        counts.append(len(seen))
    assert counts[0] == counts[1]


# Memory

# The peak of its own memory: on Linux ru_maxrss would begin with that of the process that started this one.
_MEASURED = """
import re, resource, sys
from pathlib import Path
from dsar_export.cli.app import run
code = run(sys.argv[1:])
status = Path("/proc/self/status")
if status.exists():
    peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) * 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak, file=sys.stderr)
sys.exit(code)
"""


def peak_megabytes(events: int, folder: Path) -> float:
    """The most memory that an export of so many usage events took, in a process of its own."""
    register = write_organisation(folder / "organisation", events=events).register
    arguments = [
        "--controller",
        "acme",
        "--right",
        "access",
        "--verified-by",
        "tests",
        "--evidence",
        "synthetic",
    ]
    command = ["export", str(register), *arguments, "--out", str(folder), "--identifiers-file", "-", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command],
        input=DEMO_PERSON,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    datasets = {d["name"]: d for d in json.loads(done.stdout)["datasets"]}
    assert datasets["usage_events"]["written"] == events
    return int(done.stderr.splitlines()[-1]) / 1e6


def test_memory_does_not_grow_with_rows(tmp_path: Path) -> None:
    few, many = (peak_megabytes(events, tmp_path / str(events)) for events in (20_000, 200_000))
    assert many - few < 12
    assert many < 150


@LARGE
def test_four_hundred_thousand_events_take_less_than_150_megabytes(tmp_path: Path) -> None:
    assert peak_megabytes(400_000, tmp_path) < 150


# Promises


def promises(package: OpenPackage) -> dict[str, dict[str, object]]:
    found = json.loads(package.members["datapackage.json"])["dsar"]["promises"]
    return {promise["id"]: promise for promise in found}


def test_every_promise_of_the_notice_is_answered(demo: Path, package: OpenPackage, tmp_path: Path) -> None:
    shutil.copytree(demo, tmp_path / "organisation")
    with closing(sqlite3.connect(tmp_path / "organisation" / "group.db")) as database, database:
        database.execute("DELETE FROM email_events WHERE email LIKE 'alex.fielding@%'")
        database.execute("UPDATE payments SET status = '?'")  # all of them become nonconforming
    services = at_noon(tmp_path / "organisation")
    fewer = exported(services, tmp_path / "packages")
    declared = {p.id for p in services.register.for_controller("acme").organisation.promises}
    assert set(promises(package)) == set(promises(fewer)) == declared

    assert promises(package)["newsletter"]["answer"] == "present"
    assert promises(package)["newsletter"]["records"] == len(package.json("email_events"))
    assert (promises(fewer)["newsletter"]["answer"], promises(fewer)["newsletter"]["records"]) == (
        "none_held",
        0,
    )
    purchases = ("orders", "order_lines", "payments")
    for made in (package, fewer):
        rows = sum(len(made.json(name)) + len(made.kept_beside(name)) for name in purchases)
        assert promises(made)["purchases"]["records"] == rows
        letters = promises(made)["letters"]
        assert letters["answer"] == "not_searched"
        assert "90,000 sheets" in str(letters["not_searched"])
    assert fewer.kept_beside("payments")
    assert not fewer.json("payments")


# Refusals of the use case itself, whoever calls it


def test_an_unknown_controller_and_a_request_without_identifiers_are_refused(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([{"text": "x"}])
    verification = Verification("tests", "synthetic", NOON)
    identifier = Identifier("email", "sam@example.org")
    order = PackageOrder(world.out, PASSPHRASE, ReportChoices("en"), nothing_held_confirmed=False)
    for controller, identifiers in (("acem", [identifier]), ("acme", [])):
        request = verified_request("access", controller, identifiers, verification)
        with pytest.raises(WrongUseError):
            export_package(world.build(), request, order)
        with pytest.raises(WrongUseError):
            count_only(world.build(), request)
    with pytest.raises(WrongUseError):
        verified_request("access", "acme", [identifier], Verification("tests", " ", NOON))
    assert not world.out.exists()


@pytest.mark.parametrize("right", ["erasure", "Access", ""])
def test_a_right_that_nobody_knows_is_refused_whoever_calls(right: str) -> None:
    verification = Verification("tests", "synthetic", NOON)
    with pytest.raises(WrongUseError, match="unknown right; use one of: access, portability"):
        verified_request(right, "acme", [Identifier("email", "sam@example.org")], verification)


def test_nobody_found_makes_no_package_unless_it_is_confirmed(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([{"text": "x"}])
    with pytest.raises(NobodyFoundError):
        world.export("email=nobody@example.org")
    assert not list(world.out.iterdir())
    assert world.export("email=nobody@example.org", confirmed=True).package is not None


def test_a_package_of_the_same_name_is_not_overwritten(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([{"text": "x"}])
    verification = Verification("tests", "synthetic", NOON)
    request = verified_request("access", "acme", [Identifier("email", "sam@example.org")], verification)
    order = PackageOrder(world.out, PASSPHRASE, ReportChoices("en"), nothing_held_confirmed=False)
    first = export_package(world.build(), request, order).package
    assert first is not None
    before = first.read_bytes()
    with pytest.raises(NotWritableError):
        export_package(world.build(), request, order)
    assert first.read_bytes() == before


def test_references_reveal_nothing_and_differ() -> None:
    identifier = Identifier("email", "sam@example.org")
    verification = Verification("tests", "synthetic", NOON)
    references = {
        verified_request("access", "acme", [identifier], verification).reference for _ in range(100)
    }
    assert len(references) == 100
    assert all(re.fullmatch(r"DSAR-20261122-[0-9A-Z]{8}", reference) for reference in references)


# JSON = CSV = source, by a reader of its own

_TODAY = NOON.date().isoformat()
_ORDERS_PAST = str(int(_TODAY[:4]) - 6)  # six years from the end of an order's year
_USAGE_PAST = "2024-09-22"  # twenty-six months before
_FORMULA = re.compile("'+[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_STATUS = {10: "placed", 20: "paid", 30: "shipped", 40: "delivered", 50: "returned", 90: "cancelled"}
_CHANNEL = {"W": "web", "A": "app", "P": "phone", "S": "store"}


def rows(database: Path, statement: str) -> list[dict[str, object]]:
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(statement)]


def order_record(row: Mapping[str, object], *, archived: bool) -> dict[str, object]:
    at = datetime.fromisoformat(str(row["ordered_at"])).replace(tzinfo=ZoneInfo(str(row["time_zone"])))
    odd = at.utcoffset() != at.replace(fold=1).utcoffset()
    pence = int(str(row["total_minor"]))
    return {
        "order_id": row["id"],
        "customer_id": row["customer_id"],
        "ordered_at": at.isoformat().replace("+00:00", "Z"),
        "ordered_at_as_stored": row["ordered_at"] if odd else None,
        "status": _STATUS[int(str(row["status"]))],
        "channel": _CHANNEL[str(row["channel"])],
        "total": f"{pence // 100}.{pence % 100:02}",
        "currency": row["currency"],
        **{name: row[name] for name in row if name.startswith("delivery_")},
        "gift_message": row["gift_message"],
        "earlier_version": archived,
        "past_storage_period": str(row["ordered_at"])[:4] < _ORDERS_PAST,
    }


def usage_event_record(row: Mapping[str, object]) -> dict[str, object]:
    ms = int(str(row["occurred_ms"]))
    second = datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    same = (
        "account_id",
        "event",
        "page",
        "referrer",
        "device",
        "browser",
        "ip_address",
        "country",
        "duration_ms",
    )
    return {
        "event_id": str(row["id"]),
        **{name: row[name] for name in same},
        "occurred_at": f"{second}.{ms % 1000:03}Z",
        "details": None if row["details"] is None else json.loads(str(row["details"])),
        "past_storage_period": second[:10] < _USAGE_PAST,
    }  # fmt: skip


def csv_record(row: Mapping[str, str], like: Mapping[str, object]) -> dict[str, object]:
    """A line of CSV with the types of a JSON record; an empty cell may be null or an empty text."""
    found: dict[str, object] = {}
    for name, cell in row.items():
        expected = like[name]
        if not cell and expected in {None, ""}:
            found[name] = expected
        elif isinstance(expected, dict):
            found[name] = json.loads(cell)
        elif isinstance(expected, bool):
            found[name] = {"true": True, "false": False}[cell]
        elif isinstance(expected, int):
            found[name] = int(cell)
        else:
            found[name] = cell[1:] if _FORMULA.match(cell) else cell
    return found


def test_orders_in_json_csv_and_source_are_the_same(demo: Path, package: OpenPackage) -> None:
    theirs = "WHERE company = 'GB' AND customer_id = 'C-1' ORDER BY id"
    expected = [
        order_record(row, archived=table == "orders_archive")
        for table in ("orders", "orders_archive")
        for row in rows(demo / "group.db", f"SELECT * FROM {table} {theirs}")
    ]
    assert len(expected) == 33
    assert {record["past_storage_period"] for record in expected} == {True, False}
    assert any(record["ordered_at_as_stored"] for record in expected)
    assert package.json("orders") == expected
    lines = package.csv("orders")
    assert [csv_record(*pair) for pair in zip(lines, expected, strict=True)] == expected


def test_usage_events_in_json_csv_and_source_are_the_same(demo: Path, package: OpenPackage) -> None:
    accounts = "SELECT id FROM accounts WHERE company = 'GB' AND customer_id = 'C-1'"
    statement = f"SELECT * FROM usage_events WHERE account_id IN ({accounts}) ORDER BY account_id, id"
    stored = rows(demo / "group.db", statement)
    expected = [usage_event_record(row) for row in stored]
    assert len(expected) == 700
    assert {record["past_storage_period"] for record in expected} == {True, False}
    assert package.json("usage_events") == expected
    lines = package.csv("usage_events")
    assert [csv_record(*pair) for pair in zip(lines, expected, strict=True)] == expected


def test_read_is_written_and_withheld_and_nonconforming(package: OpenPackage) -> None:
    outcomes = json.loads(package.members["datapackage.json"])["dsar"]["outcomes"]
    assert len(outcomes) == 21
    for outcome in outcomes:
        name = outcome["dataset"]
        assert outcome["written"] == len(package.json(name)) == len(package.csv(name))
        assert outcome["nonconforming"] == len(package.kept_beside(name))
        assert outcome["read"] == outcome["written"] + outcome["withheld"] + outcome["nonconforming"]


# Tables and columns that the register does not mention, and data of another company


def test_a_table_and_a_column_that_the_register_does_not_know_are_gaps_in_the_package(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([{"text": "mine"}])
    world.run("ALTER TABLE records ADD COLUMN allergies")
    world.run("CREATE TABLE complaints (customer_id, text)")
    result = world.export()
    assert {(gap.source, gap.dataset) for gap in result.gaps} == {("main", None), ("main", "records")}
    assert result.package is not None
    package = open_package(result.package)
    gaps = json.loads(package.members["datapackage.json"])["dsar"]["gaps"]
    assert [("complaints" in g["reason"], "allergies" in g["reason"]) for g in gaps] == [
        (True, False),
        (False, True),
    ]
    pages = PdfReader(io.BytesIO(package.members["report.pdf"])).pages
    report = " ".join("".join(page.extract_text() for page in pages).split())
    assert "complaints" in report
    assert "allergies" in report


def test_a_promise_that_another_company_answers_is_not_shown_as_none_held(tmp_path: Path) -> None:
    world = World(tmp_path / "register")
    acme = world.register_text.partition("[controllers.acme]\n")[2].partition("\n\n")[0]
    source = '[sources.theirs]\nkind = "sql_database"\nurl = "sqlite:///main.db"\ncontrollers = ["spa"]\n'
    source += 'left_out = { customers = { reason = "not_personal", note = "keys" } }\n'
    world.register_text = world.register_text.replace(
        "[sources.main]", f"[controllers.spa]\n{acme}\n\n{source}\n[sources.main]"
    ).replace('datasets = ["records"]\n\n[[links]]', 'datasets = ["cards"]\n\n[[links]]')
    world.register_text = world.register_text.replace(
        'datasets = ["records"]', 'datasets = ["records", "cards"]', 1
    )
    link = world.register_text[world.register_text.index("[[links]]") :].replace('"main"', '"theirs"')
    world.register_text += link
    world.write([{"text": "mine"}])
    cards = world.dataset_text.replace('name = "records"', 'name = "cards"').replace('"main"', '"theirs"')
    (world.folder / "datasets" / "cards.toml").write_text(cards, encoding="utf-8")
    (promise,) = promises(world.package()).values()
    assert promise["answer"] == "not_searched"
    assert promise["elsewhere"] is True
    assert promise["datasets"] == []


def test_nothing_found_beside_an_unsearched_table_is_not_shown_as_none_held(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([], [{"text": "theirs"}])
    world.run("CREATE TABLE complaints (customer_id, text)")
    result = world.export(confirmed=True)
    assert result.package is not None
    (promise,) = promises(open_package(result.package)).values()
    assert promise["answer"] == "not_obtained"
