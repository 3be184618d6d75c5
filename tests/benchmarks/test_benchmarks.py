"""The benchmarks at a small size: they run, agree and report. No test depends on a clock."""

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest
import pyzipper

from benchmarks import naive
from benchmarks.command import main
from benchmarks.contestants import Contestant, Folders, product
from benchmarks.events import COLUMNS, IDENTIFIER, STRANGER, SUBJECT, subject_rows
from benchmarks.figures import figures
from benchmarks.measuring import Run, measure
from benchmarks.members import MEMBERS, unpack
from benchmarks.plan import NAMES, Plan
from benchmarks.shape_rows import ACCOUNT, PHONE, SHAPES
from benchmarks.sitting import ManyPeople, Measured, Sitting
from tools.servers.postgres import PostgresServer

MB = 1_000_000


def sitting(*measured: Measured, people: ManyPeople | None = None) -> Sitting:
    plan = Plan(1000, 3, 1, 1, 9000, 4, 10, (10, 100, 500), (10,), frozenset(NAMES), Path())
    return Sitting(plan, measured, {}, people)


def measured(name: str, source: str, *seconds: float, rows: int | None = 1000, mb: int = 60) -> Measured:
    return Measured(Contestant(name, source, (), 1), rows, [Run(s, s, mb * MB) for s in seconds])


def verdicts(
    *all_measured: Measured, people: ManyPeople | None = None
) -> Mapping[str, tuple[str, bool | None]]:
    return {f.name: (f.shown, f.met) for f in figures(sitting(*all_measured, people=people))}


def test_everything_runs_at_a_small_size_and_every_payload_is_equal(
    postgres: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TEST_POSTGRES_URL", postgres.url)  # so that the test does not start another server
    file, folder = tmp_path / "figures.json", tmp_path / "work"
    size = ["--rows", "300", "--runs", "1", "--memory-rows", "0", "--people", "1"]
    size += ["--pdf-rows", "5", "60", "120", "--shape-rows", "60"]
    code = main([*size, "--json", str(file), "--folder", str(folder)])
    shown = capsys.readouterr()
    assert code == 0, shown.err
    written = json.loads(file.read_text(encoding="utf-8"))
    large = {(n, s) for n in ("product", "floor", "in_memory", "naive") for s in ("SQLite", "PostgreSQL")}
    small = {("small", "demo"), ("imports", "demo"), ("help", ""), ("pass", ""), ("people", "demo")}
    reports = {("pdf_ours", ""), ("pdf_canvas", ""), ("pdf_long_table", "")}
    others = {(name, source) for name in SHAPES for source in ("SQLite", "PostgreSQL")}
    assert {(c["name"], c["data"]) for c in written["contestants"]} == large | small | reports | others
    assert all(c["median_cpu_seconds"] > 0 for c in written["contestants"])
    assert all(len(c["runs"]) == 1 for c in written["contestants"])
    assert sorted(written["payload_sha256"]) == sorted(MEMBERS)
    assert [f["met"] for f in written["figures"] if f["goal"] == "equal"] == [True, True]
    assert len(written["people"]["resident_bytes"]) == 1
    drawn = {(c["name"], c["rows"]): c["file_mb"] for c in written["contestants"] if "file_mb" in c}
    assert {rows for name, rows in drawn if name == "pdf_ours"} == {5, 60, 120}
    assert {rows for name, rows in drawn if name != "pdf_ours"} == {5, 60}
    assert all(drawn.values())
    assert str(tmp_path) not in file.read_text(encoding="utf-8")
    assert "Cost of drawing alone" in shown.out
    assert "Goals: for 1,000,000 rows" in shown.out
    assert list(folder.iterdir()) == []


def test_the_subject_has_as_many_rows_as_asked_for_and_a_stranger_has_some_between_them() -> None:
    for rows in (1, 9, 10, 305):
        owners = [row[COLUMNS.index("account_id")] for row in subject_rows(rows)]
        assert owners.count(SUBJECT) == rows
        assert owners.count(STRANGER) == rows // 10
    assert list(subject_rows(50)) == list(subject_rows(50))


def test_every_shape_has_what_makes_it_cost_more() -> None:
    rows = {
        name: [dict(zip(shape.columns, row, strict=True)) for row in shape.rows(2000)]
        for name, shape in SHAPES.items()
    }
    assert all(len(of) == 2000 for of in rows.values())
    events = rows["app_events"]
    assert None in {row["details"] for row in events}
    assert len({row["details"] for row in events}) > 500
    assert {type(row["occurred_ms"]) for row in events} == {int}
    assert (
        450 < len({row["callee"] for row in rows["calls"]} | {row["caller"] for row in rows["calls"]}) < 505
    )
    assert {PHONE} < {row["caller"] for row in rows["calls"]}
    # In London, an hour of March does not exist.
    assert {str(row["came_at"])[:10] for row in rows["visits"]} > {"2026-03-29"}
    assert {row["account_id"] for row in rows["sightings"]} == {ACCOUNT, None}
    assert {row["device_id"] for row in rows["sightings"]} == {"D-TABLET", None}


def test_the_rows_contain_everything_that_can_make_members_differ() -> None:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in subject_rows(2000)]
    details = [str(row["details"]) for row in rows]
    assert any(text.startswith("=") for text in details)
    assert any(not text.isascii() for text in details)
    assert any('"' in text for text in details)
    assert None in {row["duration_ms"] for row in rows}
    assert not any(str(row["occurred_at"]).endswith("0+00:00") for row in rows)


def test_the_naive_way_writes_cells_as_the_package_promises() -> None:
    record: dict[str, object] = dict.fromkeys(COLUMNS) | {
        "id": 7,
        "details": '\'=1,"2"',
        "logged_in": True,
    }
    record["amount"] = "-1.50"
    lines = naive._csv([record]).decode().split("\r\n")
    assert lines == [",".join(COLUMNS), '7,,,,,,,,,true,-1.50,"\'\'=1,""2"""', ""]
    assert naive._json([{"id": 1}, {"id": 2}]) == b'[\n{"id":1},\n{"id":2}\n]\n'


def test_a_peak_excludes_the_process_that_started_the_command(tmp_path: Path) -> None:
    ballast = bytearray(150 * MB)
    small, _ = measure((sys.executable, "-c", "pass"), {}, tmp_path)
    large, printed = measure((sys.executable, "-c", "print(len(bytearray(100_000_000)))"), {}, tmp_path)
    assert small.peak_bytes < 50 * MB < len(ballast)
    assert 100 * MB < large.peak_bytes < 150 * MB
    assert printed == "100000000\n"


@pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="the system does not show the memory of other processes"
)
def test_a_peak_includes_all_processes_of_a_command(tmp_path: Path) -> None:
    held = "held = bytearray(100_000_000); import time; time.sleep(0.3)"
    both = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {held!r}]); {held}"
    run, _ = measure((sys.executable, "-c", both), {}, tmp_path)
    assert 200 * MB < run.peak_bytes < 250 * MB


def test_a_failing_command_stops_the_benchmarks_and_its_output_is_shown(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no such teapot"):
        measure((sys.executable, "-c", "raise SystemExit('no such teapot')"), {}, tmp_path)


def test_a_package_with_other_members_stops_the_benchmarks(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.out.mkdir()
    folders.passphrase.write_text("a-phrase\n", encoding="ascii")
    expected = dict.fromkeys(MEMBERS, "0" * 64)
    for stated, raises in ((expected, False), ({**expected, MEMBERS[0]: "1" * 64}, True)):
        with pyzipper.AESZipFile(folders.out / "DSAR-1.zip", "w", encryption=pyzipper.WZ_AES) as archive:
            archive.setpassword(b"a-phrase")
            lines = "".join(f"{digest}  {path}\n" for path, digest in stated.items())
            archive.writestr("manifest-sha256.txt", lines)
        check = product(folders, "SQLite", "sqlite:///none", 1, expected).check
        assert check is not None
        if raises:
            with pytest.raises(RuntimeError, match="other members"):
                check(folders.out)
        else:
            check(folders.out)
    assert (tmp_path / "request-teapots.txt").read_text(encoding="utf-8") == IDENTIFIER


def test_members_are_unpacked_and_hashed_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "some.zip"
    with pyzipper.AESZipFile(file, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"a-phrase")
        for member in MEMBERS:
            archive.writestr(member, f"content of {member}")
    expected = {member: hashlib.sha256(f"content of {member}".encode()).hexdigest() for member in MEMBERS}
    assert unpack(file, b"a-phrase", tmp_path) == unpack(file, b"a-phrase") == expected
    assert (tmp_path / "usage_events.csv").read_text(encoding="utf-8") == f"content of {MEMBERS[1]}"


def test_ratios_of_medians_are_compared_with_their_goals() -> None:
    found = verdicts(
        measured("product", "SQLite", 4.0, 2.0, 9.0),
        measured("floor", "SQLite", 2.0, 1.0, 3.0),
        measured("naive", "SQLite", 39.0),
        measured("in_memory", "SQLite", 16.0),
        measured("small", "demo", 2.0, rows=None),
        measured("imports", "demo", 0.4, rows=None),
    )
    assert found["product / floor A"] == ("2.00 x", True)
    assert found["naive / product"] == ("9.75 x", False)
    assert found["in memory / product"] == ("4.00 x", True)
    assert found["small request / imports only"] == ("5.00 x", False)
    assert "--help / python -c pass" not in found


def test_peaks_are_compared_with_the_bound_and_with_each_other() -> None:
    found = verdicts(
        measured("product", "SQLite", 1.0, mb=94), measured("product", "SQLite", 1.0, mb=101, rows=9000)
    )
    assert found["peak memory, 1,000 rows"] == ("94.0 MB", True)
    assert found["peak memory, 9,000 rows"] == ("101.0 MB", False)
    assert found["peaks of 1,000 and 9,000 rows apart"] == ("7.0 MB", False)


@pytest.mark.parametrize(("last", "flat"), [(74, True), (76, False)])
def test_memory_that_grows_with_the_number_of_people_is_not_flat(last: int, *, flat: bool) -> None:
    many = ManyPeople(4, 2.0, [70 * MB, 71 * MB, 72 * MB, last * MB])
    found = verdicts(people=many)
    assert found["4 people one after another"] == ("2.0 a second", None)
    assert found["memory grown from the first ten people"][1] is flat


def test_psycopg_can_fetch_chunks_of_rows_as_the_floor_needs() -> None:
    assert psycopg.capabilities.has_stream_chunked()
