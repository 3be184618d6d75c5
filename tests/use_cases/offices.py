"""An office for tests of requests: two sources about two people, staff of every role, and a clock that can be set."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.engine.interfaces import DBAPICursor

from dsar_export.delivery.folder_store import FolderStore
from dsar_export.interfaces import Collector, ObjectStore, Progress
from dsar_export.model.intake import Channel
from dsar_export.model.package import ReportChoices
from dsar_export.model.people import Grant, Person, Role
from dsar_export.model.request import Identifier, Right
from dsar_export.model.work import WorkStep
from dsar_export.plugins import collector_parts
from dsar_export.requests import trail
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import Installation
from dsar_export.requests.metadata import METADATA
from dsar_export.requests.packages import Packages, packages_of
from dsar_export.requests.people import add_person, grant
from dsar_export.requests.requests import ListedRequest, read_request
from dsar_export.use_cases import decide
from dsar_export.use_cases.build_request import built_request
from dsar_export.use_cases.collect_request import CollectOrder, collect_request
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.take_in import Intake, take_in
from dsar_export.wiring import allowed_plugins, build_services
from tests import worlds
from tests.requests.installations import emptied

START: Final = worlds.NOON
RECEIVED: Final = START - timedelta(days=3)
"""When every request arrived."""
LEASE_ENDS: Final = timedelta(minutes=2)
SAM, ROBIN = "SAM-MARKER", "ROBIN-MARKER"
WEB: Final = "https://privacy.example.org"
SPOKEN: Final = "SPOKEN-MARKER"
"""In every free text that staff write."""
MARKERS: Final = (SAM, ROBIN, SPOKEN, "sam@example.org", "robin@example.org", "nobody@example.org")
PARTS_OF: Final = partial(collector_parts, allowed=allowed_plugins())
_EVERY_ROW: Final = {t.name: str(select(t).order_by(*t.primary_key)) for t in METADATA.sorted_tables}
_BOTH_SOURCES: Final = """
[sources.second]
kind = "sql_database"
url = "sqlite:///main.db"
controllers = ["acme"]
left_out = { customers = { reason = "not_personal", note = "keys only" } }

[controllers.acme.approval]
access = "four_eyes"
"""
STAFF: Final[Mapping[str, tuple[tuple[str, Role, tuple[str, ...]], ...]]] = {
    "ada": (("acme", Role.AGENT, ()),),
    "abe": (("acme", Role.AGENT, ()),),
    "ray": (("acme", Role.REVIEWER, ()),),
    "rex": (("acme", Role.REVIEWER, ("records",)),),
    "kim": (("acme", Role.AGENT, ()), ("acme", Role.REVIEWER, ())),
    "aud": (("*", Role.AUDITOR, ()),),
    "fay": (("*", Role.ADMINISTRATOR, ()),),
    "bea": (("beta", Role.AGENT, ()), ("beta", Role.REVIEWER, ())),
    "nia": (),
}
"""Whoever is at work, with controllers, roles and the only datasets that a reviewer sees."""


def register_in(folder: Path) -> Path:
    """The folder of a register with the sources `main` and `second`, one dataset in each, and four eyes for access.

    The dataset of `second` is not portable, because it rests on a legal obligation.
    """
    text = worlds.World(folder).register_text
    text = text.replace('datasets = ["records"]', 'datasets = ["records", "extras"]') + _BOTH_SOURCES
    made = worlds.World(folder, register_text=text)
    made.write([{"text": SAM}, {"text": f"{SAM} again"}], [{"text": ROBIN}])
    dataset = made.dataset_text.replace('name = "records"', 'name = "extras"')
    dataset = dataset.replace('source = "main"', 'source = "second"').replace("A6-1-b", "A6-1-c")
    (folder / "datasets" / "extras.toml").write_text(dataset, encoding="utf-8")
    return folder


def quick_services(register: Path) -> Services:
    """The services of a register, with the data package and the bag as the only documents."""
    return worlds.without_documents(build_services(register, worlds.SilentProgress()))


@dataclass
class Office:
    """An empty installation with staff; everybody's desk shows the one clock."""

    installation: Installation
    services: Services
    folder: Path
    anchor: Path
    now: datetime = START
    collectors: dict[str, Collector] = field(default_factory=dict)
    elsewhere: ObjectStore | None = None
    """Where packages lie, if not in the folder."""

    def __post_init__(self) -> None:
        emptied(self.installation)
        with writing(self.installation.engine) as connection:
            for uid, (name, roles) in enumerate(STAFF.items(), start=5000):
                add_person(connection, name, uid)
                for controller, role, datasets in roles:
                    grant(
                        connection, Grant(name, controller, role, START - timedelta(days=9), None, datasets)
                    )
            trail.place(connection, self.installation.keys.trail, self.anchor)

    @property
    def packages(self) -> Path:
        return self.folder / "packages"

    @property
    def store(self) -> ObjectStore:
        return self.elsewhere or FolderStore(self.packages)

    @property
    def drafts(self) -> FolderStore:
        return FolderStore(self.folder / "drafts")

    def desk(self, name: str) -> Desk:
        """Where somebody works; the clock moves a little with each look, and can be set back."""
        made, at = self.installation, Person(name, None)
        stores = (self.drafts, self.store, self.packages)
        return Desk(made.engine, made.keys, made.vault, self.anchor, *stores, self.tick, at, web_url=WEB)

    def tick(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def with_progress(self, progress: Progress) -> Services:
        """The services of today's clock; sources that the office has changed are in them."""
        collectors = {**self.services.collectors, **self.collectors}
        return replace(self.services, collectors=collectors, progress=progress, clock=self.tick)

    def opened(self, by: str, *identifiers: str, rights: Sequence[Right] = (Right.ACCESS,)) -> str:
        """The reference of a new request."""
        parsed = tuple(map(identifier, identifiers))
        intake = Intake(tuple(rights), "acme", Channel.EMAIL, RECEIVED, parsed)
        return take_in(self.desk(by), self.services.register, intake).reference

    def verified(
        self, *identifiers: str, rights: Sequence[Right] = (Right.ACCESS,), proven: Sequence[str] = ()
    ) -> str:
        """The reference of a request that `ada` opened and `abe` verified."""
        reference = self.opened("ada", *(identifiers or ("email=Sam@example.org",)), rights=rights)
        self.verify(reference, proven)
        return reference

    def verify(self, reference: str, proven: Sequence[str] = ()) -> None:
        prove_by_evidence(self.desk("abe"), self.services.register, reference, "seen", SPOKEN, proven)

    def collect(
        self, by: str, reference: str, progress: Progress | None = None, *, anew: bool = False
    ) -> None:
        services = self.with_progress(progress or worlds.SilentProgress())
        collect_request(self.desk(by), services, reference, CollectOrder(anew=anew))

    def approved(self, *identifiers: str, rights: Sequence[Right] = (Right.ACCESS,)) -> str:
        """The reference of a request that `ray` approved."""
        reference = self.verified(*identifiers, rights=rights)
        self.collect("ada", reference)
        decide.approve(self.desk("ray"), self.services.register, reference)
        return reference

    def listed(self, reference: str) -> ListedRequest:
        """The request's row."""
        with reading(self.installation.engine) as connection:
            return read_request(connection, reference, self.installation.vault).listed

    def published(self, reference: str) -> Packages:
        """What the rows of the request's packages say."""
        with reading(self.installation.engine) as connection:
            return packages_of(connection, [reference]).get(reference, ())

    @contextmanager
    def built(
        self, by: str, reference: str, progress: Progress | None = None, file: Path | None = None
    ) -> Iterator[None]:
        """Builds; the block is where the passphrase is shown."""
        order = PackageOrder(
            self.packages, worlds.PASSPHRASE, ReportChoices("en"), file, nothing_held_confirmed=True
        )
        services = self.with_progress(progress or worlds.SilentProgress())
        with built_request(self.desk(by), services, PARTS_OF, reference, order):
            yield

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table, with the cells as the driver returns them."""
        with reading(self.installation.engine) as connection:
            cursor = connection.connection.cursor()
            return {name: list(_fetched(cursor, statement)) for name, statement in _EVERY_ROW.items()}

    def files(self) -> dict[str, tuple[int, int]]:
        """Every file of Drafts and packages, with its size and when it was written."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(f.relative_to(self.folder)): (f.stat().st_size, f.stat().st_mtime_ns) for f in found}


@dataclass
class CallingProgress:
    """Progress that does something once, when so many datasets are read."""

    once: Callable[[], object]
    number: int = 1
    seen: int = 0

    def began(self, step: WorkStep) -> None: ...
    def started(self, dataset: str) -> None: ...
    def advanced(self, rows: int) -> None: ...

    def finished(self, dataset: str, rows: int) -> None:
        self.seen += 1
        if self.seen == self.number:
            self.once()


def _fetched(cursor: DBAPICursor, statement: str) -> Iterator[tuple[object, ...]]:
    cursor.execute(statement)
    yield from map(tuple, cursor.fetchall())


def identifier(text: str) -> Identifier:
    """`kind=value` as an identifier."""
    return Identifier(*text.split("=", 1))
