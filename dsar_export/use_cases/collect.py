"""Collects one verified person's data into a Draft, to be reviewed and made into packages later."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from dsar_export import VERSION
from dsar_export.errors import NotWritableError, StoreUnusableError
from dsar_export.export.draft import draft_blocks
from dsar_export.export.gaps import Tally
from dsar_export.export.ledger import DatasetEntry, Ledger, ledger_text
from dsar_export.export.pipeline import Subject, validated_rows
from dsar_export.export.plan import DatasetPlan
from dsar_export.interfaces import ObjectStore
from dsar_export.model.draft import PartFacts
from dsar_export.model.identity import Identity
from dsar_export.model.outcome import Gap
from dsar_export.model.package import SourceMoment
from dsar_export.model.request import SubjectRequest
from dsar_export.register.kept import kept_register, kept_text
from dsar_export.sealing.drafts.keys import DraftKey
from dsar_export.sealing.drafts.writer import Block, DraftPartWriter
from dsar_export.use_cases.find_subject import found_subject, without_unreadable
from dsar_export.use_cases.services import Services

SOFTWARE: Final = f"dsar-export {VERSION}"


@dataclass(frozen=True)
class DraftPlace:
    """Where the Draft of one request lies, and the key that seals it."""

    store: ObjectStore
    key: DraftKey

    def put(self, name: str, blocks: Iterable[Block]) -> PartFacts:
        """Seals and stores one part."""
        writer = DraftPartWriter(self.key, name)
        self.store.put(name, writer.sealed(blocks))
        return writer.facts


@dataclass(frozen=True)
class Found:
    """What an attempt found; `carried` are the sources that an earlier attempt had read."""

    identity: Identity
    moments: tuple[SourceMoment, ...]
    entries: Mapping[str, DatasetEntry]
    gaps: tuple[Gap, ...]
    carried: tuple[str, ...] = ()


def collect_draft(
    services: Services, request: SubjectRequest, place: DraftPlace, attempt: int
) -> tuple[Ledger, PartFacts]:
    """Collects every dataset into parts named by the attempt; returns the ledger and its own part.

    The hash of the ledger's part stands for the whole Draft. A source that can't be read is a gap in it, to be accepted
    or collected again. A failed attempt leaves no part.
    """
    return without_unreadable(partial(_collect, services, request, place, attempt))


def erase_draft(store: ObjectStore, reference: str, attempt: int | None = None) -> None:
    """Deletes the parts of one attempt, or of all of them."""
    prefix = f"{reference}/" if attempt is None else f"{reference}/{attempt}/"
    for name in store.names(prefix):
        store.delete(name)


def erase_on_failure(store: ObjectStore, reference: str, attempt: int) -> None:
    """Deletes the parts of an attempt that failed; if the store is what failed, a sweep finds them later."""
    with suppress(NotWritableError, StoreUnusableError):
        erase_draft(store, reference, attempt)


def _collect(
    services: Services, request: SubjectRequest, place: DraftPlace, attempt: int, unread: frozenset[str]
) -> tuple[Ledger, PartFacts]:
    with erased_on_failure(place, request, attempt):
        with found_subject(services, request, unread) as (sources, subject, findings):
            entries = {
                name: collected_entry(services, subject, plan, place, part_name(request, attempt, name))
                for name, plan in sources.plans.items()
                if plan.dataset.source not in unread
            }
        found = Found(subject.identity, findings.moments, entries, findings.source_gaps)
        return sealed_ledger(services, request, place, attempt, found)


@contextmanager
def erased_on_failure(place: DraftPlace, request: SubjectRequest, attempt: int) -> Iterator[None]:
    """Deletes the parts of an attempt if the block fails."""
    try:
        yield
    except BaseException:
        erase_on_failure(place.store, request.reference, attempt)
        raise


def part_name(request: SubjectRequest, attempt: int, dataset: str) -> str:
    """Where the records of a dataset lie."""
    return f"{request.reference}/{attempt}/data/{dataset}"


def collected_entry(
    services: Services, subject: Subject, plan: DatasetPlan, place: DraftPlace, name: str
) -> DatasetEntry:
    """Reads a dataset from its source into a part of that name."""
    tally = Tally()
    rows = validated_rows(subject, plan, tally, services.progress)
    content_hash = place.key.content_hash(plan.dataset.name)
    return DatasetEntry(place.put(name, draft_blocks(plan.dataset, rows, content_hash)), tally)


def sealed_ledger(
    services: Services, request: SubjectRequest, place: DraftPlace, attempt: int, found: Found
) -> tuple[Ledger, PartFacts]:
    """Seals the register and, last, the ledger of what an attempt found."""
    folder = f"{request.reference}/{attempt}"
    register = place.put(f"{folder}/register", [Block(kept_text(kept_register(services.register)))])
    ledger = Ledger(
        request.reference,
        attempt,
        request.controller,
        services.today(request.controller),
        SOFTWARE,
        found.identity,
        found.moments,
        found.entries,
        found.gaps,
        register,
        request.scope,
        identifiers=request.identifiers,
        chosen=request.chosen,
        carried=found.carried,
    )
    return ledger, place.put(f"{folder}/ledger", [Block(ledger_text(ledger))])
