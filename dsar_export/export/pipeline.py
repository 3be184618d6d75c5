"""The order of a dataset's stages, once: collect, normalise, validate, withhold, digest, seal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dsar_export.errors import ConservationError
from dsar_export.export.collect import Collected, Ownership, collect, ownership, rows_of_key
from dsar_export.export.digest import Digester
from dsar_export.export.gaps import Aside, dataset_gaps, dataset_warnings
from dsar_export.export.key_hashes import DistinctValues
from dsar_export.export.validate import Validator
from dsar_export.export.withhold import ReleasedChunk, Withholding, withholding
from dsar_export.folding import KeyRing
from dsar_export.interfaces import DatasetRenderer, DocumentRenderer, Progress, Snapshot
from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Identity
from dsar_export.model.package import DatasetAnswer
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier, Right
from dsar_export.normalising.mapped_schema import mapped_schema
from dsar_export.normalising.marks import marks_of
from dsar_export.normalising.normalise import Normaliser, normaliser, places
from dsar_export.sealing.members import Rendering, SealMembers
from dsar_export.sealing.writer import Sealer


@dataclass(frozen=True)
class Renderers:
    """What makes members: of each dataset's records, and of the package as a whole, in this order."""

    datasets: Sequence[DatasetRenderer]
    documents: Sequence[DocumentRenderer]
    seal_members: SealMembers


@dataclass(frozen=True)
class Subject:
    """Whose rows are read, for which controller, by which right, and where from; `as_of` is the controller's today.

    `nobody` says which identifiers name nobody.
    """

    register: Register
    controller: str
    right: Right
    identity: Identity
    snapshots: Mapping[str, Snapshot]
    keys: KeyRing
    as_of: date
    nobody: Callable[[Identifier], bool] = lambda _: False

    def owns(self, dataset: Dataset) -> Ownership:
        tenants = self.register.tenants_of(dataset.source, self.controller)
        others = self.register.other_tenants_of(dataset.source, self.controller)
        supplied = self.register.organisation.supplied
        owned = ownership(dataset, self.identity.known, tenants, self.keys, supplied, others)
        return replace(owned, nobody=self.nobody)


@dataclass
class _Stages:
    """A dataset's stages, compiled: what each chunk passes, and the schema that ships."""

    normaliser: Normaliser
    validator: Validator
    withholding: Withholding
    digester: Digester
    aside: Aside = field(default_factory=Aside)


def count_dataset(subject: Subject, dataset: Dataset, progress: Progress) -> DatasetAnswer:
    """Runs a dataset's stages without writing anything."""
    stages = _stages(subject, dataset)
    for _ in _digested(subject, dataset, stages, progress):
        pass
    return _answer(subject, dataset, stages, 0)


def seal_dataset(
    subject: Subject,
    dataset: Dataset,
    renderers: Renderers,
    sealer: Sealer,
    progress: Progress,
) -> DatasetAnswer:
    """Runs a dataset's stages into sealed members; each row is read, converted and written once."""
    stages = _stages(subject, dataset)
    if stages.withholding.everything:  # a member without a field would be no answer
        return count_dataset(subject, dataset, progress)
    rendering = Rendering(renderers.datasets, dataset.name, stages.withholding.schema)
    chunks = (chunk.lines for chunk in _digested(subject, dataset, stages, progress))
    rendered = renderers.seal_members(rendering, chunks, sealer)
    answer = _answer(subject, dataset, stages, rendered.cells_changed)
    if (rendered.records, rendered.nonconforming) != (answer.outcome.written, answer.outcome.nonconforming):
        raise ConservationError(
            f"dataset {dataset.name!r}: {answer.outcome.written} records and {answer.outcome.nonconforming} rows kept "
            f"beside were released, but {rendered.records} and {rendered.nonconforming} sealed; nothing was handed over"
        )
    return answer


def _stages(subject: Subject, dataset: Dataset) -> _Stages:
    register, snapshot = subject.register, subject.snapshots[dataset.source]
    schema = mapped_schema(dataset, register.schemas[dataset.schema])
    coded = [name for name, mapping in dataset.fields.items() if mapping.codes_from is not None]
    selection = subject.owns(dataset).selection
    live = {name: snapshot.codes(selection, name) for name in coded}
    marks = marks_of(dataset, register.organisation, subject.as_of, places(dataset))
    withheld = withholding(subject.right, register.articles(dataset), schema, dataset.constants)
    return _Stages(
        normaliser(dataset, schema, marks, live),
        Validator(schema, dataset),
        withheld,
        Digester(
            dataset.name, withheld.schema, DistinctValues(register.key_fields(dataset, withheld.schema))
        ),
    )


def _digested(
    subject: Subject, dataset: Dataset, stages: _Stages, progress: Progress
) -> Iterator[ReleasedChunk]:
    """A dataset's chunks behind every stage but the last."""
    progress.started(dataset.name)
    rows = 0
    for collected in collect(subject.owns(dataset), subject.snapshots[dataset.source]):
        _count(stages.aside, collected)
        chunk = collected.chunk
        if not chunk.rows:
            continue
        stages.digester.add_read(len(chunk.rows))
        validated = stages.validator.validate(stages.normaliser.normalise(chunk))
        released = stages.withholding.release(validated)
        stages.digester.add(released)
        yield released
        rows += len(chunk.rows)
        progress.advanced(len(chunk.rows))
    if dataset.query is not None:
        stages.aside.by_key = rows_of_key(subject.owns(dataset), subject.snapshots[dataset.source])
    progress.finished(dataset.name, rows)


def _count(aside: Aside, collected: Collected) -> None:
    aside.unattributed += collected.unattributed
    aside.of_no_company += collected.of_no_company
    aside.joined_to_others += collected.joined_to_others
    aside.returned += collected.returned


def _answer(subject: Subject, dataset: Dataset, stages: _Stages, cells_changed: int) -> DatasetAnswer:
    outcome = stages.digester.outcome(cells_changed)
    if not outcome.balanced:
        raise ConservationError(
            f"dataset {dataset.name!r}: {outcome.read} rows were read, but {outcome.written} written, "
            f"{outcome.withheld} withheld and {outcome.nonconforming} kept beside; nothing was handed over"
        )
    gaps = tuple(dataset_gaps(dataset, subject.identity, stages.aside, outcome))
    return DatasetAnswer(
        dataset,
        stages.withholding.schema,
        outcome,
        stages.digester.digest(),
        stages.withholding.left_out,
        gaps,
        tuple(dataset_warnings(dataset, stages.aside)),
    )
