"""The second verifier in the docs finds on its own what the first one finds."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from dsar_export.requests.trail import exported, prune
from dsar_export.requests.trail.chain import canonical
from tests.requests.trail.trails import KEY, NOON, OTHER_KEY, TrailDatabase, sqlite_engine, trail_in

VERIFIER: Final = Path(__file__).parents[2] / "docs" / "verify_trail.py"
Lines = list[Any]


def verified(lines: list[bytes], folder: Path, key: bytes = KEY) -> str:
    """What the verifier says; the key is in a file, as it must be."""
    (folder / "trail.ndjson").write_bytes(b"".join(lines))
    (folder / "key.txt").write_text(f"{key.hex()}\n", encoding="ascii")
    command: list[str | Path] = [sys.executable, "-I", VERIFIER, folder / "trail.ndjson", folder / "key.txt"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == (0 if done.stdout else 1), done.stderr
    return str(done.stdout or done.stderr).strip()


def export(trail: TrailDatabase) -> list[bytes]:
    with trail.engine.begin() as connection:
        return list(exported(connection, KEY, trail.anchor))


def pruned_to(trail: TrailDatabase, before: int) -> None:
    with trail.engine.begin() as connection:
        prune(connection, KEY, before)


@pytest.fixture
def trail(tmp_path: Path) -> Any:
    with trail_in(sqlite_engine(tmp_path / "requests.db"), tmp_path) as made:
        made.fill(5)
        yield made


def changed(line: int, *path: str, to: object) -> Callable[[Lines], None]:
    def change(lines: Lines) -> None:
        inside = lines[line]
        for name in path[:-1]:
            inside = inside[name]
        inside[path[-1]] = to

    return change


def removed(line: int) -> Callable[[Lines], None]:
    return lambda lines: lines.__delitem__(line)


def swapped(lines: Lines) -> None:
    lines[2], lines[3] = lines[3], lines[2]


def twice(lines: Lines) -> None:
    lines.insert(3, lines[2])


def without_the_last_entries(lines: Lines) -> None:
    del lines[4:6]


def cut_before_the_export(lines: Lines) -> None:
    """As if the last entries had been deleted before, and the file had been made with the key after."""
    from_earlier = lines[4]
    del lines[5]
    lines[-1]["end"]["mac"] = from_earlier["mac"]


def test_it_passes_a_trail_that_nobody_touched(trail: TrailDatabase, tmp_path: Path) -> None:
    assert verified(export(trail), tmp_path) == "5 entries, each follows the one before"


def test_it_passes_an_empty_trail(tmp_path: Path) -> None:
    with trail_in(sqlite_engine(tmp_path / "empty.db"), tmp_path) as empty:
        assert verified(export(empty), tmp_path) == "0 entries, each follows the one before"


@pytest.mark.parametrize("until", [1, 3, 5])
def test_it_passes_a_pruned_trail(trail: TrailDatabase, tmp_path: Path, until: int) -> None:
    pruned_to(trail, NOON + until * 1_000_000)
    assert verified(export(trail), tmp_path) == f"{5 - until} entries, each follows the one before"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (changed(3, "entry", "actor", to="ben"), "entry 3 was changed"),
        (changed(3, "mac", to="00" * 32), "entry 3 was changed"),
        (changed(3, "entry", "number", to=30), "entry 3 is missing"),
        (removed(3), "entry 3 is missing"),
        (swapped, "entry 2 is missing"),
        (twice, "entry 3 is missing"),
        (removed(1), "entry 1 is missing"),
        (removed(-1), "the end is missing"),
        (without_the_last_entries, "the end does not follow entry 3"),
        (cut_before_the_export, "the end is missing or false"),
        (changed(-1, "end", "number", to=4), "the end is missing or false"),
        (lambda lines: lines.append(lines[1]), "the end does not follow entry 5"),
        (changed(0, "format", to="other"), "this program does not know the format"),
        (changed(0, "anchor", to=None), "the anchor is missing"),
        (changed(0, "anchor", "number", to=4), "the anchor is missing or false"),
        (changed(0, "chain_start", "mac", to="00" * 32), "the checkpoint is missing or false"),
        (changed(0, "chain_start", "number", to=2), "the checkpoint is missing or false"),
    ],
)  # fmt: skip
def test_it_finds_what_was_done_to_the_file(
    trail: TrailDatabase, tmp_path: Path, change: Callable[[Lines], None], problem: str
) -> None:
    lines = [json.loads(line) for line in export(trail)]
    change(lines)
    assert problem in verified([canonical(line) + b"\n" for line in lines], tmp_path)


def test_it_finds_a_name_that_stands_twice_in_an_entry(trail: TrailDatabase, tmp_path: Path) -> None:
    lines = export(trail)
    lines[3] = lines[3].replace(b'"actor":"ann"', b'"actor":"eve","actor":"ann"')
    assert "a line has another form" in verified(lines, tmp_path)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE trail SET actor = 'ben' WHERE number = 3", "entry 3 was changed"),
        ("UPDATE trail SET actor = CAST(X'ff' AS TEXT) WHERE number = 3", "entry 3 was changed"),
        ("UPDATE trail SET details = '{' WHERE number = 3", "entry 3 was changed"),
        ("UPDATE trail SET at = 9e999 WHERE number = 3", "entry 3 was changed"),
        ("DELETE FROM trail WHERE number = 3", "entry 3 is missing"),
        ("DELETE FROM trail WHERE number > 3", "the end was cut off after entry 3"),
    ],
)
def test_it_finds_what_was_done_to_the_database_before(
    trail: TrailDatabase, tmp_path: Path, statement: str, problem: str
) -> None:
    trail.run(statement)
    assert problem in verified(export(trail), tmp_path)


def test_it_finds_an_anchor_that_has_seen_another_entry(trail: TrailDatabase, tmp_path: Path) -> None:
    trail.run("DELETE FROM trail WHERE number > 3")
    trail.fill(3)
    assert "the anchor has seen another entry" in verified(export(trail), tmp_path)


def test_it_passes_a_trail_whose_anchor_is_behind_its_start(trail: TrailDatabase, tmp_path: Path) -> None:
    early = trail.anchor.read_bytes()
    trail.fill(3)
    pruned_to(trail, NOON + 60_000_000)
    trail.anchor.write_bytes(early)
    assert verified(export(trail), tmp_path) == "0 entries, each follows the one before"


def test_it_does_not_verify_with_another_key(trail: TrailDatabase, tmp_path: Path) -> None:
    assert "entry 1 was changed" in verified(export(trail), tmp_path, OTHER_KEY)


def test_it_is_short_and_needs_the_standard_library_alone() -> None:
    source = VERIFIER.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 60
    assert {
        node.names[0].name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import)
    } <= set(sys.stdlib_module_names)
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(ast.parse(source)))
