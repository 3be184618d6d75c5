"""Keeps workers at work under fire, and reckons from their journal what it cost."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from dsar_export.requests.states import State
from tests.chaos.child import MOST_KILLS, Traps, note
from tests.chaos.driver import Driver
from tests.chaos.estates import Estate
from tests.chaos.forge import children, lives


@dataclass(frozen=True)
class Figures:
    """What a run came to."""

    estate: str
    requests: int
    deliverables: int
    points: int
    killed_at_random: int
    masters_killed: int
    broker_killed: int
    database_restarted: int
    store_killed: int
    uploads_left: int
    unwoken: int
    asked_again: int
    attempts: int
    read_again: int
    takeovers: Sequence[float]
    seconds: float

    def line(self) -> str:
        longest = max(self.takeovers, default=0.0)
        middle = sorted(self.takeovers)[len(self.takeovers) // 2] if self.takeovers else 0.0
        return (
            f"{self.estate}: {self.requests} requests, {self.deliverables} packages, {self.attempts} attempts; "
            f"killed: {self.points} points, {self.killed_at_random} at random, {self.masters_killed} masters, "
            f"broker {self.broker_killed}, database {self.database_restarted}, "
            f"store {self.store_killed} (uploads left {self.uploads_left}); not woken {self.unwoken}, "
            f"asked again {self.asked_again}, datasets read again {self.read_again}; "
            f"taken up again, after what is due sooner, in {middle:.1f} s, at most {longest:.1f} s; "
            f"{self.seconds:.0f} s in all"
        )


@dataclass
class Fire:
    """Masters that are started again whenever they end, as systemd does it, and what strikes them."""

    driver: Driver
    traps: Traps
    masters: int = 2
    running: list[int] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)
    orphans: dict[int, float] = field(default_factory=dict)
    """Workers of killed masters, and by when each must have ended."""

    @property
    def estate(self) -> Estate:
        return self.driver.estate

    def burn(self, points: Iterable[str], strikes: Sequence[Callable[[], None]], seconds: float) -> None:
        """Until every request is available; each strike happens once, one after the other."""
        self.estate.arm(*points)
        waiting, began, struck_at = list(strikes), time.monotonic(), time.monotonic()
        while True:
            self._keep_running()
            states = self.driver.step()
            self.orphans = {pid: end for pid, end in self.orphans.items() if lives(pid)}
            assert all(end > time.monotonic() for end in self.orphans.values()), (
                "a worker outlives its master"
            )
            if states[State.AVAILABLE] == len(self.driver.references):
                if any((self.estate.folder / "armed").iterdir()):
                    self.driver.opened(1)  # who meets what nobody met
                elif not waiting and not self.orphans:
                    return
            if waiting and time.monotonic() - struck_at > 0.4:
                waiting.pop(0)()
                struck_at = time.monotonic()
            assert time.monotonic() - began < seconds, f"after {seconds} s: {dict(states)}"
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends the workers in order."""
        for master in self.running:
            os.kill(master, signal.SIGTERM)
        for master in self.running:
            self.estate.forge.wait(master, 45)

    def kill_worker(self) -> None:
        """SIGKILL to a worker process, if its request was not killed too often already."""
        last = {entry["pid"]: str(entry["reference"]) for entry in self.estate.journal("begun")}
        workers = [(pid, last[pid]) for master in self.running for pid in children(master) if pid in last]
        random.shuffle(workers)
        for pid, reference in workers:
            kills = self.estate.folder / "kills"
            if len(list(kills.glob(f"{reference}.*"))) < MOST_KILLS:
                (kills / f"{reference}.random{self.struck['worker']}").touch()
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    note(self.estate.folder, "struck", killed=pid)
                    self.struck["worker"] += 1
                return

    def kill_master(self) -> None:
        """SIGKILL to a master; its workers must end by themselves."""
        master = random.choice(self.running)  # noqa: S311 - no secret
        self.orphans |= dict.fromkeys(children(master), time.monotonic() + 35)
        with suppress(ProcessLookupError):
            os.kill(master, signal.SIGKILL)
            self.struck["master"] += 1

    def kill_broker(self) -> None:
        assert self.estate.broker is not None
        self.estate.broker.kill()
        time.sleep(0.5)
        self.driver.step()
        self.estate.broker.start()
        self.struck["broker"] += 1

    def restart_database(self) -> None:
        assert self.estate.restart_database is not None
        self.estate.restart_database()
        self.struck["database"] += 1

    def kill_store(self) -> None:
        assert self.estate.s3 is not None
        self.estate.s3.kill()
        time.sleep(0.5)
        self.driver.step()
        self.estate.s3.start()
        self.struck["store"] += 1

    def figures(self, deliverables: int, seconds: float) -> Figures:
        begun, driver = self.estate.journal("begun"), self.driver
        reads = Counter((e["reference"], e["dataset"]) for e in self.estate.journal("read"))
        return Figures(
            self.estate.name,
            len(driver.references),
            deliverables,
            len(list((self.estate.folder / "met").iterdir())),
            self.struck["worker"],
            self.struck["master"],
            self.struck["broker"],
            self.struck["database"],
            self.struck["store"],
            0 if self.estate.s3 is None else len(self.estate.s3.unfinished()),
            driver.unwoken,
            driver.asked_again,
            len(begun),
            sum(count - 1 for count in reads.values()),
            takeovers(self.estate),
            seconds,
        )

    def _keep_running(self) -> None:
        codes = {master: self.estate.forge.code(master) for master in self.running}
        self.running = [master for master in self.running if codes[master] is None]
        while len(self.running) < self.masters:
            self.running.append(self.estate.start(self.traps))


def takeovers(estate: Estate) -> list[float]:
    """Seconds from each death in an attempt to the next attempt at the same."""
    found: list[float] = []
    open_attempts: dict[object, tuple[object, object]] = {}
    dead: dict[tuple[object, object], float] = {}
    for entry in estate.journal():
        pid, at = entry["pid"], float(str(entry["at"]))
        match entry["what"]:
            case "begun":
                key = (entry["reference"], entry["task"])
                if key in dead:
                    found.append(at - dead.pop(key))
                open_attempts[pid] = key
            case "performed":
                open_attempts.pop(pid, None)
            case "kill" if pid in open_attempts:
                dead[open_attempts.pop(pid)] = at
            case "struck" if entry["killed"] in open_attempts:
                dead[open_attempts.pop(entry["killed"])] = at
    return found
