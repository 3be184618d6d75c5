"""A folder of TOML files -> Register; every error names the file, the key and what was expected."""

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Final, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from dsar_export.errors import RegisterError
from dsar_export.interfaces import Parts
from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link
from dsar_export.model.place import At, LinkAt, LinkTable, TablePlace
from dsar_export.model.register import Organisation, Register
from dsar_export.model.schema import DatasetSchema, parse_schema
from dsar_export.register.hints import nearest
from schemas import find_schema, read_schema, schema_names

T = TypeVar("T")
PartsOf = Callable[[str], Parts | None]
"""The classes for a collector's own keys, by the kind of its source; None for a source that is not there."""
_AT: Final = "at"


def read_register(folder: Path, parts_of: PartsOf) -> Register:
    """The register in a folder: register.toml, the datasets that it lists, and their schemas.

    `parts_of` returns the classes that validate a collector's own keys. Raises RegisterError if a file is missing,
    unreadable or invalid.
    """
    file = folder / "register.toml"
    content = _content(file)
    reader = _Reader(content, parts_of)
    organisation = reader.validated(file, reader.with_links(file, content), Organisation)
    _refuse_unlisted_files(folder, organisation)
    datasets = tuple(_dataset(folder, name, reader) for name in organisation.datasets)
    schemas = {name: _schema(folder, name, datasets) for name in dict.fromkeys(d.schema for d in datasets)}
    return Register(folder, organisation, datasets, schemas)


@dataclass(frozen=True)
class _Reader:
    """Validates tables of the register's files, and those keys that only a source's collector knows."""

    register: Mapping[str, object]
    parts_of: PartsOf
    adapters: dict[type[object], TypeAdapter[Any]] = field(default_factory=dict)
    """Slow to make and large, so they are made once and kept no longer than the reader."""

    def with_links(self, file: Path, content: Mapping[str, object]) -> Mapping[str, object]:
        """The content of register.toml with each link's part."""
        links = content.get("links")
        if not isinstance(links, list):
            return content
        split = [
            self.split(file, link, Link, f"links.{n}") if isinstance(link, dict) else link
            for n, link in enumerate(links)
        ]
        return {**content, "links": split}

    def split(
        self, file: Path, content: Mapping[str, object], shape: type[Dataset | Link], where: str = ""
    ) -> Mapping[str, object]:
        """A dataset's or a link's table with its collector's part under `at`."""
        parts = self.parts_of(self._kind(content.get("source")))
        part: type[At | LinkAt]
        if shape is Dataset:
            part = TablePlace if parts is None else parts.dataset_part
        else:
            part = LinkTable if parts is None else parts.link_part
        known = {f.name for f in fields(shape)} - {_AT}
        own = {key: value for key, value in content.items() if key not in known}
        rest = {key: value for key, value in content.items() if key in known}
        return {**rest, _AT: self.validated(file, own, part, where=where, beside=known)}

    def validated(
        self, path: Path, content: object, shape: type[T], *, where: str = "", beside: Collection[str] = ()
    ) -> T:
        """The value that a table of a file stands for; `beside` are keys of the same table that others validate."""
        if shape not in self.adapters:
            self.adapters[shape] = TypeAdapter(shape)
        try:
            value: T = self.adapters[shape].validate_python(content)
        except ValidationError as error:
            details = error.errors(include_input=False, include_url=False, include_context=False)
            # An unknown key is often a misspelling of a missing one, so unknown keys come first.
            details.sort(key=lambda d: d["type"] != "unexpected_keyword_argument")
            lines = [f"{path}: {_explain(d, shape, where, beside)}" for d in details[:5]]
            raise RegisterError("\n".join(lines)) from None
        return value

    def _kind(self, source: object) -> str:
        sources = self.register.get("sources")
        found = sources.get(source) if isinstance(sources, Mapping) else None
        kind = found.get("kind") if isinstance(found, Mapping) else None
        return kind if isinstance(kind, str) else ""


def _dataset(folder: Path, name: str, reader: _Reader) -> Dataset:
    path = folder / "datasets" / f"{name}.toml"
    dataset = reader.validated(path, reader.split(path, _content(path), Dataset), Dataset)
    if dataset.name != name:
        raise RegisterError(f"{path}: name: expected {name!r}, the name of the file")
    return dataset


def _refuse_unlisted_files(folder: Path, organisation: Organisation) -> None:
    # The data of a dataset that is not listed would never be exported.
    listed = set(organisation.datasets)
    if len(listed) != len(organisation.datasets):
        raise RegisterError(f"{folder / 'register.toml'}: datasets: a dataset is listed twice; drop one")
    for path in sorted((folder / "datasets").glob("*.toml")):
        if path.stem not in listed:
            raise RegisterError(
                f"{folder / 'register.toml'}: datasets: {path.stem!r} has a file but is not listed; list it here"
            )


def _schema(folder: Path, name: str, datasets: tuple[Dataset, ...]) -> DatasetSchema:
    try:
        path = find_schema(name, folder)
    except OSError as error:
        raise RegisterError(f"{folder / 'schemas'}: can't be read ({type(error).__name__})") from None
    if path is None:
        user = next(d for d in datasets if d.schema == name)
        file = folder / "datasets" / f"{user.name}.toml"
        raise RegisterError(
            f"{file}: schema: there is no schema {name!r}; {nearest(name, schema_names(folder))}"
        )
    try:
        return parse_schema(name, read_schema(path))
    except (ValueError, OSError) as error:
        raise RegisterError(f"{path}: {error}") from None


def _content(path: Path) -> Mapping[str, object]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise RegisterError(f"{path}: no such file; a register is a folder with a register.toml") from None
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(f"{path}: can't be read ({type(error).__name__})") from None
    except tomllib.TOMLDecodeError as error:
        raise RegisterError(f"{path}: not TOML: {error}") from None


def _explain(detail: ErrorDetails, shape: type[object], within: str, beside: Collection[str]) -> str:
    where = ".".join(filter(None, (within, *(str(part) for part in detail["loc"]))))
    if detail["type"] == "unexpected_keyword_argument":
        top = detail["loc"][:-1]
        valid = [*_keys_at(shape, top), *(() if top else beside)]
        return f"{where}: unknown key; {nearest(str(detail['loc'][-1]), valid)}"
    if detail["type"] == "missing":
        return f"{where}: this key is missing; add it"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{where}: {message[:1].lower()}{message[1:]}" if where else f"{message[:1].lower()}{message[1:]}"


def _keys_at(shape: Any, steps: tuple[int | str, ...]) -> list[str]:
    """The valid keys of a table in the file, found by following the types."""
    for step in steps:
        # Mapping[str, X] and tuple[X, ...] add a step to the path: the name or the index.
        shape = get_type_hints(shape).get(str(step)) if is_dataclass(shape) else _inside(shape)
    return [f.name for f in fields(shape)] if is_dataclass(shape) else []


def _inside(shape: Any) -> Any:
    return next((inner for inner in get_args(shape) if is_dataclass(inner)), None)
