"""Separates records that conform to their schema from those that do not.

jsonschema-rs decides, and jsonschema explains each rejection (ADR 4).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

import jsonschema_rs

from dsar_export.export.credential_filter import CredentialFilter
from dsar_export.model.dataset import Dataset
from dsar_export.model.outcome import Nonconforming, Reason, Record
from dsar_export.model.schema import DatasetSchema
from dsar_export.normalising.normalise import NormalisedChunk

_RECORD: Final = "json-schema:///record"


@dataclass(frozen=True)
class ValidatedChunk:
    """The conforming records of a chunk, the nonconforming rows, and the reasons why other rows were kept back.

    `positions` are those of the records in the order read, from 1.
    """

    records: list[Record]
    nonconforming: list[Nonconforming]
    times_kept_beside: int
    kept_back: Sequence[tuple[Reason, ...]] = ()
    positions: Sequence[int] = ()


class Validator:
    """Sorts records into those that conform to a schema and those that do not; ValueError for an invalid schema.

    Rows of either kind that may contain a credential are kept back.
    """

    def __init__(self, schema: DatasetSchema, dataset: Dataset | None = None) -> None:
        self._document = document = dict(schema.document)
        self._record_validator = _compiled({"$ref": _RECORD}, document)
        self._credential_filter = CredentialFilter(schema, dataset)
        # One call for each chunk: calls into Rust are expensive (see ADR 20).
        self._chunk_validator = _compiled({"type": "array", "items": {"$ref": _RECORD}}, document)

    def validate(self, chunk: NormalisedChunk) -> ValidatedChunk:
        """Splits a normalised chunk; the records keep their order."""
        chunk = self._credential_filter.sift(chunk)
        records, rejected, positions = chunk.records, chunk.nonconforming, chunk.positions
        if not self._chunk_validator.is_valid(records):
            verdicts = [self._record_validator.is_valid(r) for r in records]
            placed = list(zip(chunk.positions, records, verdicts, strict=True))
            records = [record for _, record, good in placed if good]
            positions = [position for position, _, good in placed if good]
            rejected = sorted(
                [*rejected, *(Nonconforming(p, self._explain(r), r) for p, r, good in placed if not good)],
                key=lambda n: n.row,
            )
        return ValidatedChunk(records, rejected, chunk.times_kept_beside, chunk.kept_back, positions)

    @cached_property
    def _explainer(self) -> Callable[[Record], Iterator[tuple[Iterable[object], object]]]:
        from dsar_export.export.explain import explainer  # noqa: PLC0415 # listed in tests/architecture

        return explainer(self._document)

    def _explain(self, record: Record) -> tuple[Reason, ...]:
        """Fields and keywords only: both validators' messages quote the value."""
        found = _reasons(self._explainer(record))
        return found or _reasons(
            (e.instance_path, e.schema_path[-1]) for e in self._record_validator.iter_errors(record)
        )


def is_sound(document: Mapping[str, object]) -> bool:
    """Whether a validator accepts the schema."""
    try:
        _compiled({"$ref": _RECORD}, dict(document))
    except ValueError:
        return False
    return True


def unresolved_fields(schema: DatasetSchema) -> Iterator[str]:
    """The fields with a reference to a missing part of the schema."""
    for name in schema.field_names:
        pointer = quote(name.replace("~", "~0").replace("/", "~1"))
        try:
            _compiled({"$ref": f"{_RECORD}#/properties/{pointer}"}, dict(schema.document))
        except ValueError:
            yield name


def _compiled(rule: dict[str, Any], document: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """Compiles a rule that refers to the document; inside the document, `#` still means its own root."""
    registry = jsonschema_rs.Registry([(_RECORD, document)])
    return jsonschema_rs.Draft202012Validator(rule, validate_formats=True, registry=registry)


def _reasons(errors: Iterable[tuple[Iterable[object], object]]) -> tuple[Reason, ...]:
    # The first step of the path is the field's name; further steps could be keys from the person's data.
    reasons = {Reason(f"/{next(iter(path), '')}", str(keyword)) for path, keyword in errors}
    return tuple(sorted(reasons))
