"""An office with two sources and staff of every role, on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsar_export.use_cases.services import Services
from tests.requests.installations import founded_installation
from tests.use_cases.offices import Office, quick_services, register_in


@pytest.fixture(scope="session")
def office_services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return quick_services(register_in(tmp_path_factory.mktemp("office") / "register"))


@pytest.fixture
def office(office_services: Services, tmp_path: Path) -> Iterator[Office]:
    url = f"sqlite:///{tmp_path / 'trail' / 'requests.db'}"
    installation = founded_installation(url, tmp_path / "trail" / "keys.json")
    yield Office(installation, office_services, tmp_path / "state", tmp_path / "trail" / "anchor.json")
    installation.engine.dispose()
