"""What the list of surviving edits accepts, and what it refuses."""

import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tools.mutants import (
    Entry,
    Mutant,
    Results,
    changed_lines,
    entries,
    files_of,
    function_named,
    judged,
    run_mutmut,
    table,
)

HELD = Mutant("export.collect.held", "if a < b:", "if a <= b:")
DIFF = """\
--- dsar_export/export/collect.py
+++ dsar_export/export/collect.py
@@ -1,3 +1,3 @@
 def held(a, b):
-    if a < b:
+    if a <= b:
         return a"""


def listed(**entry: str) -> Entry:
    return Entry(**{"function": HELD.function, "reason": "equal", **entry})


def test_a_survivor_that_is_not_listed_is_found() -> None:
    assert judged([], [HELD]) == ([HELD], [])


def test_a_survivor_is_listed_by_its_function_and_its_lines_before_and_after() -> None:
    assert judged([listed(before=HELD.before, after=HELD.after)], [HELD]) == ([], [])
    other = listed(before=HELD.before, after="if a > b:")
    assert judged([other], [HELD]) == ([HELD], [other])
    elsewhere = listed(function="export.collect.other", before=HELD.before, after=HELD.after)
    assert judged([elsewhere], [HELD]) == ([HELD], [elsewhere])


def test_survivors_that_are_alike_are_listed_together() -> None:
    alike = listed(function="export.*", alike="^if a .* -> if a <=")
    assert judged([alike], [HELD, Mutant("export.withhold.kept", "if a == b:", "if a <= b:")]) == ([], [])


def test_an_entry_that_no_survivor_needs_must_go() -> None:
    needless = listed(before="gone", after="gone too")
    assert judged([needless], []) == ([], [needless])


def test_an_edit_is_the_same_wherever_it_stands_in_its_function() -> None:
    assert changed_lines(DIFF) == (HELD.before, HELD.after)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("export.collect.x_held__mutmut_3", "export.collect.held"),
        ("export.collect.x__private__mutmut_12", "export.collect._private"),
        ("export.collect.xǁOwnershipǁby_key__mutmut_1", "export.collect.Ownership.by_key"),
        ("export.collect.xǁOwnershipǁ__call____mutmut_1", "export.collect.Ownership.__call__"),
    ],
)
def test_the_function_of_an_edit_is_read_from_its_name(name: str, function: str) -> None:
    assert function_named(name) == function


def test_an_edit_is_written_as_the_entry_that_lists_it() -> None:
    (entry,) = entries(HELD.as_entry().replace('reason = ""', 'reason = "equal"'))
    assert judged([entry], [HELD]) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        HELD.as_entry(),
        '[[survivors]]\nfunction = "f"\nreason = "r"',
        '[[survivors]]\nfunction = "f"\nreason = "r"\nbefore = "a"',
        '[[survivors]]\nfunction = "f"\nreason = "r"\nbefore = "a"\nafter = "b"\nalike = "c"',
    ],
)
def test_an_entry_without_a_reason_or_without_an_edit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"mutants\.toml: "):
        entries(text)


def test_the_table_adds_up() -> None:
    counts = {"a.py": Counter({"killed": 3, "listed": 1}), "b.py": Counter({"killed": 2, "not tried": 4})}
    rows = [line.split() for line in table(Results(counts, {}, {"a.py": 1.4, "b.py": 2.4})).splitlines()]
    assert rows[1:] == [
        ["a.py", "4", "3", "0", "1", "0", "0", "1"],
        ["b.py", "6", "2", "0", "0", "0", "4", "2"],
        ["all", "10", "5", "0", "1", "0", "4", "4"],
    ]


def mutmut_that_does(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "mutmut"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr("tools.mutants.ROOT", folder)
    monkeypatch.setattr("tools.mutants.WORK", folder / "mutants")
    monkeypatch.setattr("tools.mutants.STATISTICS", folder / "mutants" / "mutmut-stats.json")
    monkeypatch.setattr("sys.executable", str(folder / "python"))


def test_a_part_is_tried_anew_and_the_verdicts_on_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutmut_that_does('echo "$@" >arguments', tmp_path, monkeypatch)
    (tmp_path / "mutants").mkdir()
    for name in ("links.py.meta", "mutmut-stats.json"):
        (tmp_path / "mutants" / name).touch()
    assert run_mutmut(minutes=1, processes=1, anew=True, part="identities")
    arguments = (tmp_path / "arguments").read_text(encoding="utf-8").split()
    assert arguments == ["run", "--max-children", "1", "dsar_export.identities*"]
    assert [file.name for file in (tmp_path / "mutants").iterdir()] == ["links.py.meta"]


def test_a_part_is_named_as_python_names_its_folder_or_its_file() -> None:
    assert {Path(file).parts[1] for file in files_of("sealing")} == {"sealing"}
    assert files_of("sealing.reader") == ["dsar_export/sealing/reader.py"]
    assert files_of("reader") == []
    assert set(files_of("sealing")) < set(files_of(""))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_run_that_takes_too_long_is_ended_with_the_tests_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As mutmut does, the program starts another that outlives it."""
    mutmut_that_does("sleep 60 &\necho $! >child\nwait", tmp_path, monkeypatch)
    assert not run_mutmut(minutes=0.01, processes=1, anew=True)
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    until = time.monotonic() + 10
    while _is_running(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _is_running(child)


def _is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
