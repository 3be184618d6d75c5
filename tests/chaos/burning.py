"""One run under fire, in the short form and in the long one."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.chaos.checks import delivered
from tests.chaos.driver import Driver
from tests.chaos.estates import estate
from tests.chaos.fire import Figures, Fire, takeovers
from tests.chaos.forge import Forge

LEASE: Final = 2.0


def burned(kind: str, folder: Path, forged: Forge, points: Sequence[str], count: int, rounds: int) -> Figures:
    """The figures of a run; it fails unless all is delivered, once."""
    began = time.monotonic()
    with estate(kind, folder, forged, lease=LEASE) as place:
        driver = Driver(place)
        driver.opened(count)
        fire = Fire(driver, place.traps(lease=LEASE, slow=0.1, backoff=4.0 if place.s3 else 1.0))
        strikes = [fire.kill_worker, fire.kill_worker, fire.kill_master]
        strikes += [fire.kill_broker] if place.broker else []
        strikes += [fire.restart_database] if place.restart_database else []
        strikes += [fire.kill_store] if place.s3 else []
        fire.burn(points, strikes * rounds, seconds=(120 + 60 * rounds) * (2 if place.s3 else 1))
        fire.stop()
        figures = fire.figures(delivered(driver), time.monotonic() - began)
        if place.s3:
            place.s3.clean()
            assert not place.s3.unfinished()
        assert not list((place.folder / "armed").iterdir()), "points that nobody met"
        return figures


def overtaken(kind: str, folder: Path, forged: Forge, points: Sequence[str]) -> list[float]:
    """Seconds from the death of a worker at each point until an idle one goes on."""
    with estate(kind, folder, forged, lease=LEASE) as place:
        driver = Driver(place)
        fire = Fire(driver, place.traps(lease=LEASE))
        for point in points:
            driver.opened(1)
            fire.burn([point], [], seconds=60)
        fire.stop()
        return takeovers(place)
