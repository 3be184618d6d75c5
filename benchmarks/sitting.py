"""One sitting: creates the data, runs the contestants in turn, and compares their output."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contestants import Contestant, Folders, people, product, reports, rivals, shapes, starts
from benchmarks.databases import filled_databases, filled_shapes
from benchmarks.measuring import Drawing, Run, measure
from benchmarks.members import Hashes, reported_hashes, unpack
from benchmarks.plan import Plan
from tools.servers.postgres import postgres_server

Log = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """A contestant's runs, in order."""

    contestant: Contestant
    rows: int | None
    runs: list[Run] = field(default_factory=list)


@dataclass(frozen=True)
class ManyPeople:
    """People exported one after another by one process, and its resident memory after each ten of them."""

    people: int
    seconds: float
    resident_bytes: Sequence[int]
    processor_seconds: float = 0.0
    people_a_second: float = 0.0
    processor_seconds_a_person: float = 0.0


@dataclass(frozen=True)
class Sitting:
    """All measurements; `payload` has the member hashes that all packages of the large subject have in common."""

    plan: Plan
    measured: Sequence[Measured]
    payload: Hashes
    people: ManyPeople | None


def measure_all(plan: Plan, log: Log) -> Sitting:
    """Measures everything in the plan; RuntimeError if a command fails or members differ."""
    with _folders(plan) as folders:
        measured, payload = list[Measured](), Hashes()
        many_people: ManyPeople | None = None
        if plan.wants("product", "floor", "naive", "in_memory", "memory"):
            with postgres_server() as server:
                with filled_databases(folders.folder, server, plan.rows) as urls:
                    log(f"filled both databases with {plan.rows:,} rows of one person")
                    payload = _ready_payload(folders, *next(iter(urls.items())), log)
                    measured += _turns(
                        folders, _with_rows(plan.rows, _large(folders, urls, plan, payload)), log
                    )
                shutil.rmtree(folders.payload)
                if plan.memory_rows and plan.wants("memory"):
                    with filled_databases(folders.folder, server, plan.memory_rows) as urls:
                        log(f"filled both databases with {plan.memory_rows:,} rows of one person")
                        heavy = [product(folders, source, url, 1) for source, url in urls.items()]
                        measured += _turns(folders, _with_rows(plan.memory_rows, heavy), log)
        if plan.wants("shapes"):
            with postgres_server() as server, filled_shapes(folders.folder, server, plan.shape_rows) as urls:
                log(f"filled both databases with {plan.shape_rows:,} rows of each other shape")
                measured += _turns(
                    folders, _with_rows(plan.shape_rows, shapes(folders, urls, plan.runs)), log
                )
        measured += _turns(folders, _with_rows(None, starts(folders, plan)), log)
        if plan.wants("pdf"):
            measured += _turns(folders, [Measured(*each) for each in reports(folders, plan)], log)
        if plan.wants("people"):
            many = Measured(people(folders, plan), None)
            many_people = ManyPeople(**json.loads(_turn(folders, many, log)))
            measured.append(many)
    return Sitting(plan, measured, payload, many_people)


@contextmanager
def _folders(plan: Plan) -> Iterator[Folders]:
    plan.folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(plan.folder).free
    if free < plan.bytes_needed:
        raise RuntimeError(
            f"{plan.folder}: {plan.bytes_needed:,} bytes are needed, but only {free:,} are free; pass another --folder"
        )
    with TemporaryDirectory(prefix="dsar-benchmark-", dir=plan.folder) as folder:
        yield Folders(Path(folder))


def _large(folders: Folders, urls: dict[str, str], plan: Plan, payload: Hashes) -> list[Contestant]:
    """The contestants, ordered by source, so that those to be compared run under the same conditions."""
    found: list[Contestant] = []
    for source, url in urls.items():
        every = [
            product(folders, source, url, plan.runs, payload),
            *rivals(folders, source, url, plan, payload),
        ]
        found += [c for c in every if c.name == "product" or plan.wants(c.name)]
    return found


def _ready_payload(folders: Folders, source: str, url: str, log: Log) -> Hashes:
    """The members that the product makes from one source: the floor seals them, all others must equal them.

    This run is not counted, and also warms the machine up.
    """
    _turn(folders, Measured(product(folders, source, url, 1), None), log, counted=False)
    package, passphrase = folders.package()
    folders.payload.mkdir()
    payload = unpack(package, passphrase, folders.payload)
    if payload != reported_hashes(package, passphrase):
        raise RuntimeError("the package contains other members than its manifest states")
    return payload


def _with_rows(rows: int | None, contestants: Sequence[Contestant]) -> list[Measured]:
    return [Measured(contestant, rows) for contestant in contestants]


def _turns(folders: Folders, measured: list[Measured], log: Log) -> list[Measured]:
    """Runs each once, then each a second time, and so on: a machine that slows down then slows all of them."""
    for turn in range(max((one.contestant.runs for one in measured), default=0)):
        for one in measured:
            if turn < one.contestant.runs:
                _turn(folders, one, log)
    return measured


def _turn(folders: Folders, measured: Measured, log: Log, *, counted: bool = True) -> str:
    contestant = measured.contestant
    shutil.rmtree(folders.out, ignore_errors=True)
    folders.out.mkdir()
    run, printed = measure(contestant.command, contestant.environment, folders.folder)
    if contestant.check is not None:
        contestant.check(folders.out)
    if contestant.draws:
        run = replace(run, drawing=Drawing(**json.loads(printed)))
    measured.runs.append(run)
    number = f"run {len(measured.runs)}" if counted else "not counted"
    rows = "" if measured.rows is None else f"{measured.rows:,} rows"
    label = " ".join(filter(None, (contestant.name, contestant.source, rows)))
    log(f"{label}, {number}: {run.seconds:.2f} s, {run.peak_bytes / 1e6:.0f} MB")
    return printed
