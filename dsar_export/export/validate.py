"""jsonschema-rs decides (0.6 us a record against 56 us), jsonschema explains what it rejected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import jsonschema_rs
from jsonschema import Draft202012Validator

from dsar_export.export.normalise import NormalisedChunk
from dsar_export.model.outcome import Nonconforming, Reason, Record
from dsar_export.model.schema import DatasetSchema


@dataclass(frozen=True)
class ValidatedChunk:
    """What a chunk came to: records that conform, rows kept beside, and why others were kept back."""

    records: list[Record]
    nonconforming: list[Nonconforming]
    times_kept_beside: int
    kept_back: Sequence[tuple[Reason, ...]] = ()


class Validator:
    """Sorts records into those that conform to a schema and those that do not; ValueError for a schema that is none."""

    def __init__(self, schema: DatasetSchema) -> None:
        document = dict(schema.document)
        self._one = jsonschema_rs.Draft202012Validator(document, validate_formats=True)
        # One call a chunk: crossing into Rust once saves a fifth.
        self._many = jsonschema_rs.Draft202012Validator(
            {"type": "array", "items": document}, validate_formats=True
        )
        self._explainer = Draft202012Validator(document, format_checker=Draft202012Validator.FORMAT_CHECKER)

    def validate(self, chunk: NormalisedChunk) -> ValidatedChunk:
        """Splits a normalised chunk; the order of the records stays."""
        records, rejected = chunk.records, chunk.nonconforming
        if not self._many.is_valid(records):
            verdicts = [self._one.is_valid(r) for r in records]
            placed = list(zip(chunk.positions, records, verdicts, strict=True))
            records = [record for _, record, good in placed if good]
            rejected = sorted(
                [*rejected, *(Nonconforming(p, self._explain(r), r) for p, r, good in placed if not good)],
                key=lambda n: n.row,
            )
        return ValidatedChunk(records, rejected, chunk.times_kept_beside, chunk.kept_back)

    def _explain(self, record: Record) -> tuple[Reason, ...]:
        """Fields and keywords only: both validators' messages quote the value."""
        found = _reasons((e.absolute_path, e.validator) for e in self._explainer.iter_errors(record))
        return found or _reasons((e.instance_path, e.schema_path[-1]) for e in self._one.iter_errors(record))


def _reasons(errors: Iterable[tuple[Iterable[object], object]]) -> tuple[Reason, ...]:
    # The first step of the path is a field's name; further steps could be keys of the person's own data.
    reasons = {Reason(f"/{next(iter(path), '')}", str(keyword)) for path, keyword in errors}
    return tuple(sorted(reasons))
