"""datapackage.json: the one manifest, a Frictionless Data Package v2."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

import orjson

from dsar_export.model.identity import Reached
from dsar_export.model.message import law_of
from dsar_export.model.outcome import Gap
from dsar_export.model.package import (
    DatasetAnswer,
    Document,
    Member,
    MemberRole,
    PackageContents,
    PromiseAnswer,
)
from dsar_export.model.periods import BEGINNING, END
from dsar_export.model.request import Identifier
from dsar_export.model.schema import FieldKind, SchemaField
from renderers.documents.package_words import NOT_COVERED, identifier_words_of, package_words
from renderers.foreign_keys import ForeignKeys
from renderers.report_pdf.sections.absences import absences
from renderers.report_pdf.sections.locale import locale_for

_CSV: Final = "text/csv"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_DESCRIPTION = (
    "Each dataset is there as JSON (an array of records) and as CSV (UTF-8, separated by commas; import every column "
    "as text). Its schema is a JSON Schema of one record. Frictionless needs its extra `json` for the tables in JSON: "
    "pip install 'frictionless[json]'."
)


class DataPackage:
    """Renders the resources with hashes and table schemas, and under `dsar` the outcome of every row."""

    def documents(self, contents: PackageContents, members: Sequence[Member]) -> Iterable[Document]:
        answers = {a.dataset.name: a for a in contents.datasets}
        keys = _Keys(ForeignKeys(contents.datasets, contents.gaps), members)
        package = {
            "$schema": _PROFILE,
            "name": contents.request.reference.lower(),
            "title": f"Personal data held by {contents.controller.name}",
            "description": _DESCRIPTION,
            "created": contents.created.isoformat(timespec="seconds"),
            "resources": [
                *(_resource(m, answers[m.dataset], keys) for m in members if m.dataset is not None),
                *(_document(m) for m in members if m.dataset is None and m.path.startswith("data/")),
            ],
            "dsar": _dsar(contents),
        }
        body = orjson.dumps(package, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        return [Document("datapackage.json", (body,), "application/json")]


class _Keys:
    """Foreign keys as Table Schema has them, between the tables of the package."""

    def __init__(self, keys: ForeignKeys, members: Sequence[Member]) -> None:
        self._keys = keys
        self._tables = {
            _table_name(m.dataset, m.mediatype)
            for m in members
            if m.dataset is not None and m.role is MemberRole.RECORDS
        }

    def of(self, answer: DatasetAnswer, mediatype: str) -> list[dict[str, object]]:
        """The foreign keys of a dataset's CSV or JSON table."""
        return [
            {"fields": key.fields, "reference": {"resource": table, "fields": key.to}}
            for key in self._keys.of(answer)
            if (table := _table_name(key.dataset, mediatype)) in self._tables
        ]


def _table_name(dataset: str, mediatype: str) -> str:
    """The name of the resource with a dataset's records; CSV tables refer to CSV tables, JSON to JSON."""
    return dataset if mediatype == _CSV else f"{dataset}-json"


def _resource(member: Member, answer: DatasetAnswer, keys: "_Keys") -> dict[str, object]:
    """One resource. Comments explain where frictionless 5.21 needs a special form."""
    common = {"path": member.path, "hash": f"sha256:{member.sha256}", "title": answer.schema.title}
    if member.role is MemberRole.SCHEMA:
        # Without this format, frictionless reads a *.schema.json as a table.
        about = "JSON Schema of one record. Its $comment lists the keywords that JSON Schema does not define."
        return {"name": f"{member.dataset}-schema", "format": "jsonschema", **common, "description": about}
    if member.role is MemberRole.NONCONFORMING:
        return {"name": f"{member.dataset}-nonconforming", "format": "json", **common, "encoding": "utf-8"}
    csv = member.mediatype == _CSV
    name = _table_name(answer.dataset.name, member.mediatype)
    if not csv and not answer.outcome.written:
        # frictionless does not accept an empty array as a table.
        return {"name": name, "format": "json", **common, "encoding": "utf-8"}
    table: dict[str, object] = {
        "name": name,
        "type": "table",
        "format": "csv" if csv else "json",
        "mediatype": member.mediatype,
        "encoding": "utf-8",
        "schema": _table_schema(answer, keys.of(answer, member.mediatype)),
        **common,
    }
    # With `bytes`, frictionless reports a false error for a JSON table; the bag's manifest covers the size.
    return {**table, "bytes": member.size} if csv else table


def _document(member: Member) -> dict[str, object]:
    """A document among the payload. It is not a table, so it needs neither type nor schema."""
    file = PurePosixPath(member.path)
    return {
        "name": file.stem,
        "path": member.path,
        "format": file.suffix.removeprefix("."),
        "mediatype": member.mediatype,
        "encoding": "utf-8",
        "bytes": member.size,
        "hash": f"sha256:{member.sha256}",
    }


_TYPES = {
    FieldKind.TEXT: ("string", None),
    FieldKind.PHONE: ("string", None),
    FieldKind.INTEGER: ("integer", None),
    FieldKind.NUMBER: ("number", None),
    FieldKind.DECIMAL: ("string", None),  # a number here would be read as a float and lose its zeros
    FieldKind.BOOLEAN: ("boolean", None),
    FieldKind.INSTANT: ("string", None),  # frictionless drops the offset of a datetime
    FieldKind.DATE: ("date", None),
    FieldKind.BYTES: ("string", "binary"),
    FieldKind.STRUCTURE: ("any", None),
}


def _table_schema(answer: DatasetAnswer, keys: list[dict[str, object]]) -> dict[str, object]:
    schema: dict[str, object] = {"fields": [_field(f) for f in answer.schema.fields], "missingValues": [""]}
    return {**schema, "foreignKeys": keys} if keys else schema


def _field(field: SchemaField) -> dict[str, object]:
    type_, format_ = _TYPES[field.kind]
    description: dict[str, object] = {
        "name": field.name,
        "title": field.title,
        "description": field.description,
        "type": type_,
    }
    if format_ is not None:
        description["format"] = format_
    if field.codes:
        description["categories"] = [{"value": c.value, "label": c.title} for c in field.codes]
    return description


def _dsar(contents: PackageContents) -> dict[str, object]:
    request, law = contents.request, law_of(contents.controller.country)
    return {
        "reference": request.reference,
        "right": request.right,
        "language": contents.report.language,
        "controller": {
            "id": request.controller,
            "name": contents.controller.name,
            "time_zone": contents.controller.time_zone,
        },
        "verification": {
            "by": request.verification.by,
            "evidence": request.verification.evidence,
            "at": request.verification.at.isoformat(timespec="seconds"),
        },
        "identity": _identity(contents),
        "software": contents.software,
        "register": {
            "version": contents.register.organisation.version,
            "notice": contents.register.organisation.notice,
        },
        "sources": [
            {"source": m.source, "as_of": m.as_of.isoformat(timespec="seconds")} for m in contents.moments
        ],
        "outcomes": [_outcome(a) for a in contents.datasets],
        "fields_left_out": [
            {"dataset": a.dataset.name, "field": f.field, "title": f.title, "reason": f.reason.under(law)}
            for a in contents.datasets
            for f in a.left_out
        ],
        "promises": [_promise(p) for p in contents.promises],
        "gaps": [_gap(g) for g in contents.gaps],
        **_not_covered(contents),
        "not_here": [vars(absence) for absence in absences(contents, locale_for(contents))],
        "words": package_words(contents),
    }


def _not_covered(contents: PackageContents) -> dict[str, object]:
    """The datasets outside an agent's mandate, if one asked: they have no outcome, because nobody searched them."""
    outside = [
        {"dataset": each.dataset.name, "title": each.schema.title, "reason": NOT_COVERED}
        for each in contents.not_covered
    ]
    return {"not_covered": outside} if outside else {}


def _identity(contents: PackageContents) -> dict[str, object]:
    """The identifiers that were searched with, and apart from them what the subject's rows refer to."""
    request, identity = contents.request, contents.identity
    titles = identifier_words_of(contents)
    given = request.identifiers
    node: dict[str, object] = {
        "identifiers": list(_searched(identity.own, given, titles)),
        "candidates": identity.candidates,
        "shared": [{"kind": s.kind, "count": s.count} for s in identity.shared],
    }
    if identity.referred:
        node["references"] = list(_searched(identity.referred, given, titles))
    if identity.candidates:
        at = request.verification.at.isoformat(timespec="seconds")
        node |= {"decided_by": request.verification.by, "decided_at": at}
    return node


def _searched(
    known: Sequence[Reached], given: Sequence[Identifier], titles: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    """One entry for each period."""
    searched = sorted((r.identifier, span, r.over) for r in known for span in r.periods.spans)
    for identifier, span, over in searched:
        yield {
            "kind": identifier.kind,
            "title": titles[identifier.kind],
            # A source may contain characters that UTF-8 can't encode.
            "value": identifier.value.encode("utf-8", "backslashreplace").decode("utf-8"),
            "over": None if identifier in given else over,
            "since": _moment(span.since),
            "until": _moment(span.until),
        }


def _moment(when: datetime) -> str | None:
    return None if when in {BEGINNING, END} else when.isoformat()


def _outcome(answer: DatasetAnswer) -> dict[str, object]:
    outcome, shipped = answer.outcome, answer.schema.field_names
    return {
        "dataset": outcome.dataset,
        # A dataset without any member has them nowhere else.
        "title": answer.schema.title,
        "description": answer.schema.description,
        **({} if outcome.lines is None else {"lines_searched": outcome.lines}),
        "read": outcome.read,
        "written": outcome.written,
        "withheld": outcome.withheld,
        "nonconforming": outcome.nonconforming,
        "kept_back": outcome.kept_back,
        # The count of a mark that the right does not cover is left out too.
        "marked": {mark: n for mark, n in outcome.marked if mark in shipped},
        "from": outcome.first,
        "to": outcome.last,
        "times_kept_beside": outcome.times_kept_beside,
        "csv_cells_changed": outcome.csv_cells_changed,
        "reasons": [{"field": r.field, "rule": r.rule, "rows": n} for r, n in outcome.reasons],
    }


def _promise(promise: PromiseAnswer) -> dict[str, object]:
    node: dict[str, object] = {
        "id": promise.promise.id,
        "text": promise.promise.text,
        "datasets": list(promise.datasets),
        "answer": promise.answer,
        "records": promise.records,
    }
    why = promise.promise.not_searched
    if why is not None:
        node["not_searched"] = {"ground": why.ground, "effort": why.effort, "decided_by": why.decided_by}
    if promise.elsewhere:
        node["elsewhere"] = True
    if promise.not_covered:
        node["not_covered"] = list(promise.not_covered)
    return node


def _gap(gap: Gap) -> dict[str, object]:
    return {"source": gap.source, "dataset": gap.dataset, "reason": str(gap.reason)}
