"""Workers under fire, the short form: every request is delivered, once, whoever is killed and whenever.

`make chaos` runs the long form, on every set-up.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.chaos.checks import delivered
from tests.chaos.driver import Driver
from tests.chaos.estates import estate
from tests.chaos.fire import Figures, Fire
from tests.chaos.forge import Forge, forge
from tests.chaos.points import POINTS

LEASE = 3.0


@pytest.fixture(scope="module")
def forged() -> Iterator[Forge]:
    with forge() as running:
        yield running


def burned(kind: str, folder: Path, forged: Forge, points: Sequence[str], count: int, rounds: int) -> Figures:
    """The figures of a run; it fails unless all is delivered, once."""
    began = time.monotonic()
    with estate(kind, folder, forged, lease=LEASE) as place:
        driver = Driver(place)
        driver.opened(count)
        fire = Fire(driver, place.traps(lease=LEASE, slow=0.1))
        strikes = [fire.kill_worker, fire.kill_worker, fire.kill_master]
        strikes += [fire.kill_broker] if place.broker else []
        strikes += [fire.restart_database] if place.restart_database else []
        fire.burn(points, strikes * rounds, seconds=120 + 60 * rounds)
        fire.stop()
        figures = fire.figures(delivered(driver), time.monotonic() - began)
        assert not list((place.folder / "armed").iterdir()), "points that nobody met"
        return figures


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("embedded/SQLite", [name for number, name in enumerate(POINTS) if number % 2 == 0]),
        ("Valkey/PostgreSQL", [name for number, name in enumerate(POINTS) if number % 2]),
    ],
)
def test_every_request_is_delivered_once(kind: str, points: list[str], tmp_path: Path, forged: Forge) -> None:
    figures = burned(kind, tmp_path, forged, points, count=5, rounds=1)
    print(figures.line())  # noqa: T201 - shown with -s
