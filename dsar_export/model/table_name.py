"""Names of tables: one part, or a schema and a table, with a dot between them.

A part that holds a dot or a double quote is written in double quotes, with two for one inside, as in SQL:
`crm.notes` is the table `notes` of the schema `crm`, `"crm.notes"` is a table whose own name has a dot.
"""

import re
from typing import Final

_PART: Final = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')
_NAME: Final = re.compile(rf"(?:{_PART.pattern})(?:\.(?:{_PART.pattern}))*")


def name_parts(name: str) -> tuple[str, ...]:
    """The parts of a name; one that is written in no such way is a single part as it stands."""
    if not _NAME.fullmatch(name):
        return (name,)
    return tuple(
        quoted.replace('""', '"') if quoted else plain
        for quoted, plain in (found.groups() for found in _PART.finditer(name))
    )


def table_name(*parts: str) -> str:
    """The name of these parts, each in quotes where it needs them."""
    return ".".join(map(_written, parts))


def _written(part: str) -> str:
    return '"{}"'.format(part.replace('"', '""')) if "." in part or '"' in part or not part else part
