"""Builds a package from a Draft: what was approved is what is sent."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from dsar_export.delivery.passphrases import refuse_existing
from dsar_export.errors import DraftUnreadableError
from dsar_export.export.draft import DraftRecord, draft_chunk, draft_records
from dsar_export.export.ledger import Ledger, ledger_of
from dsar_export.export.pipeline import CollectedDataset, seal_collected, unread_dataset
from dsar_export.export.plan import DatasetPlan, not_covered
from dsar_export.model.package import DatasetAnswer
from dsar_export.model.register import Register
from dsar_export.model.request import SubjectRequest
from dsar_export.model.subjects import of_subject
from dsar_export.register.files import PartsOf
from dsar_export.register.kept import kept_of, read_kept_register
from dsar_export.sealing.archive import withdrawn_on_failure
from dsar_export.sealing.drafts.reader import DraftPart, stored_part
from dsar_export.sealing.writer import Sealer
from dsar_export.use_cases.collect import DraftPlace
from dsar_export.use_cases.earlier_requests import NAME, with_own_dataset
from dsar_export.use_cases.kept import Kept
from dsar_export.use_cases.package import ExportResult, Findings, PackageOrder, publish_package
from dsar_export.use_cases.services import Services


@dataclass(frozen=True)
class OpenDraft:
    """A Draft whose ledger is the one that the request names."""

    place: DraftPlace
    ledger: Ledger

    def part(self, dataset: str) -> DraftPart:
        return DraftPart(self.place.store, self.place.key, self.ledger.datasets[dataset].part)

    def page(self, dataset: str, first: int, count: int) -> Sequence[DraftRecord]:
        """Records of a dataset from the `first`, counted from 0; reads only the blocks that hold them."""
        part, found = self.part(dataset), list[DraftRecord]()
        for entry in part.index:
            if entry.first_record + entry.records <= first or entry.first_record >= first + count:
                continue
            skipped = max(first - entry.first_record, 0)
            found += draft_records(part.block(entry))[skipped : first + count - entry.first_record]
        return found

    def register(self, parts_of: PartsOf) -> Register:
        """The register and the schemas that it was collected with."""
        return self._register_of(self.register_text(), parts_of)

    def kept_register(self, kept: Kept, parts_of: PartsOf) -> Register:
        """The same, read once for all Drafts with this text."""
        text = self.register_text()
        ledger = self.ledger
        origin = (hashlib.sha256(text).digest(), ledger.controller, ledger.subject, self._has_own_dataset)
        return kept.derived(origin, partial(self._register_of, text, parts_of))

    def _register_of(self, text: bytes, parts_of: PartsOf) -> Register:
        register = read_kept_register(kept_of(text), parts_of)
        if self.ledger.subject is not None:
            register = of_subject(register, self.ledger.subject)
        return with_own_dataset(register, self.ledger.controller) if self._has_own_dataset else register

    @property
    def _has_own_dataset(self) -> bool:
        return NAME in self.ledger.datasets or not self.ledger.covers(NAME)

    def register_text(self) -> bytes:
        """The same as text."""
        part = DraftPart(self.place.store, self.place.key, self.ledger.register_part)
        part.verify()
        return b"".join(part.blocks())


def open_draft(place: DraftPlace, ledger: str, sha256: str, reference: str) -> OpenDraft:
    """Opens the Draft of a ledger by the name and hash of its part; DraftUnreadableError if it is another one."""
    part = stored_part(place.store, place.key, ledger, sha256)
    read = ledger_of(b"".join(part.blocks()))
    if read.reference != reference:
        raise DraftUnreadableError(
            f"the Draft of {reference} has the ledger of another request; nothing was handed over. Collect it again"
        )
    return OpenDraft(place, read)


def built_package(
    services: Services, request: SubjectRequest, draft: OpenDraft, order: PackageOrder, package: Path
) -> ExportResult:
    """Builds the package of one right and publishes it at this path, in the folder of the order.

    `services` have the Draft's own register.
    """
    refuse_existing(order.passphrase_file)
    kept = [] if order.passphrase_file is None else [order.passphrase_file]
    with withdrawn_on_failure(package, *kept):
        register = services.work.for_controller(request.controller)
        ledger = draft.ledger
        plans = services.plans.of(request.controller, request.right, ledger.today)
        covered = [plan for name, plan in plans.items() if ledger.covers(name)]
        others = not_covered(plans.values(), ledger.scope)
        findings = Findings(request, register, ledger.identity, ledger.gaps, ledger.moments, others)
        return publish_package(
            services,
            findings,
            lambda sealer: tuple(_sealed(services, draft, plan, sealer) for plan in covered),
            order,
            package,
        )


def with_kept_register(services: Services, draft: OpenDraft, parts_of: PartsOf) -> Services:
    """The services with the register of the Draft in place of today's."""
    return replace(services, register=draft.kept_register(services.kept, parts_of))


def _sealed(services: Services, draft: OpenDraft, plan: DatasetPlan, sealer: Sealer) -> DatasetAnswer:
    name = plan.dataset.name
    if name not in draft.ledger.datasets:
        return unread_dataset(plan)
    entry, part = draft.ledger.datasets[name], draft.part(name)
    part.verify()
    services.progress.started(name)
    chunks = map(draft_chunk, part.blocks())
    collected = CollectedDataset(plan, draft.ledger.identity, entry.tally, chunks)
    answer = seal_collected(collected, services.renderers, sealer)
    services.progress.finished(name, entry.tally.read)
    return answer
