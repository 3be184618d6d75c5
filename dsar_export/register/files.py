"""A folder of TOML files -> Register; every error names the file, the key and what was expected."""

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from dsar_export.errors import RegisterError, why_unreadable
from dsar_export.interfaces import Parts
from dsar_export.model.contact import Contact
from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link
from dsar_export.model.place import At, LinkAt, LinkTable, SourceParts, TablePlace
from dsar_export.model.register import Organisation, Register, Source
from dsar_export.model.schema import DatasetSchema, parse_schema
from dsar_export.register.descriptions import refuse_wrong_descriptions
from dsar_export.register.hints import nearest
from dsar_export.register.lines import line_of
from dsar_export.register.made_schemas import with_made_schemas
from dsar_export.register.subjects import held_problems, subject_problems
from dsar_export.register.translations import read_translations
from dsar_export.register.undecided_keys import STATEMENTS, TERMS, undecided_problems
from schemas import find_schema, is_own_schema, read_schema, schema_names

T = TypeVar("T")
PartsOf = Callable[[str], Parts | None]
"""The classes for a collector's own keys, by the kind of its source; None for a source that is not there."""
_AT: Final = "at"
Steps = tuple[str | int, ...]


def read_register(folder: Path, parts_of: PartsOf) -> Register:
    """The register in a folder: register.toml, the datasets that it lists, and their schemas.

    `parts_of` returns the classes that validate a collector's own keys. Raises RegisterError if a file is missing,
    unreadable or invalid, with all problems of all files.
    """
    file = TomlFile(folder / "register.toml")
    reader = _Reader(file.content, parts_of)
    organisation = reader.validated(file, reader.with_parts(file), Organisation)
    reader.refuse_missing(file, STATEMENTS)
    names = _listed(file.content)
    datasets = [reader.tried(partial(_dataset, folder, name, reader)) for name in dict.fromkeys(names)]
    found = tuple(d for d in datasets if d is not None)
    schemas = {
        name: reader.tried(partial(_schema, folder, name, found))
        for name in dict.fromkeys(d.schema for d in found if d.schema is not None)
    }
    known = {name: schema for name, schema in schemas.items() if schema is not None}
    for dataset in found:
        reader.tried(partial(_described, folder, dataset, known))
    if organisation is not None:
        reader.tried(partial(_refuse_unlisted_files, folder, organisation))
        reader.tried(partial(_refuse_unclear_subjects, folder, organisation, found))
    translations = reader.tried(partial(read_translations, folder)) or {}
    if reader.problems or organisation is None:
        raise RegisterError("\n".join(reader.problems))
    own = frozenset(name for name in known if is_own_schema(name, folder))
    only = next(iter(organisation.subjects)) if len(organisation.subjects) == 1 else None
    organisation = _with_only_subject(organisation, only)
    register = Register(folder, organisation, found, known, own, translations, kind=only)
    return with_made_schemas(register)


@dataclass(frozen=True)
class TomlFile:
    """A file of the register."""

    path: Path

    @cached_property
    def text(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise RegisterError(
                f"{self.path}: no such file; a register is a folder with a register.toml"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise RegisterError(f"{self.path}: can't be read ({why_unreadable(error)})") from None

    @cached_property
    def content(self) -> Mapping[str, object]:
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise RegisterError(f"{self.path}: not TOML: {error}") from None

    def at(self, *steps: str | int) -> str:
        """The file with the line of the key at these steps, or of the table around it."""
        line = line_of(self.text, steps)
        return str(self.path) if line is None else f"{self.path}:{line}"


@dataclass(frozen=True)
class _Reader:
    """Validates tables of the register's files, and those keys that only a source's collector knows.

    `problems` gathers what is wrong, so that all of it is reported together.
    """

    register: Mapping[str, object]
    parts_of: PartsOf
    problems: list[str] = field(default_factory=list)
    adapters: dict[type[object], TypeAdapter[Any]] = field(default_factory=dict)
    """Slow to make and large, so they are made once and kept no longer than the reader."""

    def tried(self, read: Callable[[], T | None]) -> T | None:
        """What the function returns; None if it raises a RegisterError, which is kept."""
        try:
            return read()
        except RegisterError as error:
            self.problems.append(str(error))
            return None

    def with_parts(self, file: TomlFile) -> Mapping[str, object]:
        """The content of register.toml with the part of each source, link and contact."""
        found = dict(file.content)
        sources = found.get("sources")
        if isinstance(sources, dict):
            found["sources"] = {name: self._source(file, name, each) for name, each in sources.items()}
        shapes: tuple[tuple[str, type[Link | Contact]], ...] = (("links", Link), ("contacts", Contact))
        for key, shape in shapes:
            listed = found.get(key)
            if isinstance(listed, list):
                found[key] = [
                    self.split(file, each, shape, key, n) if isinstance(each, dict) else each
                    for n, each in enumerate(listed)
                ]
        return found

    def split(
        self,
        file: TomlFile,
        content: Mapping[str, object],
        shape: type[Dataset | Link | Contact],
        *within: str | int,
    ) -> Mapping[str, object]:
        """The table of a dataset, link or contact with its collector's part under `at`."""
        parts = self.parts_of(self._kind(content.get("source")))
        part: type[At | LinkAt]
        if shape is Dataset:
            part = TablePlace if parts is None else parts.dataset_part
        else:
            part = LinkTable if parts is None else parts.link_part
        known = {f.name for f in fields(shape)} - {_AT}
        own = {key: value for key, value in content.items() if key not in known}
        rest = {key: value for key, value in content.items() if key in known}
        return {**rest, _AT: self.validated(file, own, part, within, known)}

    def _source(self, file: TomlFile, name: str, content: object) -> object:
        """The table of a source with its collector's part under `at`, if that kind of source has one."""
        try:
            parts = self.parts_of(self._kind(name))
        except RegisterError:  # whatever the source is read for reports it
            return content
        if not isinstance(content, dict) or not isinstance(parts, SourceParts):
            return content
        known = {f.name for f in fields(Source)} - {_AT}
        own = {key: value for key, value in content.items() if key not in known}
        rest = {key: value for key, value in content.items() if key in known}
        return {**rest, _AT: self.validated(file, own, parts.source_part, ("sources", name), known)}

    def validated(
        self,
        file: TomlFile,
        content: object,
        shape: type[T],
        within: Steps = (),
        beside: Collection[str] = (),
    ) -> T | None:
        """The value that a table of a file stands for; None if it is invalid, and the problems are kept.

        `beside` are keys of the same table that others validate.
        """
        if shape not in self.adapters:
            self.adapters[shape] = TypeAdapter(shape)
        try:
            value: T = self.adapters[shape].validate_python(content)
        except ValidationError as error:
            details = error.errors(include_input=False, include_url=False, include_context=False)
            # A part that is invalid itself was reported where it was validated.
            details = [d for d in details if d["loc"][-1:] != (_AT,)]
            # An unknown key is often a misspelling of a missing one, so unknown keys come first.
            details.sort(key=lambda d: d["type"] != "unexpected_keyword_argument")
            self.problems.extend(
                f"{file.at(*within, *d['loc'])}: {_explain(d, shape, within, beside)}" for d in details
            )
            return None
        return value

    def refuse_missing(self, file: TomlFile, needed: Iterable[str]) -> None:
        """Keeps a problem for each key of the file that is neither written nor undecided, or is both."""
        for key, problem in undecided_problems(file.content, needed):
            self.problems.append(f"{file.at(key)}: {key}: {problem}")

    def _kind(self, source: object) -> str:
        sources = self.register.get("sources")
        found = sources.get(source) if isinstance(sources, Mapping) else None
        kind = found.get("kind") if isinstance(found, Mapping) else None
        return kind if isinstance(kind, str) else ""


def _listed(content: Mapping[str, object]) -> Sequence[str]:
    """The names of the datasets, also where the rest of register.toml is invalid."""
    names = content.get("datasets")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _dataset(folder: Path, name: str, reader: _Reader) -> Dataset | None:
    file = TomlFile(folder / "datasets" / f"{name}.toml")
    dataset = reader.validated(file, reader.split(file, file.content, Dataset), Dataset)
    reader.refuse_missing(file, TERMS)
    if dataset is not None and dataset.name != name:
        raise RegisterError(f"{file.at('name')}: name: expected {name!r}, the name of the file")
    return dataset


def _described(folder: Path, dataset: Dataset, schemas: Mapping[str, DatasetSchema]) -> None:
    if dataset.schema is None or dataset.schema in schemas:  # else the missing schema is reported
        file = TomlFile(folder / "datasets" / f"{dataset.name}.toml")
        refuse_wrong_descriptions(dataset, schemas.get(dataset.schema or ""), file.at)


def _refuse_unlisted_files(folder: Path, organisation: Organisation) -> None:
    # The data of a dataset that is not listed would never be exported.
    listed, where = set(organisation.datasets), TomlFile(folder / "register.toml").at("datasets")
    if len(listed) != len(organisation.datasets):
        raise RegisterError(f"{where}: datasets: a dataset is listed twice; drop one")
    for path in sorted((folder / "datasets").glob("*.toml")):
        if path.stem not in listed:
            raise RegisterError(
                f"{where}: datasets: {path.stem!r} has a file but is not listed; list it here"
            )


def _refuse_unclear_subjects(folder: Path, organisation: Organisation, datasets: tuple[Dataset, ...]) -> None:
    problems = []
    for found in (*subject_problems(organisation, datasets), *held_problems(organisation, datasets)):
        name = "register.toml" if found.dataset is None else f"datasets/{found.dataset}.toml"
        where = TomlFile(folder / name).at(*found.steps)
        problems.append(f"{where}: {'.'.join(map(str, found.steps))}: {found.problem}")
    if problems:
        raise RegisterError("\n".join(problems))


def _with_only_subject(organisation: Organisation, only: str | None) -> Organisation:
    """The organisation with the identifier of its only kind of people; several have none in common."""
    subjects = organisation.subjects
    return organisation if only is None else replace(organisation, subject=subjects[only].identifier)


def _schema(folder: Path, name: str, datasets: tuple[Dataset, ...]) -> DatasetSchema:
    try:
        path = find_schema(name, folder)
    except OSError as error:
        raise RegisterError(f"{folder / 'schemas'}: can't be read ({why_unreadable(error)})") from None
    if path is None:
        user = next(d for d in datasets if d.schema == name)
        file = TomlFile(folder / "datasets" / f"{user.name}.toml")
        raise RegisterError(
            f"{file.at('schema')}: schema: there is no schema {name!r}; {nearest(name, schema_names(folder))}; "
            f"or write schemas/{name}.schema.json in the register's folder"
        )
    try:
        return parse_schema(name, read_schema(path))
    except (ValueError, OSError) as error:
        raise RegisterError(f"{path}: {error}") from None


def _explain(detail: ErrorDetails, shape: type[object], within: Steps, beside: Collection[str]) -> str:
    where = ".".join(map(str, (*within, *detail["loc"])))
    if detail["type"] == "unexpected_keyword_argument":
        top = detail["loc"][:-1]
        valid = [*_keys_at(shape, top), *(() if top else beside)]
        return f"{where}: unknown key; {nearest(str(detail['loc'][-1]), valid)}"
    if detail["type"] == "missing":
        return f"{where}: this key is missing; add it"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{where}: {message[:1].lower()}{message[1:]}" if where else f"{message[:1].lower()}{message[1:]}"


def _keys_at(shape: Any, steps: Steps) -> list[str]:
    """The valid keys of a table in the file, found by following the types."""
    for step in steps:
        # Mapping[str, X] and tuple[X, ...] add a step to the path: the name or the index.
        shape = get_type_hints(shape).get(str(step)) if is_dataclass(shape) else _inside(shape)
    return [f.name for f in fields(shape)] if is_dataclass(shape) else []


def _inside(shape: Any) -> Any:
    return next((inner for inner in get_args(shape) if is_dataclass(inner)), None)
