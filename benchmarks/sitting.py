"""One sitting: the data is made, the contestants take turns, and what they wrote is compared."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contestants import Contestant, Desk, people, product, reports, rivals, starts
from benchmarks.databases import filled_databases
from benchmarks.measuring import Drawing, Run, measure
from benchmarks.members import Hashes, reported_hashes, unpack
from benchmarks.plan import Plan
from tools.servers.postgres import postgres_server

Say = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """A contestant's runs, in order."""

    contestant: Contestant
    rows: int | None
    runs: list[Run] = field(default_factory=list)


@dataclass(frozen=True)
class ManyPeople:
    """People exported one after another by one process, and what it held after each quarter of them."""

    people: int
    seconds: float
    resident_bytes: Sequence[int]


@dataclass(frozen=True)
class Sitting:
    """All that was measured; `payload` are the hashes that every package of the large subject agreed on."""

    plan: Plan
    measured: Sequence[Measured]
    payload: Hashes
    people: ManyPeople | None


def sit(plan: Plan, say: Say) -> Sitting:
    """Measures what the plan wants. RuntimeError where a command fails, or members differ."""
    with _desk(plan) as desk:
        measured, payload = list[Measured](), Hashes()
        told: ManyPeople | None = None
        if plan.wants("product", "floor", "naive", "in_memory", "memory"):
            with postgres_server() as server:
                with filled_databases(desk.folder, server, plan.rows) as urls:
                    say(f"filled both databases with {plan.rows:,} rows of one person")
                    payload = _ready_payload(desk, *next(iter(urls.items())), say)
                    measured += _turns(desk, _of(plan.rows, _large(desk, urls, plan, payload)), say)
                shutil.rmtree(desk.payload)
                if plan.memory_rows and plan.wants("memory"):
                    with filled_databases(desk.folder, server, plan.memory_rows) as urls:
                        say(f"filled both databases with {plan.memory_rows:,} rows of one person")
                        heavy = [product(desk, source, url, 1) for source, url in urls.items()]
                        measured += _turns(desk, _of(plan.memory_rows, heavy), say)
        measured += _turns(desk, _of(None, starts(desk, plan)), say)
        if plan.wants("pdf"):
            measured += _turns(desk, [Measured(*each) for each in reports(desk, plan)], say)
        if plan.wants("people"):
            many = Measured(people(desk, plan), None)
            told = ManyPeople(**json.loads(_turn(desk, many, say)))
            measured.append(many)
    return Sitting(plan, measured, payload, told)


@contextmanager
def _desk(plan: Plan) -> Iterator[Desk]:
    plan.folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(plan.folder).free
    if free < plan.bytes_needed:
        raise RuntimeError(f"{plan.folder}: {plan.bytes_needed:,} bytes are needed, {free:,} are free")
    with TemporaryDirectory(prefix="dsar-benchmark-", dir=plan.folder) as folder:
        yield Desk(Path(folder))


def _large(desk: Desk, urls: dict[str, str], plan: Plan, payload: Hashes) -> list[Contestant]:
    """By turns: each source's contestants next to each other, so that they meet the same machine."""
    found: list[Contestant] = []
    for source, url in urls.items():
        every = [product(desk, source, url, plan.runs, payload), *rivals(desk, source, url, plan, payload)]
        found += [c for c in every if c.name == "product" or plan.wants(c.name)]
    return found


def _ready_payload(desk: Desk, source: str, url: str, say: Say) -> Hashes:
    """The members that the product makes of one source, for the floor to seal and for all others to be equal to.

    This run is not counted: it also warms the machine up.
    """
    _turn(desk, Measured(product(desk, source, url, 1), None), say, counted=False)
    package, passphrase = desk.package()
    desk.payload.mkdir()
    payload = unpack(package, passphrase, desk.payload)
    if payload != reported_hashes(package, passphrase):
        raise RuntimeError("the package holds other members than its manifest says")
    return payload


def _of(rows: int | None, contestants: Sequence[Contestant]) -> list[Measured]:
    return [Measured(contestant, rows) for contestant in contestants]


def _turns(desk: Desk, measured: list[Measured], say: Say) -> list[Measured]:
    """The first run of each, then the second of each: a machine that slows down slows all of them."""
    for turn in range(max((one.contestant.runs for one in measured), default=0)):
        for one in measured:
            if turn < one.contestant.runs:
                _turn(desk, one, say)
    return measured


def _turn(desk: Desk, measured: Measured, say: Say, *, counted: bool = True) -> str:
    contestant = measured.contestant
    shutil.rmtree(desk.out, ignore_errors=True)
    desk.out.mkdir()
    run, printed = measure(contestant.command, contestant.environment, desk.folder)
    if contestant.check is not None:
        contestant.check(desk.out)
    if contestant.draws:
        run = replace(run, drawing=Drawing(**json.loads(printed)))
    measured.runs.append(run)
    number = f"run {len(measured.runs)}" if counted else "not counted"
    rows = "" if measured.rows is None else f"{measured.rows:,} rows"
    what = " ".join(filter(None, (contestant.name, contestant.source, rows)))
    say(f"{what}, {number}: {run.seconds:.2f} s, {run.peak_bytes / 1e6:.0f} MB")
    return printed
