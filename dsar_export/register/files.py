"""A folder of TOML files -> Register; every error names the file, the key and what is expected."""

import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from dsar_export.errors import RegisterError
from dsar_export.model.dataset import Dataset
from dsar_export.model.register import Organisation, Register
from dsar_export.model.schema import DatasetSchema, parse_schema
from dsar_export.register.hints import nearest
from schemas import find_schema, read_schema, schema_names

T = TypeVar("T")


def read_register(folder: Path) -> Register:
    """The register in a folder: register.toml, the datasets that it lists, and their schemas.

    Raises RegisterError if a file is missing, unreadable or invalid.
    """
    organisation = _read(folder / "register.toml", Organisation, TypeAdapter(Organisation))
    _refuse_unlisted_files(folder, organisation)
    adapter = TypeAdapter(
        Dataset
    )  # slow to make and large, so it is made once and kept no longer than needed
    datasets = tuple(_dataset(folder, name, adapter) for name in organisation.datasets)
    schemas = {name: _schema(folder, name, datasets) for name in dict.fromkeys(d.schema for d in datasets)}
    return Register(folder, organisation, datasets, schemas)


def _dataset(folder: Path, name: str, adapter: TypeAdapter[Dataset]) -> Dataset:
    path = folder / "datasets" / f"{name}.toml"
    dataset = _read(path, Dataset, adapter)
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


def _read(path: Path, shape: type[T], adapter: TypeAdapter[T]) -> T:
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
    except FileNotFoundError:
        raise RegisterError(f"{path}: no such file; a register is a folder with a register.toml") from None
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(f"{path}: can't be read ({type(error).__name__})") from None
    except tomllib.TOMLDecodeError as error:
        raise RegisterError(f"{path}: not TOML: {error}") from None
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False, include_context=False)
        # An unknown key is often a misspelling of a missing one, so unknown keys come first.
        details.sort(key=lambda d: d["type"] != "unexpected_keyword_argument")
        lines = [f"{path}: {_explain(d, shape)}" for d in details[:5]]
        raise RegisterError("\n".join(lines)) from None


def _explain(detail: ErrorDetails, shape: type[object]) -> str:
    where = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "unexpected_keyword_argument":
        valid = _keys_at(shape, detail["loc"][:-1])
        return f"{where}: unknown key; {nearest(str(detail['loc'][-1]), valid)}"
    if detail["type"] == "missing":
        return f"{where}: this key is missing; add it"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{where}: {message[:1].lower()}{message[1:]}"


def _keys_at(shape: Any, steps: tuple[int | str, ...]) -> list[str]:
    """The valid keys of a table in the file, found by following the types."""
    for step in steps:
        # Mapping[str, X] and tuple[X, ...] add a step to the path: the name or the index.
        shape = get_type_hints(shape).get(str(step)) if is_dataclass(shape) else _inside(shape)
    return [f.name for f in fields(shape)] if is_dataclass(shape) else []


def _inside(shape: Any) -> Any:
    return next((inner for inner in get_args(shape) if is_dataclass(inner)), None)
