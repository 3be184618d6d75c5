"""The order of a dataset's stages, once.

collect, normalise, validate -> `validated`; withhold, digest -> `released`; seal.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dsar_export.errors import ConservationError, RegisterError, reading
from dsar_export.export.capabilities import meanings, searched
from dsar_export.export.collect import Collected, Ownership, collect, ownership, rows_of_key
from dsar_export.export.digest import Digester
from dsar_export.export.gaps import Tally, dataset_gaps, dataset_warnings
from dsar_export.export.plan import DatasetPlan
from dsar_export.export.validate import ValidatedChunk
from dsar_export.export.withhold import ReleasedChunk
from dsar_export.folding import KeyRing
from dsar_export.interfaces import DatasetRenderer, DocumentRenderer, Progress, Snapshot
from dsar_export.model.identity import Identity
from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap
from dsar_export.model.package import DatasetAnswer
from dsar_export.model.request import Identifier
from dsar_export.model.source import Chunk
from dsar_export.normalising.normalise import Conversions
from dsar_export.sealing.members import Rendering, SealMembers
from dsar_export.sealing.writer import Sealer


@dataclass(frozen=True)
class Renderers:
    """The renderers of datasets and of documents, in this order, and the place where datasets are rendered."""

    datasets: Sequence[DatasetRenderer]
    documents: Sequence[DocumentRenderer]
    seal_members: SealMembers


@dataclass(frozen=True)
class Subject:
    """The person whose rows are read, and the sources; `nobody` decides whether an identifier belongs to nobody."""

    identity: Identity
    snapshots: Mapping[str, Snapshot]
    keys: KeyRing
    nobody: Callable[[Identifier], bool] = lambda _: False

    def owns(self, plan: DatasetPlan) -> Ownership:
        """Which rows of a dataset are the subject's."""
        known, tenants = self.identity.known, plan.tenants
        owned = ownership(plan.dataset, known, tenants, self.keys, plan.supplied, plan.other_tenants)
        return replace(owned, nobody=self.nobody)


def validated(
    subject: Subject, plan: DatasetPlan, tally: Tally, progress: Progress
) -> Iterator[ValidatedChunk]:
    """Collects, normalises and validates; rows are counted in `tally` as they come from the source."""
    return (chunk for _, chunk in validated_rows(subject, plan, tally, progress))


def validated_rows(
    subject: Subject, plan: DatasetPlan, tally: Tally, progress: Progress
) -> Iterator[tuple[Chunk, ValidatedChunk]]:
    """The same with the rows that each chunk was made from, which name them in their source."""
    if not plan.withholding.schema.is_whole:
        raise RegisterError(
            f"datasets/{plan.dataset.name}.toml: fields: no catalogue says what every field is; add its type"
        )
    dataset, owned = plan.dataset, subject.owns(plan)
    snapshot = subject.snapshots[dataset.source]
    progress.started(dataset.name)
    with reading(dataset.source):
        conversions = _with_codes(plan, owned, snapshot)
        for collected in collect(owned, snapshot):
            _count(tally, collected)
            chunk = collected.chunk
            if chunk.rows:
                first = tally.read + 1
                tally.read += len(chunk.rows)
                yield chunk, plan.validator.validate(conversions.normalise(chunk, first))
                progress.advanced(len(chunk.rows))
        if dataset.place.query is not None:
            tally.by_key = rows_of_key(owned, snapshot)
        tally.searched = searched(snapshot, owned.selection)
    progress.finished(dataset.name, tally.read)


def released(
    chunks: Iterable[ValidatedChunk], plan: DatasetPlan, digester: Digester
) -> Iterator[ReleasedChunk]:
    """Withholds what the right does not cover, and digests the rest."""
    for chunk in chunks:
        going = plan.withholding.release(chunk)
        digester.add(going)
        yield going


def count_dataset(subject: Subject, plan: DatasetPlan, progress: Progress) -> DatasetAnswer:
    """Runs a dataset's stages without writing anything."""
    tally = Tally()
    chunks = validated(subject, plan, tally, progress)
    return count_collected(CollectedDataset(plan, subject.identity, tally, chunks))


def seal_dataset(
    subject: Subject, plan: DatasetPlan, renderers: Renderers, sealer: Sealer, progress: Progress
) -> DatasetAnswer:
    """Runs a dataset's stages into sealed members; each row is read, converted and written once."""
    tally = Tally()
    collected = CollectedDataset(plan, subject.identity, tally, validated(subject, plan, tally, progress))
    return seal_collected(collected, renderers, sealer)


def unread_dataset(plan: DatasetPlan) -> DatasetAnswer:
    """The answer of a dataset whose source could not be read: a gap, and no member that would look like "none"."""
    dataset = plan.dataset
    gap = Gap(
        dataset.source, dataset.name, Message("the system could not be read; nothing was copied from it")
    )
    empty = plan.digester()
    return DatasetAnswer(
        dataset,
        plan.withholding.schema,
        empty.outcome(0, 0),
        empty.digest(),
        plan.withholding.left_out,
        (gap,),
        unread=True,
    )


@dataclass(frozen=True)
class CollectedDataset:
    """A dataset's validated chunks, from its source or from a Draft; `tally` is complete when they end."""

    plan: DatasetPlan
    identity: Identity
    tally: Tally
    chunks: Iterable[ValidatedChunk]


def count_collected(collected: CollectedDataset) -> DatasetAnswer:
    """Counts what would be sealed, and seals nothing."""
    digester = collected.plan.digester()
    for _ in released(collected.chunks, collected.plan, digester):
        pass
    return _answer(collected, digester, 0)


def seal_collected(collected: CollectedDataset, renderers: Renderers, sealer: Sealer) -> DatasetAnswer:
    """Withholds, digests and seals what was collected."""
    plan, digester = collected.plan, collected.plan.digester()
    chunks = released(collected.chunks, plan, digester)
    if plan.withholding.everything:  # a member without fields would be useless
        for _ in chunks:
            pass
        return _answer(collected, digester, 0)
    rendering = Rendering(renderers.datasets, plan.dataset.name, plan.withholding.schema)
    rendered = renderers.seal_members(rendering, (chunk.lines for chunk in chunks), sealer)
    answer = _answer(collected, digester, rendered.cells_changed)
    if (rendered.records, rendered.nonconforming) != (answer.outcome.written, answer.outcome.nonconforming):
        raise ConservationError(
            f"dataset {plan.dataset.name!r}: {answer.outcome.written} records and {answer.outcome.nonconforming} rows "
            f"kept beside were released, but {rendered.records} and {rendered.nonconforming} sealed; "
            "nothing was handed over"
        )
    return answer


def _with_codes(plan: DatasetPlan, owned: Ownership, snapshot: Snapshot) -> Conversions:
    selection = owned.selection
    return plan.conversions.with_codes({name: meanings(snapshot, selection, name) for name in plan.coded})


def _count(tally: Tally, collected: Collected) -> None:
    tally.unattributed += collected.unattributed
    tally.unknown_tenant += collected.unknown_tenant
    tally.joined_to_others += collected.joined_to_others
    tally.returned += collected.returned


def _answer(collected: CollectedDataset, digester: Digester, cells_changed: int) -> DatasetAnswer:
    plan, tally = collected.plan, collected.tally
    dataset, outcome = plan.dataset, digester.outcome(tally.read, cells_changed)
    if tally.searched is not None:
        outcome = replace(outcome, lines=tally.searched.lines)
    if not outcome.balanced:
        raise ConservationError(
            f"dataset {dataset.name!r}: {outcome.read} rows were read, but {outcome.written} written, "
            f"{outcome.withheld} withheld and {outcome.nonconforming} kept beside; nothing was handed over"
        )
    return DatasetAnswer(
        dataset,
        plan.withholding.schema,
        outcome,
        digester.digest(),
        plan.withholding.left_out,
        tuple(dataset_gaps(dataset, collected.identity, tally, outcome)),
        tuple(dataset_warnings(dataset, tally)),
    )
