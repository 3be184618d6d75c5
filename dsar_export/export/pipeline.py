"""The order of a dataset's stages, once: collect, normalise, validate, withhold, digest, seal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsar_export.errors import ConservationError
from dsar_export.export.collect import collect
from dsar_export.export.digest import Digester
from dsar_export.export.members import dataset_members
from dsar_export.export.normalise import Normaliser, mapped_schema, normaliser
from dsar_export.export.seal import Sealer
from dsar_export.export.validate import ValidatedChunk, Validator
from dsar_export.export.withhold import effective_schema
from dsar_export.interfaces import DatasetRenderer, DocumentRenderer, Progress, Snapshot
from dsar_export.model.package import DatasetAnswer
from dsar_export.model.register import Dataset, Register
from dsar_export.model.request import Identifier, Right
from dsar_export.model.schema import DatasetSchema


@dataclass(frozen=True)
class Renderers:
    """What makes members: of each dataset's records, and of the package as a whole, in this order."""

    datasets: Sequence[DatasetRenderer]
    documents: Sequence[DocumentRenderer]


@dataclass(frozen=True)
class Subject:
    """Whose rows are read, by which right, and where from."""

    register: Register
    right: Right
    identifiers: frozenset[Identifier]
    snapshots: Mapping[str, Snapshot]


@dataclass(frozen=True)
class _Stages:
    """A dataset's stages, compiled: the schema that ships, and what each chunk passes."""

    schema: DatasetSchema
    normaliser: Normaliser
    validator: Validator
    digester: Digester


def count_dataset(subject: Subject, dataset: Dataset, progress: Progress) -> DatasetAnswer:
    """Runs a dataset's stages without writing anything."""
    stages = _stages(subject, dataset)
    for chunk in _validated(subject, dataset, stages, progress):
        stages.digester.add(chunk)
    return _answer(dataset, stages, 0)


def seal_dataset(
    subject: Subject,
    dataset: Dataset,
    renderers: Sequence[DatasetRenderer],
    sealer: Sealer,
    progress: Progress,
) -> DatasetAnswer:
    """Runs a dataset's stages into sealed members; each row is read, converted and written once."""
    stages = _stages(subject, dataset)
    with dataset_members(sealer, renderers, dataset.name, stages.schema) as members:
        for chunk in _validated(subject, dataset, stages, progress):
            stages.digester.add(chunk)
            members.write(chunk)
    return _answer(dataset, stages, members.cells_changed)


def _stages(subject: Subject, dataset: Dataset) -> _Stages:
    mapped = mapped_schema(dataset, subject.register.schemas[dataset.schema])
    schema = effective_schema(subject.right, mapped)
    return _Stages(schema, normaliser(dataset, mapped), Validator(mapped), Digester(dataset.name, schema))


def _validated(
    subject: Subject, dataset: Dataset, stages: _Stages, progress: Progress
) -> Iterator[ValidatedChunk]:
    progress.started(dataset.name)
    rows = 0
    for chunk in collect(dataset, subject.identifiers, subject.snapshots[dataset.source]):
        stages.digester.add_read(len(chunk.rows))
        yield stages.validator.validate(stages.normaliser.normalise(chunk))
        rows += len(chunk.rows)
        progress.advanced(len(chunk.rows))
    progress.finished(dataset.name, rows)


def _answer(dataset: Dataset, stages: _Stages, cells_changed: int) -> DatasetAnswer:
    outcome = stages.digester.outcome(cells_changed)
    if not outcome.balanced:
        raise ConservationError(
            f"dataset {dataset.name!r}: {outcome.read} rows were read, but {outcome.written} written, "
            f"{outcome.withheld} withheld and {outcome.nonconforming} kept beside; nothing was handed over"
        )
    return DatasetAnswer(dataset, stages.schema, outcome, stages.digester.digest())
