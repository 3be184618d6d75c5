"""Releases what the exercised right covers, and the schema of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from dsar_export.export.record_lines import as_json, json_lines
from dsar_export.export.released_schema import released_schema
from dsar_export.export.validate import ValidatedChunk
from dsar_export.model.message import Message
from dsar_export.model.outcome import FieldLeftOut, Nonconforming, Reason, Record, RecordLines
from dsar_export.model.request import Right
from dsar_export.model.rights import rights_of
from dsar_export.model.schema import DatasetSchema, Origin, SchemaField
from dsar_export.normalising.marks import DELETED, EARLIER, PAST

_NOT_PORTABLE: Final[Mapping[Origin, Message]] = MappingProxyType(
    {
        Origin.DERIVED: Message("not portable: we worked it out ourselves (Art. 20(1) {gdpr})"),
        Origin.ACQUIRED: Message("not portable: we have it from someone else (Art. 20(1) {gdpr})"),
    }
)
_ALONE: Final = Message("not portable: says nothing without the fields that do not go (Art. 20(1) {gdpr})")
_NO_BASIS: Final = Message(
    "not portable: we use it neither with your consent nor for a contract with you (Art. 20(1)(a) {gdpr})"
)


@dataclass(frozen=True)
class ReleasedChunk:
    """The part of a chunk that goes into the package; how many rows do not, with reasons; records by mark."""

    records: list[Record]
    nonconforming: list[Nonconforming]
    times_kept_beside: int
    withheld: int
    kept_back: Sequence[tuple[Reason, ...]]
    marked: Mapping[str, int]

    @property
    def lines(self) -> RecordLines:
        """The chunk as renderers get it."""
        return RecordLines(
            self.records, json_lines(self.records), json_lines(map(as_json, self.nonconforming))
        )


@dataclass(frozen=True)
class Withholding:
    """What a right covers in one dataset: the schema that ships, and the fields that are left out."""

    schema: DatasetSchema
    left_out: tuple[FieldLeftOut, ...]
    marks: tuple[str, ...]

    @property
    def everything(self) -> bool:
        """Whether no field is released, and therefore no row."""
        return not self.schema.fields

    def release(self, chunk: ValidatedChunk) -> ReleasedChunk:
        """Removes the fields that are left out from every row, also from nonconforming ones."""
        marked = {name: sum(record[name] is True for record in chunk.records) for name in self.marks}
        records, nonconforming, withheld = chunk.records, chunk.nonconforming, len(chunk.kept_back)
        if self.everything:
            withheld += len(records) + len(nonconforming)
            records, nonconforming = [], []
        elif self.left_out:
            names = self.schema.field_names
            records = [{name: record[name] for name in names} for record in records]
            nonconforming = [self._filtered(row) for row in nonconforming]
        kept_back = [self._released_reasons(reasons) for reasons in chunk.kept_back]
        return ReleasedChunk(records, nonconforming, chunk.times_kept_beside, withheld, kept_back, marked)

    def _filtered(self, row: Nonconforming) -> Nonconforming:
        values = {name: row.values[name] for name in self.schema.field_names}
        return replace(row, reasons=self._released_reasons(row.reasons), values=values)

    def _released_reasons(self, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
        """The reasons without fields that are left out: a broken rule reveals something about the value."""
        released = tuple(
            r for r in reasons if r.field.removeprefix("/") in self.schema.field_names or r.field == "/"
        )
        return released or (Reason("/", "a field that is left out"),)


def withholding(
    right: Right, articles: frozenset[str], schema: DatasetSchema, constants: frozenset[str] = frozenset()
) -> Withholding:
    """What a right covers in a dataset with these legal bases; `constants` are the same in every record.

    Access (Art. 15) covers everything. Portability (Art. 20(1)) covers data that the person provided or that was
    observed, if a purpose rests on consent or contract; nothing is released if only marks and constants would be left.
    """
    left_out = {
        f.name: why for f in schema.fields if (why := _reason_to_leave_out(right, articles, f)) is not None
    }
    marks = tuple(f.name for f in schema.fields if f.name in {DELETED, EARLIER, PAST})
    if left_out and {*schema.field_names} == {*left_out, *marks, *constants}:
        left_out = {**dict.fromkeys((*marks, *sorted(constants)), _ALONE), **left_out}
    fields = tuple(
        FieldLeftOut(f.name, f.title, left_out[f.name]) for f in schema.fields if f.name in left_out
    )
    return Withholding(released_schema(schema, without={*left_out}), fields, marks)


def _reason_to_leave_out(right: Right, articles: frozenset[str], field: SchemaField) -> Message | None:
    if right is Right.ACCESS:
        return None
    if "A20" not in rights_of(articles):
        return _NO_BASIS
    return _NOT_PORTABLE.get(field.origin)
