"""The contestants: commands to measure, each in a process of its own."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.events import IDENTIFIER
from benchmarks.members import Hashes, reported_hashes, unpack
from benchmarks.plan import Plan
from benchmarks.shape_rows import IDENTIFIER as SHAPE_IDENTIFIER
from benchmarks.shape_rows import SHAPES
from dsar_export.demo import write_organisation

REGISTER: Final = Path(__file__).with_name("register")
SHAPES_REGISTER: Final = Path(__file__).with_name("shapes")
DATABASE: Final = "BENCHMARK_DATABASE"
_PROGRAM: Final = str(Path(sys.executable).with_name("dsar-export"))
_IMPORTS: Final = "import sqlalchemy, reportlab.platypus, pyzipper"


@dataclass(frozen=True)
class Contestant:
    """A command to measure.

    `check` inspects its output folder, outside the measured time. A contestant that `draws` prints its drawing time.
    """

    name: str
    source: str
    command: tuple[str, ...]
    runs: int
    environment: Mapping[str, str] = field(default_factory=dict)
    check: Callable[[Path], None] | None = None
    draws: bool = False


@dataclass(frozen=True)
class Folders:
    """The folders of a sitting: for the contestants' output, the finished members and the request."""

    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def payload(self) -> Path:
        return self.folder / "payload"

    @property
    def passphrase(self) -> Path:
        return self.out / "passphrase.txt"

    def package(self) -> tuple[Path, bytes]:
        """The one package that was written, and its passphrase."""
        (package,) = self.out.glob("DSAR-*.zip")
        return package, self.passphrase.read_bytes().strip()


def product(folders: Folders, source: str, url: str, runs: int, expected: Hashes | None = None) -> Contestant:
    """The real command, as users run it."""

    def as_expected(_: Path) -> None:
        found = reported_hashes(*folders.package())
        if expected is not None and found != expected:
            raise RuntimeError(f"the package from {source} contains other members than expected")

    command = _export(folders, REGISTER, "teapots", [IDENTIFIER])
    return Contestant("product", source, command, runs, {DATABASE: url}, as_expected)


def rivals(folders: Folders, source: str, url: str, plan: Plan, expected: Hashes) -> Sequence[Contestant]:
    """The contestants that the product is compared with, on the same database."""
    passphrase = folders.folder / "naive-passphrase.txt"
    passphrase.write_text("a-phrase-for-invented-data", encoding="ascii")

    def is_equal(out: Path) -> None:
        if unpack(out / "naive.zip", passphrase.read_bytes()) != expected:
            raise RuntimeError(f"the naive package from {source} contains other members than the product's")

    place, environment = str(folders.out), {DATABASE: url}
    floor = _module(f"floor_{source.lower()}", place, str(folders.payload))
    return [
        Contestant("floor", source, floor, plan.runs, environment),
        Contestant("in_memory", source, _module("in_memory", place), plan.in_memory_runs, environment),
        Contestant(
            "naive", source, _module("naive", place, str(passphrase)), plan.naive_runs, environment, is_equal
        ),
    ]


def shapes(folders: Folders, urls: Mapping[str, str], runs: int) -> Sequence[Contestant]:
    """The product, with one dataset of another shape at a time."""
    return [
        Contestant(
            name, source, _export(folders, SHAPES_REGISTER, name, [SHAPE_IDENTIFIER]), runs, {DATABASE: url}
        )
        for source, url in urls.items()
        for name in SHAPES
    ]


def starts(folders: Folders, plan: Plan) -> Sequence[Contestant]:
    """Small commands, each with the command that it is compared with."""
    found = []
    if plan.wants("small"):
        person = write_organisation(folders.folder / "organisation", plan.demo_events)
        command = _export(folders, person.register, person.controller, person.identifiers)
        found += [
            Contestant("small", "demo", command, plan.runs),
            Contestant("imports", "demo", (sys.executable, "-c", _IMPORTS), plan.runs),
        ]
    if plan.wants("help"):
        found += [
            Contestant("help", "", (sys.executable, "-m", "dsar_export", "--help"), plan.runs),
            Contestant("pass", "", (sys.executable, "-c", "pass"), plan.runs),
        ]
    return found


def people(folders: Folders, plan: Plan) -> Contestant:
    """Exports of many people of the demo, one after another in one process."""
    person = write_organisation(folders.folder / "organisation", plan.demo_events)
    command = _module("people", str(person.register), str(folders.out), str(plan.people))
    return Contestant("people", "demo", command, 1)


def reports(folders: Folders, plan: Plan) -> Sequence[tuple[Contestant, int]]:
    """Contestants that draw a table as PDF, each with its number of rows."""
    few, many, most = plan.pdf_rows
    runs = (
        *(("pdf_ours", rows, plan.runs) for rows in (few, many, most)),
        *(("pdf_canvas", rows, plan.runs) for rows in (few, many)),
        *(("pdf_long_table", rows, plan.naive_runs) for rows in plan.long_table_rows),
    )
    file = str(folders.out / "report.pdf")
    return [
        (Contestant(name, "", _module(name, str(rows), file), times, draws=True), rows)
        for name, rows, times in runs
    ]


def _export(folders: Folders, register: Path, controller: str, identifiers: Sequence[str]) -> tuple[str, ...]:
    request = folders.folder / f"request-{controller}.txt"
    request.write_text("\n".join(identifiers), encoding="utf-8")
    what = ("--controller", controller, "--right", "access", "--identifiers-file", str(request))
    verified = ("--verified-by", "support folders", "--evidence", "answered from the known address")
    place = ("--out", str(folders.out), "--write-passphrase", str(folders.passphrase))
    return (_PROGRAM, "export", str(register), *what, *verified, *place)


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"benchmarks.{name}", *arguments)
