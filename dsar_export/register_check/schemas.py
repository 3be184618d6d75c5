"""Whether every schema that a package would contain is sound, before any row is read."""

import json
from collections.abc import Iterator
from functools import lru_cache

from dsar_export.export.validate import is_sound, unresolved_fields
from dsar_export.export.withhold import withholding
from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.model.schema import DatasetSchema
from dsar_export.normalising.mapped_schema import mapped_schema
from dsar_export.register.hints import location


def schema_findings(register: Register) -> Iterator[Finding]:
    """Schemas that no validator accepts: as written, as a dataset maps them, or as either right reduces them.

    A made schema is sound by itself.
    """
    broken = {name for name, schema in register.schemas.items() if not _sound(schema)}
    for name in sorted(broken):
        where = location(register, next(d for d in register.datasets if d.schema == name))
        yield Finding(where, "schema", f"schema {name!r} is not a valid JSON Schema 2020-12; correct it")
    for dataset in register.datasets:
        if dataset.schema is not None and dataset.schema not in broken:
            yield from _dataset_findings(register, dataset)


def _dataset_findings(register: Register, dataset: Dataset) -> Iterator[Finding]:
    mapped = mapped_schema(dataset, register.schema_of(dataset))
    if not _sound(mapped):
        yield from _dangling(register, dataset, mapped, "mapped")
        return
    # For access, the mapped schema ships as it is.
    articles = register.articles(dataset)
    portable = withholding(Right.PORTABILITY, articles, mapped, dataset.constants).schema
    if not _sound(portable):
        yield from _dangling(register, dataset, portable, "portable")


def _sound(schema: DatasetSchema) -> bool:
    return _is_accepted(json.dumps(dict(schema.document)))


@lru_cache(maxsize=1024)  # most of what checking a register takes, and each request checks it
def _is_accepted(document: str) -> bool:
    return is_sound(json.loads(document))


def _dangling(register: Register, dataset: Dataset, ships: DatasetSchema, which: str) -> Iterator[Finding]:
    problem = (
        f"schema {dataset.schema!r} refers ($ref) to a part that is missing once only {which} fields are left; "
        "define shared parts under $defs"
    )
    keys = [f"fields.{name}" for name in unresolved_fields(ships)] or ["schema"]
    yield from (Finding(location(register, dataset), key, problem) for key in keys)
