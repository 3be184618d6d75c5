"""`dsar-export export`: every option, every way to be refused, and what is left on the disk afterwards."""

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from dsar_export.delivery.passphrases import word_list
from tests.cli.commands import (
    VERIFIED,
    ExportHere,
    dsar,
    export,
    export_arguments,
    files_below,
    in_this_process,
    packages,
)
from tests.cli.conftest import Demo
from tests.worlds import STRANGER, SUBJECT, World, open_package

ROWS = [{"text": "MARKER-one", "amount": "12.50"}, {"text": "MARKER-two", "whole": "not a number"}]
NOBODY = "email=nobody@example.org"
KNOWN_IDENTIFIERS = ("sam@example.org", "Sam@example.org", "C-1", "MARKER")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "register").write(ROWS, [{"text": "STRANGE"}])


def passphrase_shown(text: str) -> str:
    (found,) = re.findall(r"\b[a-z]+(?:-[a-z]+){7,9}\b", text)
    return str(found)


# What comes of it


def test_json_is_one_object_and_the_passphrase_is_shown_once_on_standard_error(world: World) -> None:
    done = export(world.folder, world.out, "--json")
    assert done.code == 0
    result = done.json
    assert set(result) >= {"reference", "package", "datasets", "gaps"}
    assert result["gaps"] == []
    assert isinstance(result["datasets"], list)
    (dataset,) = result["datasets"]
    assert set(dataset) >= {"name", "read", "written", "withheld", "nonconforming", "from", "to"}
    assert [dataset[k] for k in ("name", "read", "written", "withheld", "nonconforming")] == [
        "records", 2, 1, 0, 1,
    ]  # fmt: skip
    (package,) = packages(world.out)
    assert result["package"] == str(package)
    assert result["opener"] == str(package.with_name("open.html"))
    assert package.stem == result["reference"]
    assert len(open_package(package, passphrase_shown(done.err)).json()) == 1


def test_without_json_the_terminal_shows_the_package_how_to_open_it_and_its_datasets(world: World) -> None:
    done = export(world.folder, world.out)
    assert done.code == 0
    (package,) = packages(world.out)
    assert str(package) in done.out
    assert str(package.with_name("open.html")) in done.out
    assert package.stem in done.out
    assert "7-Zip" in done.out
    assert re.search(r"records +1 +1", done.out)
    assert open_package(package, passphrase_shown(done.out)).json()
    assert not re.search(r"[a-z]+(-[a-z]+){7}", done.err)


def test_the_passphrase_goes_to_a_new_file_of_its_owner_and_nowhere_else(
    world: World, tmp_path: Path
) -> None:
    file = tmp_path / "passphrase.txt"
    done = export(world.folder, world.out, "--write-passphrase", file, "--json")
    assert done.code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    passphrase = file.read_text(encoding="ascii").strip()
    (package,) = packages(world.out)
    assert open_package(package, passphrase).json()
    assert passphrase not in done.out + done.err


def test_only_its_owner_may_read_a_package(world: World, export_here: ExportHere) -> None:
    assert export_here(world.folder, world.out).code == 0
    (package,) = packages(world.out)
    assert stat.S_IMODE(package.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(world.out.stat().st_mode) & 0o077 == 0


def test_rows_kept_beside_are_named_to_staff_with_field_and_rule_and_without_their_value(
    world: World, export_here: ExportHere
) -> None:
    done = export_here(world.folder, world.out)
    assert re.search(r"records: 1 row kept beside.*/whole integer \(1\)", done.err)
    assert "not a number" not in done.out + done.err


def test_no_identifier_and_no_value_of_the_data_is_shown(world: World, export_here: ExportHere) -> None:
    done = export_here(world.folder, world.out)
    for value in KNOWN_IDENTIFIERS:
        assert value not in done.out + done.err
        assert all(value not in str(path) for path in files_below(world.out))


def test_a_package_and_its_passphrase_are_kept_together_or_not_at_all(world: World, tmp_path: Path) -> None:
    """Standard output that can't be written to must not leave a package that nobody can open."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    file = tmp_path / "passphrase.txt"
    command = [*export_arguments(world.folder, world.out), "--write-passphrase", str(file), "--json"]
    done = dsar(*command, stdin=SUBJECT, before=_full_standard_output)
    assert done.code != 0
    assert len(packages(world.out)) == file.exists() == (world.out / "open.html").exists()


def _full_standard_output() -> None:
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)


# How the report is wanted


def test_report_readme_and_passphrase_are_in_the_language_asked_for(
    world: World, export_here: ExportHere
) -> None:
    done = export_here(world.folder, world.out, "--language", "de-AT", "--paper", "--large-print")
    assert done.code == 0
    passphrase = passphrase_shown(done.out)
    assert set(passphrase.split("-")) <= set(word_list("de"))
    (package,) = packages(world.out)
    opened = open_package(package, passphrase)
    assert opened.members["README.txt"].startswith(b"SO OEFFNEN SIE DIESES PAKET")


@pytest.mark.parametrize("tag", ["nl", "DE", "de_AT", ""])
def test_a_language_without_translation_is_refused_and_the_available_ones_are_named(
    tag: str, world: World, export_here: ExportHere
) -> None:
    for more in ((), ("--dry-run",)):
        done = export_here(world.folder, world.out, "--language", tag, *more)
        assert (done.code, done.out) == (2, "")
        assert "use --language with one of de, en, fr" in done.err
    assert not world.out.exists()


# Identifiers


@pytest.mark.parametrize(
    "text",
    [
        "email=sam@example.org\n",
        "email=SAM@Example.org",
        "\n  email = sam@example.org  \r\n\ncustomer_id=C-1\nemail=sam@example.org\n",
        "\ufeffemail=sam@example.org\n",
    ],
    ids=["plain", "another case", "blank lines and spaces", "byte order mark"],
)
def test_identifiers_are_read_from_a_file(
    text: str, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "request.txt"
    file.write_bytes(text.encode())
    command = ["export", world.folder, "--controller", "acme", "--right", "access", *VERIFIED, "--dry-run"]
    done = in_this_process(capsys, *command, "--identifiers-file", file, "--json")
    assert (done.code, _read(done.json)) == (0, 2)


def test_identifiers_may_be_arguments_in_scripts_of_synthetic_people(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["export", world.folder, "--controller", "acme", "--right", "access", *VERIFIED, "--dry-run"]
    more = ["--identifier", SUBJECT, "--identifier", "customer_id=C-1", "--json"]
    done = in_this_process(capsys, *command, *more)
    assert (done.code, _read(done.json)) == (0, 2)


def _read(result: dict[str, object]) -> object:
    assert isinstance(result["datasets"], list)
    return result["datasets"][0]["read"]


@pytest.mark.parametrize(
    "line", ["secret@example.org", "=secret@example.org", "email=", "email:secret@example.org"]
)
def test_a_line_that_is_not_an_identifier_is_named_by_its_number_and_not_echoed(
    line: str, world: World, export_here: ExportHere
) -> None:
    done = export_here(world.folder, world.out, stdin=f"{SUBJECT}\n{line}\n")
    assert (done.code, done.out) == (2, "")
    assert "line 2" in done.err
    assert "secret" not in done.err
    assert not world.out.exists()


@pytest.mark.parametrize("kind", ["emial", "e_mail", "Email"])
def test_an_unknown_kind_of_identifier_is_refused_with_the_nearest_name(
    kind: str, world: World, export_here: ExportHere
) -> None:
    done = export_here(world.folder, world.out, stdin=f"{kind}=sam@example.org")
    assert done.code == 2
    assert "kind of identifier" in done.err
    assert re.search(r"\bemail\b", done.err)
    assert "sam@" not in done.err


def test_an_identifier_the_wrong_way_round_is_not_echoed(world: World, export_here: ExportHere) -> None:
    done = export_here(world.folder, world.out, stdin="secret@example.org=email")
    assert done.code == 2
    assert "secret" not in done.err


def test_an_identifier_that_was_meant_as_an_option_is_not_echoed(
    world: World, export_here: ExportHere
) -> None:
    done = export_here(world.folder, world.out, "--identifier", "email=Sam", "secret@example.org")
    assert done.code == 2
    assert "secret" not in done.err


def test_a_file_of_identifiers_that_cannot_be_read_is_named(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "latin.txt").write_bytes(b"email=s\xe9cret@example.org")
    for name in ("nowhere.txt", "latin.txt", "register"):
        command = ["export", world.folder, "--controller", "acme", "--right", "access", *VERIFIED]
        done = in_this_process(capsys, *command, "--out", world.out, "--identifiers-file", tmp_path / name)
        assert done.code == 2
        assert name in done.err
        assert "cret" not in done.err


def test_without_any_identifier_nobody_is_exported(world: World, export_here: ExportHere) -> None:
    done = export_here(world.folder, world.out, stdin="\n")
    assert done.code == 2
    assert "--identifiers-file" in done.err
    assert not world.out.exists()


# Refusals


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--verified-by", "support"),
        ("--evidence", "signed in"),
        ("--verified-by", "", "--evidence", "signed in"),
        ("--verified-by", "support", "--evidence", " \t"),
    ],
)
@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_nobody_is_exported_unverified(
    options: Sequence[str], more: Sequence[str], world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["export", world.folder, "--controller", "acme", "--right", "access", "--out", world.out]
    done = in_this_process(capsys, *command, "--identifier", SUBJECT, *options, *more)
    assert (done.code, done.out) == (2, "")
    assert "--verified-by" in done.err
    assert "--evidence" in done.err
    assert not world.out.exists()


def test_an_unverified_request_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    done = dsar("export", tmp_path / "nowhere", "--controller", "acme", "--right", "access")
    assert done.code == 2
    assert "unverified" in done.err


@pytest.mark.parametrize("right", ["Portability", "Access", "erasure", ""])
def test_a_right_that_is_not_answered_is_refused(
    right: str, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "passphrase.txt"
    command = ["export", world.folder, "--controller", "acme", "--right", right, *VERIFIED]
    more = ["--identifier", SUBJECT, "--out", world.out, "--write-passphrase", file]
    for dry in ([], ["--dry-run"]):
        done = in_this_process(capsys, *command, *more, *dry)
        assert (done.code, done.out) == (2, "")
        assert "use one of: access, portability" in done.err
        assert not world.out.exists()
        assert not file.exists()


def test_an_unknown_controller_is_refused_with_the_nearest_name(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["export", world.folder, "--controller", "acem", "--right", "access", *VERIFIED]
    done = in_this_process(capsys, *command, "--identifier", SUBJECT, "--out", world.out)
    assert done.code == 2
    assert "'acem'" in done.err
    assert re.search(r"nearest valid name: acme$", done.err)
    assert not world.out.exists()


def test_an_existing_passphrase_file_is_refused_and_untouched(world: World, tmp_path: Path) -> None:
    file = tmp_path / "passphrase.txt"
    file.write_text("another passphrase", encoding="ascii")
    done = export(world.folder, world.out, "--write-passphrase", file)
    assert done.code == 2
    assert str(file) in done.err
    assert file.read_text(encoding="ascii") == "another passphrase"
    assert not packages(world.out)


def test_a_passphrase_file_is_never_written_through_a_link(
    world: World, tmp_path: Path, export_here: ExportHere
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    done = export_here(world.folder, world.out, "--write-passphrase", tmp_path / "link")
    assert done.code == 2
    assert not (tmp_path / "elsewhere").exists()
    assert not packages(world.out)


def test_a_passphrase_file_in_a_missing_folder_is_an_error(
    world: World, tmp_path: Path, export_here: ExportHere
) -> None:
    done = export_here(world.folder, world.out, "--write-passphrase", tmp_path / "nowhere" / "file")
    assert done.code in {2, 6}
    assert str(tmp_path / "nowhere" / "file") in done.err
    assert not packages(world.out)


def test_an_export_needs_a_folder_for_its_package(world: World, export_here: ExportHere) -> None:
    done = export_here(world.folder, None)
    assert done.code == 2
    assert "--out" in done.err


def test_two_customers_with_one_address_are_asked_about_and_nothing_is_read(
    world: World, tmp_path: Path, export_here: ExportHere
) -> None:
    world.run("UPDATE customers SET email = 'SAM@example.org' WHERE id = 'C-2'")
    file = tmp_path / "passphrase.txt"
    for identifier in (SUBJECT, "customer_id=C-1", "customer_id=C-2"):
        done = export_here(world.folder, world.out, "--write-passphrase", file, stdin=identifier)
        assert (done.code, done.out) == (4, "")
        message, candidates = done.err.splitlines()
        assert "customer_id" in message
        assert "--choose" in message
        assert candidates == "  candidates: 2; run this on a terminal to see their keys"
        assert not re.search("C-[12]|sam@|MARKER", done.err, re.IGNORECASE)
        assert not files_below(world.out)
        assert not file.exists()


def test_identifiers_of_two_people_are_ambiguous(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["export", world.folder, "--controller", "acme", "--right", "access", *VERIFIED, "--dry-run"]
    done = in_this_process(capsys, *command, "--identifier", SUBJECT, "--identifier", STRANGER)
    assert done.code == 4


def test_a_variable_that_the_register_names_must_be_set(
    world: World, monkeypatch: pytest.MonkeyPatch, export_here: ExportHere
) -> None:
    register = world.folder / "register.toml"
    text = register.read_text(encoding="utf-8").replace("sqlite:///main.db", "env:DSAR_TEST_SOURCE")
    register.write_text(text, encoding="utf-8")
    missing = export_here(world.folder, world.out)
    assert missing.code == 2
    assert "DSAR_TEST_SOURCE" in missing.err
    monkeypatch.setenv("DSAR_TEST_SOURCE", f"sqlite:///{world.database}")
    found = export_here(world.folder, world.out)
    assert found.code == 0


# Nobody found


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_nobody_found_is_exit_code_5_without_a_package(
    more: Sequence[str], world: World, tmp_path: Path
) -> None:
    file = tmp_path / "passphrase.txt"
    done = export(world.folder, world.out, "--write-passphrase", file, *more, "--json", stdin=NOBODY)
    assert (done.code, done.out) == (5, "")
    assert "--confirm-nothing-held" in done.err
    assert "nobody@" not in done.err
    assert not files_below(world.out)
    assert not file.exists()


def test_after_confirmation_a_package_states_that_nothing_is_held(world: World, tmp_path: Path) -> None:
    file = tmp_path / "passphrase.txt"
    more = ("--write-passphrase", file, "--confirm-nothing-held", "--json")
    done = export(world.folder, world.out, *more, stdin=NOBODY)
    assert done.code == 0
    (path,) = packages(world.out)
    package = open_package(path, file.read_text(encoding="ascii").strip())
    assert package.json() == []
    assert package.csv() == []
    assert package.outcome()["read"] == 0
    assert b'"answer": "none_held"' in package.members["datapackage.json"].replace(b'":"', b'": "')
    assert dsar("inspect", path, "--passphrase-file", file).code == 0


def test_confirming_that_nothing_is_held_changes_nothing_if_something_is(
    world: World, export_here: ExportHere
) -> None:
    done = export_here(world.folder, world.out, "--confirm-nothing-held", "--json")
    assert (done.code, _read(done.json)) == (0, 2)


# Dry run


def test_a_dry_run_counts_the_same_and_writes_nothing(demo: Demo, tmp_path: Path) -> None:
    for name in ("out", "home", "tmp", "here"):
        (tmp_path / name).mkdir()
    done = dsar(
        *export_arguments(demo.register, tmp_path / "out"),
        *("--dry-run", "--json", "--write-passphrase", tmp_path / "here" / "passphrase.txt"),
        stdin=demo.identifier,
        cwd=tmp_path / "here",
        env={"TMPDIR": str(tmp_path / "tmp"), "HOME": str(tmp_path / "home")},
    )
    assert done.code == 0
    assert done.json["package"] is None
    assert done.json["datasets"] == demo.finished.json["datasets"]
    assert all(path.parent == tmp_path for path in files_below(tmp_path))


def test_a_dry_run_needs_no_folder_and_reports_that_nothing_was_written(
    world: World, export_here: ExportHere
) -> None:
    done = export_here(world.folder, None, "--dry-run")
    assert done.code == 0
    assert "nothing was written" in done.out
    assert re.search(r"records +1 +1", done.out)
    assert not re.search(r"[a-z]+(-[a-z]+){7}", done.out + done.err)


# Help


def test_help_explains_every_exit_code() -> None:
    done = dsar("--help")
    assert done.code == 0
    text = " ".join(done.out.split())
    for code, meaning in enumerate(
        ("done", "problems found", "wrong use or wrong register", "source could not be read")
    ):
        assert re.search(rf"\b{code} (a )?{meaning}", text)
    for meaning in ("4 subject ambiguous", "5 nobody found"):
        assert meaning in text


@pytest.mark.parametrize("command", ["demo", "check", "identify", "export", "inspect"])
def test_help_of_a_command_names_its_options_and_no_person(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = in_this_process(capsys, command, "--help")
    assert done.code == 0
    assert "--json" in done.out
    assert "@" not in done.out
    assert not re.search(r"--identifier [a-z_]+=", done.out)


def test_help_of_export_advises_to_keep_identifiers_out_of_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = in_this_process(capsys, "export", "--help")
    assert "--identifiers-file" in done.out
    assert "other users" in " ".join(done.out.split())


@pytest.mark.parametrize("arguments", [(), ("exprot",), ("export",), ("--colour",), ("check", "a", "b")])
def test_wrong_use_is_exit_code_2_and_shows_on_standard_error(
    arguments: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    done = in_this_process(capsys, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("dsar-export: ")


def test_the_version_is_printed() -> None:
    done = dsar("--version")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"dsar-export \d+\.\d+\.\d+\n", done.out)


def test_a_register_that_is_wrong_in_itself_answers_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path / "register")
    world.dataset_text = world.dataset_text.replace("{ service =", "{ servcie =")
    world.write(ROWS)
    command = ["export", world.folder, "--controller", "acme", "--right", "access", *VERIFIED]
    done = in_this_process(capsys, *command, "--identifier", SUBJECT, "--out", world.out)
    assert done.code == 2
    assert "records.toml: purposes" in done.err
    assert "nearest valid name: service" in done.err
    assert not world.out.exists()


def test_staff_are_warned_of_an_unknown_column_that_is_not_a_gap_for_this_person(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([], [{"text": "STRANGE"}])
    world.run("ALTER TABLE records ADD COLUMN allergies")
    done = export(world.folder, world.out, "--json", "--confirm-nothing-held")
    assert (done.code, done.json["gaps"]) == (0, [])
    reason = "column 'allergies' is not in the register yet, so it was not copied"
    assert done.json["register_behind"] == [{"source": "main", "dataset": "records", "reason": reason}]
    assert f"register: main, records: {reason}; this person has no row there" in done.err
    assert "the package states this" not in done.err
