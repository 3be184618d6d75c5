"""One demo organisation for all tests of the command; nobody may change it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.commands import ExportHere, Finished, dsar, export_arguments, in_this_process
from tests.worlds import SUBJECT

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
