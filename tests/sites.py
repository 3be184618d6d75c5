"""A site for tests: a small world, an installation on either database, and one person who may do everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from dsar_export.model.controller import OwnRecords
from dsar_export.model.intake import Channel
from dsar_export.model.package import ReportChoices
from dsar_export.model.people import Grant, Role
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier, Right
from dsar_export.plugins import collector_parts
from dsar_export.requests.database import writing
from dsar_export.requests.people import EVERY_CONTROLLER, grant
from dsar_export.settings import Settings
from dsar_export.use_cases.build_request import built_request
from dsar_export.use_cases.collect_request import collect_request
from dsar_export.use_cases.decide import approve, cancel
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.hold import place_hold
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.take_in import Intake, take_in
from dsar_export.wiring import allowed_plugins
from dsar_export.wiring.desk import open_desk
from tests.worlds import PASSPHRASE, SUBJECT, World, without_documents

FOUNDED = datetime(2020, 1, 1, tzinfo=UTC)
EVIDENCE = "called back on the known number"


@dataclass
class Site:
    """One installation; its clock stands still until a test moves it."""

    folder: Path
    settings: Settings
    services: Services
    now: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(minutes=1))
    desks: list[Desk] = field(default_factory=list)

    @property
    def register(self) -> Register:
        return self.services.register

    def desk(self) -> Desk:
        """A desk as a new process would open it, at the site's time."""
        opened = replace(open_desk(self.settings), clock=lambda: self.now)
        self.desks.append(opened)
        return opened

    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    def keeps(self, drafts: str = "P30D", requests: str = "P3Y", trail: str = "P6Y") -> Register:
        """The register with other storage periods of its own records."""
        org = self.register.organisation
        own = OwnRecords(drafts=drafts, requests=requests, trail=trail)
        acme = replace(org.controllers["acme"], own_records=own)
        return replace(self.register, organisation=replace(org, controllers={"acme": acme}))

    def opened(self, desk: Desk, *rights: Right) -> str:
        """A request of the world's person, taken in; for access, if no right is named."""
        identifier = Identifier(*SUBJECT.split("=", 1))
        intake = Intake(rights or (Right.ACCESS,), "acme", Channel.LETTER, self.now, (identifier,))
        return take_in(desk, self.register, intake).reference

    def collected(self, desk: Desk, *rights: Right) -> str:
        """A request in review, with a Draft."""
        reference = self.opened(desk, *rights)
        prove_by_evidence(desk, self.register, reference, "call_back", EVIDENCE)
        self.collect(desk, reference)
        return reference

    def collect(self, desk: Desk, reference: str) -> None:
        """Collects a verified request."""
        collect_request(desk, self.services, reference)

    def available(self, desk: Desk) -> str:
        """A request of both rights, with its packages."""
        reference = self.collected(desk, *Right)
        approve(desk, self.register, reference)
        self.built(desk, reference)
        return reference

    def built(self, desk: Desk, reference: str) -> None:
        """Builds an approved request, with the data package and the bag as the only documents."""
        order = PackageOrder(desk.workspace, PASSPHRASE, ReportChoices("en"))
        services = without_documents(self.services)
        with built_request(
            desk, services, partial(collector_parts, allowed=allowed_plugins()), reference, order
        ):
            pass

    def cancelled(self, desk: Desk) -> str:
        """A request that has ended with its Draft, because of a hold that is over a minute later."""
        reference = self.collected(desk)
        place_hold(desk, reference, self.now + timedelta(minutes=1), "a lawsuit")
        cancel(desk, reference)
        return reference

    def parts(self, reference: str = "") -> list[str]:
        """The names of Draft parts in the store."""
        return list(self.desks[0].drafts.names(reference))


@contextmanager
def site_in(folder: Path, url: str | None, settings: Settings | None = None) -> Iterator[Site]:
    """Founds an installation, in a SQLite file if there is no URL, or by settings."""
    world = World(folder / "register").write([{"text": "first"}, {"text": "second"}])
    given = settings or Settings(state=folder / "state", database_url=url)
    site = Site(folder, given, world.build())
    desk = site.desk()
    with writing(desk.engine) as connection:
        for role in (Role.AGENT, Role.REVIEWER, Role.AUDITOR):
            grant(connection, Grant(desk.person.name, EVERY_CONTROLLER, role, FOUNDED))
    try:
        yield site
    finally:
        for opened in site.desks:
            opened.engine.dispose()
