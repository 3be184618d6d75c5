"""The JSON Schemas of a register's files, for editors; `python -m tools.editor_schemas` writes them again.

The product ships the written files, because making them is slow: it reads the docstrings from the source. Beside the
core's keys they have those of the built-in collector of databases, and a source has those of HTTP APIs; other
collectors have keys of their own.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from collectors.http_api.source_part import ApiSource
from dsar_export.model.dataset import Dataset
from dsar_export.model.place import LinkTable, TablePlace
from dsar_export.model.register import Organisation
from dsar_export.model.toml_table import READ_AS

SHAPES: Final[Mapping[str, type[object]]] = {"register": Organisation, "dataset": Dataset}
FOLDER: Final = Path(__file__).parent.parent / "schemas" / "register"
_AT: Final = "at"


class _WithoutParts(GenerateJsonSchema):
    """Leaves room for a collector's own part, which is an instance of a class of its own."""

    def is_instance_schema(self, schema: Any) -> dict[str, Any]:  # noqa: ARG002 - pydantic's signature
        return {}


def editor_schema(name: str) -> dict[str, object]:
    """The schema for register.toml or for a file under datasets/; docstrings become descriptions."""
    with patch.dict(READ_AS, use_attribute_docstrings=True):
        document = _schema_of(SHAPES[name])
        part = _schema_of(TablePlace if name == "dataset" else LinkTable)
        reached = _schema_of(ApiSource)
    definitions = document.get("$defs", {})
    for holder in [document] if name == "dataset" else [definitions["Link"], definitions["Contact"]]:
        _put_in(holder, part)
    document.setdefault("$defs", {}).update(part.get("$defs", {}))
    if name == "register":
        _put_in(definitions["Source"], reached)
        document["$defs"].update(reached["$defs"])
    document["$defs"] = dict(sorted(document["$defs"].items()))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | document


def _schema_of(shape: type[object]) -> dict[str, Any]:
    return TypeAdapter(shape).json_schema(schema_generator=_WithoutParts)


def _put_in(holder: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Puts the keys of a collector's part where the core has `at`."""
    properties: dict[str, Any] = {}
    for key, held in holder["properties"].items():
        properties |= part["properties"] if key == _AT else {key: held}
    holder["properties"] = properties
    holder["required"] = [
        k for key in holder["required"] for k in (part["required"] if key == _AT else [key])
    ]


if __name__ == "__main__":
    for name in SHAPES:
        text = json.dumps(editor_schema(name), indent=2, ensure_ascii=False)
        (FOLDER / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")
