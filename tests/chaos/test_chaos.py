"""Workers under fire, the short form: every request is delivered, once, whoever is killed and whenever.

`make chaos` runs the long form, on every set-up.
"""

from pathlib import Path

import pytest

from tests.chaos.burning import LEASE, burned, overtaken
from tests.chaos.forge import Forge
from tests.chaos.points import points_of


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("embedded/SQLite", [name for number, name in enumerate(points_of()) if number % 2 == 0]),
        ("Valkey/PostgreSQL", [name for number, name in enumerate(points_of()) if number % 2]),
    ],
)
def test_every_request_is_delivered_once(kind: str, points: list[str], tmp_path: Path, forged: Forge) -> None:
    figures = burned(kind, tmp_path, forged, points, count=5, rounds=1)
    print(figures.line())  # noqa: T201 - shown with -s


def test_an_idle_worker_takes_over_within_seconds_of_the_lease(tmp_path: Path, forged: Forge) -> None:
    waits = overtaken("embedded/SQLite", tmp_path, forged, ["collect-rows_read"])
    assert len(waits) == 1
    assert LEASE - 1 <= waits[0] <= LEASE + 5
