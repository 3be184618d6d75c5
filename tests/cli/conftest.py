"""One demo organisation for all tests of the command; nobody may change it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsar_export.wiring.desk import login_name
from tests.cli.commands import ExportHere, Finished, Run, dsar, export_arguments, in_this_process
from tests.worlds import SUBJECT, World

EVENTS = 120


@dataclass(frozen=True)
class Demo:
    """A finished `dsar-export demo --json`, run in `folder`."""

    folder: Path
    finished: Finished

    @property
    def register(self) -> Path:
        return self.folder / "demo" / "organisation"

    @property
    def package(self) -> Path:
        return self.folder / str(self.finished.json["package"])

    @property
    def passphrase(self) -> str:
        return str(self.finished.json["passphrase"])

    @property
    def identifier(self) -> str:
        identifiers = self.finished.json["identifiers"]
        assert isinstance(identifiers, list)
        return str(identifiers[0])


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    return Demo(folder, dsar("demo", "--events", EVENTS, "--json", cwd=folder))


@pytest.fixture
def export_here(capsys: pytest.CaptureFixture[str]) -> ExportHere:
    def export(register: Path, out: Path | None, *more: object, stdin: str = SUBJECT) -> Finished:
        return in_this_process(capsys, *export_arguments(register, out), *more, stdin=stdin)

    return export


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command of an office in London."""
    World(tmp_path / "register").write([{"text": "one"}])

    def ran(*arguments: object, stdin: str = "") -> Finished:
        return in_this_process(capsys, *arguments, stdin=stdin)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DSAR_REGISTER", str(tmp_path / "register"))
        patch.setenv("DSAR_STATE", str(tmp_path / "state"))
        ran(
            "people",
            "roles",
            login_name(os.getuid()),
            "--controller",
            "*",
            "--add",
            "agent",
            "--add",
            "auditor",
        )
        yield ran
