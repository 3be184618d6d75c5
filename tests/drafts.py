"""Drafts for tests: a request collected into a folder, and packages built from it."""

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from dsar_export.delivery.folder_store import FolderStore
from dsar_export.export.ledger import Ledger
from dsar_export.model.draft import PartFacts
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Right, SubjectRequest, Verification
from dsar_export.plugins import collector_parts
from dsar_export.sealing.drafts.keys import DraftKey, new_draft_key
from dsar_export.use_cases.build import OpenDraft, built_package, open_draft, with_kept_register
from dsar_export.use_cases.collect import Collection, DraftPlace, collect_draft
from dsar_export.use_cases.collect_again import complete_draft, earlier_draft
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import allowed_plugins
from tests.worlds import NOON, PASSPHRASE, SUBJECT, export_package

PARTS_OF = partial(collector_parts, allowed=allowed_plugins())


@dataclass
class Drafting:
    """One request of a register, with the place of its Draft."""

    folder: Path
    services: Services
    identifier: str = SUBJECT
    key: DraftKey = field(default_factory=new_draft_key)

    def __post_init__(self) -> None:
        self.services = replace(self.services, clock=lambda: NOON)
        self.request = self.asking(Right.ACCESS)

    def asking(self, right: Right) -> SubjectRequest:
        """The request under one right; both have one reference, as one Draft serves them."""
        given = [Identifier(*self.identifier.split("=", 1))]
        made = verified_request(right, "acme", given, Verification("tests", "synthetic", NOON))
        return replace(made, reference="DSAR-20261122-TESTTEST")

    @property
    def store(self) -> FolderStore:
        return FolderStore(self.folder / "drafts")

    @property
    def place(self) -> DraftPlace:
        return DraftPlace(self.store, self.key)

    def collect(self, attempt: int = 1) -> tuple[Ledger, PartFacts]:
        return collect_draft(self.collection(attempt))

    def collection(self, attempt: int) -> Collection:
        return Collection(self.services, self.request, self.place, attempt)

    def complete(self, ledger: PartFacts, attempt: int = 2) -> tuple[Ledger, PartFacts] | None:
        """Collects again what that Draft lacks; None if all would be collected anew."""
        earlier = earlier_draft(self.services, self.request, self.open(ledger))
        assert earlier is not None
        return complete_draft(self.collection(attempt), earlier)

    def open(self, ledger: PartFacts) -> OpenDraft:
        return open_draft(self.place, ledger.name, ledger.sha256, self.request.reference)

    def build(self, draft: OpenDraft, right: Right = Right.ACCESS) -> Path:
        """The package of one right, from the Draft alone."""
        services = with_kept_register(replace(self.services, collectors={}), draft, PARTS_OF)
        order = self._order("from_draft")
        package = order.out / f"{self.request.reference}.zip"
        built_package(services, self.asking(right), draft, order, package)
        return package

    def export(self, right: Right = Right.ACCESS) -> Path:
        """The package of one right, from the sources in one go."""
        package = export_package(self.services, self.asking(right), self._order("at_once")).package
        assert package is not None
        return package

    def _order(self, name: str) -> PackageOrder:
        return PackageOrder(self.folder / name, PASSPHRASE, ReportChoices("en"), nothing_held_confirmed=True)
