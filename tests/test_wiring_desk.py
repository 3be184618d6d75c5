"""A worker on a machine of its own sees the trail from its first day on, and no anchor is made where one is missing."""

from pathlib import Path

import pytest

from dsar_export.errors import TrailBrokenError
from dsar_export.settings import Settings
from dsar_export.use_cases.perform import Workbench, perform_next
from dsar_export.use_cases.services import Services
from dsar_export.wiring import parts_of
from dsar_export.wiring.desk import open_desk, open_worker_desk


def never() -> Services:
    raise AssertionError("nothing is asked")


@pytest.fixture
def database(tmp_path: Path) -> Settings:
    """The settings of the machine on which staff work."""
    settings = Settings(state=tmp_path / "staff")
    open_desk(settings).engine.dispose()
    return settings


def test_a_machine_without_a_state_folder_begins_to_watch_the_trail(
    database: Settings, tmp_path: Path
) -> None:
    other = Settings(state=tmp_path / "other", database_url=database.database, key_file=database.keys)
    desk = open_worker_desk(other)
    assert other.anchor.read_bytes() == database.anchor.read_bytes()
    assert other.state.stat().st_mode & 0o777 == 0o700
    desk.engine.dispose()


def test_a_missing_anchor_in_a_state_folder_is_not_made_anew(database: Settings) -> None:
    database.anchor.unlink()
    desk = open_worker_desk(database)
    assert not database.anchor.exists()
    with pytest.raises(TrailBrokenError):
        perform_next(Workbench(desk, never, parts_of()), heavy=False)
    desk.engine.dispose()
