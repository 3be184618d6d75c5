"""Columns that name the table to which another column refers: `owner_type` beside `owner_id`."""

import re
from typing import Final

CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
GENERIC: Final = "owner|item|object|entity|parent|target|subject|ref|related|record|model|source|resource"
_TYPE_COLUMN: Final = re.compile(
    rf".+_(?:type|kind)(?:_id)?|.*content_type_id|(?:{GENERIC})_?(?:type|kind|model|class|module|table)|table_name",
    re.IGNORECASE,
)


def names_a_type(name: str) -> bool:
    """Whether a column with this name may hold the name of a table, so that one beside it is half a key."""
    return _TYPE_COLUMN.fullmatch(CAMEL.sub("_", name)) is not None
