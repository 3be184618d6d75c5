"""One office with its console for the tests of a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsar_export.model.request import Right
from dsar_export.sealing.drafts.keys import new_draft_key
from dsar_export.use_cases.desk import sealed_draft_key
from dsar_export.web.place import Place
from tests.requests.installations import founded_installation
from tests.use_cases.offices import Office, quick_services
from tests.use_cases.parcels import Parcels
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


@dataclass
class StaffParcels(Parcels):
    """Packages of requests whose pages staff can open: the keys of their Drafts are sealed by the office."""

    def publish(self, reference: str, rights: tuple[Right, ...] = (Right.ACCESS,)) -> None:
        super().publish(reference, rights)
        sealed = sealed_draft_key(new_draft_key(), reference, self.office.installation.vault)
        self.change_row(reference, draft_key_sealed=sealed)


@pytest.fixture(scope="module")
def parcels(house: House, reached: Path) -> Parcels:
    """The same office, which hands packages out."""
    made = StaffParcels(house.office, house.office.services, reached)
    made.reached("sam@example.org")
    return made
