"""A register as texts, so that a Draft keeps the one that it was collected with."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson

from dsar_export.errors import RegisterError, why_unreadable
from dsar_export.model.register import OWN_SOURCE, Register
from dsar_export.register.files import PartsOf, read_register
from dsar_export.register.made_schemas import made_documents, with_documents
from schemas import find_schema


@dataclass(frozen=True)
class KeptRegister:
    """A register's files by their path in its folder, with all schemas in use; `own_schemas` were in the folder.

    `made` are the documents of the schemas that were made from a mapping and a source's catalogue, by dataset.
    """

    files: Mapping[str, str]
    own_schemas: tuple[str, ...]
    made: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def kept_register(register: Register) -> KeptRegister:
    """The texts of a whole register, also for a part of it; RegisterError if a file can't be read any more."""
    folder = register.folder
    datasets = [d for d in register.everybody.datasets if d.source != OWN_SOURCE]
    paths = {"register.toml": folder / "register.toml"}
    paths |= {f"datasets/{d.name}.toml": folder / "datasets" / f"{d.name}.toml" for d in datasets}
    paths |= {f"translations/{f.name}": f for f in sorted((folder / "translations").glob("*.po"))}
    found = {
        name: find_schema(name, folder)
        for name in sorted({d.schema for d in datasets if d.schema is not None})
    }
    paths |= {f"schemas/{name}.schema.json": path for name, path in found.items() if path is not None}
    return KeptRegister(
        {name: _text(path) for name, path in paths.items()},
        tuple(sorted(register.own_schemas)),
        made_documents(register),
    )


def read_kept_register(kept: KeptRegister, parts_of: PartsOf) -> Register:
    """The register that was kept. Its folder is gone afterwards: it has no personal data, and serves no collector."""
    with tempfile.TemporaryDirectory(prefix="dsar-export-register-") as name:
        folder = Path(name)
        for path, text in kept.files.items():
            file = folder / path
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        register = replace(read_register(folder, parts_of), own_schemas=frozenset(kept.own_schemas))
        return with_documents(register, kept.made)


def kept_text(kept: KeptRegister) -> bytes:
    """As JSON; without made schemas, as earlier versions wrote it."""
    if kept.made:
        return orjson.dumps(kept)
    return orjson.dumps({"files": kept.files, "own_schemas": kept.own_schemas})


def kept_of(text: bytes) -> KeptRegister:
    """What `kept_text` wrote."""
    content = orjson.loads(text)
    return KeptRegister(content["files"], tuple(content["own_schemas"]), content.get("made", {}))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(
            f"{path}: can't be read ({why_unreadable(error)}); read the register again"
        ) from None
