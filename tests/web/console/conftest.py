"""One office with its console for the tests of a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsar_export.web.place import Place
from tests.requests.installations import founded_installation
from tests.use_cases.offices import Office, quick_services
from tests.web.console.consoles import Visitor, served_console


@dataclass(frozen=True)
class House:
    """An office, and the port of its console."""

    office: Office
    port: int
    place: Place

    def visitor(self, name: str, *, proven: bool = False, language: str = "en") -> Visitor:
        return Visitor(self.port, name, proven, language)

    def reviewed(self) -> str:
        """The reference of a request that waits for its approval."""
        reference = self.office.verified()
        self.office.collect("ada", reference)
        return reference


@contextmanager
def house_of(register: Path, folder: Path) -> Iterator[House]:
    """A house whose office has this register."""
    made = founded_installation(f"sqlite:///{folder / 'requests.db'}", folder / "keys.json")
    office = Office(made, quick_services(register), folder / "state", folder / "anchor.json")
    with served_console(office, register) as (port, place):
        yield House(office, port, place)
    made.engine.dispose()


@pytest.fixture(scope="module")
def house(reached: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_of(reached, tmp_path_factory.mktemp("console")) as made:
        yield made
