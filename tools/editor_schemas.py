"""The JSON Schemas of a register's files, for editors; `python -m tools.editor_schemas` writes them again.

The product ships the written files, because making them is slow: it reads the docstrings from the source.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from unittest.mock import patch

from pydantic import TypeAdapter

from dsar_export.model.dataset import Dataset
from dsar_export.model.register import Organisation
from dsar_export.model.toml_table import READ_AS

SHAPES: Final[Mapping[str, type[object]]] = {"register": Organisation, "dataset": Dataset}
FOLDER: Final = Path(__file__).parent.parent / "schemas" / "register"


def editor_schema(name: str) -> dict[str, object]:
    """The schema for register.toml or for a file under datasets/; docstrings become descriptions."""
    with patch.dict(READ_AS, use_attribute_docstrings=True):
        document = TypeAdapter(SHAPES[name]).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | document


if __name__ == "__main__":
    for name in SHAPES:
        text = json.dumps(editor_schema(name), indent=2, ensure_ascii=False)
        (FOLDER / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")
