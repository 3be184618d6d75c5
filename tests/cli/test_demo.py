"""`dsar-export demo`, as a first-time user sees it."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dsar_export.delivery.passphrases import word_list
from tests.cli.commands import dsar, export, in_this_process, on_a_terminal, packages, typed
from tests.cli.conftest import EVENTS, Demo
from tests.worlds import open_package


def usage_events(register: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(register / "group.db")) as database:
        return database.execute("SELECT * FROM usage_events ORDER BY id").fetchall()


def test_json_is_one_object_with_what_a_script_needs_to_go_on(demo: Demo) -> None:
    result = demo.finished.json
    assert demo.finished.code == 0
    assert set(result) >= {"reference", "package", "datasets", "gaps", "passphrase", "register"}
    assert set(result) >= {"controller", "identifiers"}
    assert isinstance(result["datasets"], list)
    for dataset in result["datasets"]:
        assert set(dataset) >= {"name", "read", "written", "withheld", "nonconforming", "from", "to"}
    assert str(result["reference"]) in str(result["package"])


def test_json_holds_what_export_takes(demo: Demo, tmp_path: Path) -> None:
    result = demo.finished.json
    done = export(
        demo.folder / str(result["register"]), tmp_path, "--dry-run", "--json", stdin=demo.identifier
    )
    assert done.code == 0
    assert done.json["datasets"] == result["datasets"]


def test_the_passphrase_opens_the_package(demo: Demo) -> None:
    opened = open_package(demo.package, demo.passphrase)
    assert "report.pdf" in opened.members
    assert len(opened.json("usage_events")) == EVENTS


def test_progress_goes_to_standard_error_and_holds_names_and_counts_only(demo: Demo) -> None:
    lines = demo.finished.err.splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(r"dsar-export: [a-z_]+: \d+ rows? read", line)


def test_the_same_seed_makes_the_same_people_and_another_seed_others(
    demo: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in (1, 2):
        command = ("demo", "--out", tmp_path / str(seed), "--events", EVENTS, "--seed", seed, "--json")
        assert in_this_process(capsys, *command).code == 0
    same, other = (usage_events(tmp_path / seed / "organisation") for seed in ("1", "2"))
    assert same == usage_events(demo.register)
    assert other != same


def test_the_demo_can_write_its_report_in_another_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = (
        "demo",
        "--out",
        tmp_path,
        "--events",
        5,
        "--language",
        "fr",
        "--paper",
        "--large-print",
        "--json",
    )
    result = in_this_process(capsys, *command).json
    assert set(str(result["passphrase"]).split("-")) <= set(word_list("fr"))
    readme = open_package(Path(str(result["package"])), str(result["passphrase"])).members["README.txt"]
    assert readme.startswith(b"COMMENT OUVRIR CE PAQUET")


def test_the_printed_lines_show_the_package_its_contents_and_what_to_try(tmp_path: Path) -> None:
    folder = tmp_path / "a folder [old]"  # a blank, and what a terminal library may take for markup
    folder.mkdir()
    done = dsar("demo", "--out", "my [first] try", "--events", 5, cwd=folder)
    assert done.code == 0
    (package,) = packages(folder / "my [first] try" / "packages")
    assert str(package.relative_to(folder)) in done.out
    passphrase = re.search(r"passphrase +(\S+)", done.out)
    assert passphrase is not None
    assert open_package(package, passphrase[1]).json("profile")
    assert "7-Zip" in done.out
    assert re.search(r"usage_events +5 +20\d\d-", done.out)

    commands = [line for line in done.out.splitlines() if re.match(r"  \S.*dsar-export'? \w+ ", line)]
    assert {typed(line)[3] for line in commands} == {"inspect", "check"}
    for line in commands:
        code, shown = on_a_terminal(typed(line), passphrase[1], folder)
        assert code == 0, shown


def test_a_second_run_replaces_the_organisation_and_keeps_the_first_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for events in (3, 4):
        command = ("demo", "--out", tmp_path, "--events", events, "--json")
        assert in_this_process(capsys, *command).code == 0
    assert len(packages(tmp_path / "packages")) == 2


@pytest.mark.parametrize(("option", "value"), [("--events", "-1"), ("--seed", "first")])
def test_a_wrong_option_is_named(
    option: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = in_this_process(capsys, "demo", "--out", tmp_path, option, value)
    assert done.code == 2
    assert option in done.err
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    done = dsar("demo", "--out", "file", cwd=tmp_path)
    assert done.code == 6
    assert "file" in done.err
