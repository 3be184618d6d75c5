"""Collects one verified person's data into a Draft, to be reviewed and made into packages later."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Final

from dsar_export import VERSION
from dsar_export.errors import NotWritableError, StoreUnusableError
from dsar_export.export.capabilities import resume
from dsar_export.export.draft import draft_blocks
from dsar_export.export.gaps import Tally
from dsar_export.export.ledger import DatasetEntry, Ledger, ledger_text
from dsar_export.export.pipeline import Subject, validated_rows
from dsar_export.export.plan import DatasetPlan
from dsar_export.interfaces import ObjectStore
from dsar_export.model.draft import PartFacts, attempt_folder
from dsar_export.model.identity import Identity
from dsar_export.model.outcome import Gap
from dsar_export.model.package import SourceMoment
from dsar_export.model.register import Register
from dsar_export.model.request import SubjectRequest
from dsar_export.register.kept import kept_register, kept_text
from dsar_export.sealing.drafts.keys import DraftKey
from dsar_export.sealing.drafts.writer import Block, DraftPartWriter
from dsar_export.use_cases.find_subject import found_subject, retried_if_lost, without_unreadable
from dsar_export.use_cases.open_sources import OpenSources
from dsar_export.use_cases.services import Services

SOFTWARE: Final = f"dsar-export {VERSION}"
_NO_JOBS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({})
_SAVED_EVERY: Final = 2.0
"""Seconds of reading that are worth a checkpoint."""


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


@dataclass(frozen=True)
class Savings:
    """What becomes of a source that can't be read, and of what an attempt had read when it ends early."""

    gaps: bool = True
    """Whether a source that can't be read becomes a gap; otherwise SourceUnreadableError is raised."""
    save: Callable[[PartFacts], None] | None = None
    """Names a checkpoint: the ledger of the sources that are read. Without it, a failed attempt leaves no part."""
    every: float = _SAVED_EVERY


@dataclass
class Collection:
    """The parts of one attempt, as they are written."""

    services: Services
    request: SubjectRequest
    place: DraftPlace
    attempt: int
    savings: Savings = Savings()
    jobs: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """What sources were started with, here or in an earlier attempt at the same work."""
    entries: dict[str, DatasetEntry] = field(default_factory=dict, init=False)
    _round: int = field(default=0, init=False)
    _checkpoints: int = field(default=0, init=False)
    _saved_at: float = field(default_factory=time.monotonic, init=False)
    _register: PartFacts | None = field(default=None, init=False)

    @property
    def folder(self) -> str:
        """Where the parts lie; whatever is read again after a checkpoint lies beside what that names."""
        again = f"/again-{self._round}" if self._round else ""
        return f"{attempt_folder(self.request.reference, self.attempt)}{again}"

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Deletes the parts if the block fails, unless a checkpoint names some of them."""
        self.entries, self._checkpoints, self._register = {}, 0, None
        try:
            yield
        except BaseException:
            if self._checkpoints:
                self._round += 1
                raise
            with suppress(NotWritableError, StoreUnusableError):  # a sweep finds them later
                self._erase(lambda name: name.startswith(f"{self.folder}/"))
            raise

    def read(self, subject: Subject, plan: DatasetPlan) -> None:
        """Reads a dataset from its source."""
        tally = Tally()
        rows = validated_rows(subject, plan, tally, self.services.progress)
        content_hash = self.place.key.content_hash(plan.dataset.name)
        self.put(plan.dataset.name, draft_blocks(plan.dataset, rows, content_hash), tally)

    def put(self, dataset: str, blocks: Iterable[Block], tally: Tally) -> None:
        """Stores the records of a dataset."""
        self.entries[dataset] = DatasetEntry(self.place.put(f"{self.folder}/data/{dataset}", blocks), tally)

    def resume(self, sources: OpenSources, found: Found) -> None:
        """Lets sources go on with what was started there, and saves at once whatever they start now."""

        def keep(source: str, jobs: Mapping[str, str]) -> None:
            self.jobs[source] = dict(jobs)
            self.checkpoint(sources, found, at_once=True)

        for source, snapshot in sources.snapshots.items():
            resume(snapshot, self.jobs.get(source, {}), partial(keep, source))

    def checkpoint(self, sources: OpenSources, found: Found, *, at_once: bool = False) -> None:
        """Saves what was read of whole sources, if it took long enough to be worth it.

        `found` has the moments of the sources that may be saved.
        """
        save, now = self.savings.save, time.monotonic()
        if save is None or (not at_once and now - self._saved_at < self.savings.every):
            return
        missing = {p.dataset.source for name, p in sources.plans.items() if name not in self.entries}
        moments = tuple(moment for moment in found.moments if moment.source not in missing)
        whole = {moment.source for moment in moments}
        entries = {n: e for n, e in self.entries.items() if sources.plans[n].dataset.source in whole}
        self._checkpoints += 1
        _, part = self._ledger(
            replace(found, moments=moments, entries=entries),
            sources.register,
            f"ledger-{self._checkpoints}",
            self.jobs,
        )
        save(part)
        self._saved_at = now

    def finish(self, found: Found, register: Register) -> tuple[Ledger, PartFacts]:
        """Seals the register and, last, the ledger of what was found."""
        finished = self._ledger(found, register, "ledger")
        if self.savings.save is not None and self._checkpoints:
            self.savings.save(finished[1])  # whatever is erased below
        kept = {entry.part.name for entry in found.entries.values()}
        kept |= {finished[0].register_part.name, finished[1].name}
        if self._round or self._checkpoints:
            self._erase(lambda name: name not in kept)
        return finished

    def _ledger(
        self, found: Found, register: Register, name: str, jobs: Mapping[str, Mapping[str, str]] = _NO_JOBS
    ) -> tuple[Ledger, PartFacts]:
        if self._register is None:
            text = kept_text(kept_register(register))
            self._register = self.place.put(f"{self.folder}/register", [Block(text)])
        ledger = Ledger(
            self.request.reference,
            self.attempt,
            self.request.controller,
            self.services.today(self.request.controller),
            SOFTWARE,
            found.identity,
            found.moments,
            found.entries,
            found.gaps,
            self._register,
            self.request.scope,
            identifiers=self.request.identifiers,
            chosen=self.request.chosen,
            carried=found.carried,
            subject=self.services.register.kind,
            jobs=dict(jobs),
        )
        return ledger, self.place.put(f"{self.folder}/{name}", [Block(ledger_text(ledger))])

    def _erase(self, needless: Callable[[str], bool]) -> None:
        erase_draft(self.place.store, self.request.reference, self.attempt, needless)


def collect_draft(collection: Collection) -> tuple[Ledger, PartFacts]:
    """Collects every dataset into parts named by the attempt; returns the ledger and its own part.

    The hash of the ledger's part stands for the whole Draft. A source that can't be read is a gap in it, to be accepted
    or collected again.
    """
    if collection.savings.gaps:
        return without_unreadable(partial(_collect, collection))
    return retried_if_lost(partial(_collect, collection, frozenset()))


def erase_draft(
    store: ObjectStore,
    reference: str,
    attempt: int | None = None,
    needless: Callable[[str], bool] = lambda _: True,
) -> None:
    """Deletes the parts of one attempt, or of all of them; those alone whose name is `needless`."""
    folder = reference if attempt is None else attempt_folder(reference, attempt)
    for name in filter(needless, store.names(f"{folder}/")):
        store.delete(name)


def erase_on_failure(store: ObjectStore, reference: str, attempt: int) -> None:
    """Deletes the parts of an attempt that failed; if the store is what failed, a sweep finds them later."""
    with suppress(NotWritableError, StoreUnusableError):
        erase_draft(store, reference, attempt)


def _collect(collection: Collection, unread: frozenset[str]) -> tuple[Ledger, PartFacts]:
    services, request = collection.services, collection.request
    with collection.begun():
        with found_subject(services, request, unread) as (sources, subject, findings):
            found = Found(subject.identity, findings.moments, collection.entries, findings.source_gaps)
            collection.resume(sources, found)
            for plan in sources.plans.values():
                if plan.dataset.source not in unread:
                    collection.read(subject, plan)
                    collection.checkpoint(sources, found)
        return collection.finish(found, sources.register)
