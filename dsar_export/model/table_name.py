"""Names of tables: one part, or a schema and a table with a dot between them.

A part with a dot or a double quote is written in double quotes, and a quote inside is doubled, as in SQL:
`crm.notes` is the table `notes` in the schema `crm`, `"crm.notes"` is a table with a dot in its own name.
"""

import re
from typing import Final

_PART: Final = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')
_NAME: Final = re.compile(rf"(?:{_PART.pattern})(?:\.(?:{_PART.pattern}))*")


def name_parts(name: str) -> tuple[str, ...]:
    """The parts of a name; a name in any other form is a single part, unchanged."""
    if ("." not in name and '"' not in name) or not _NAME.fullmatch(name):
        return (name,)
    return tuple(
        quoted.replace('""', '"') if quoted else plain
        for quoted, plain in (found.groups() for found in _PART.finditer(name))
    )


def table_name(*parts: str) -> str:
    """The name with these parts, each in quotes if it needs them."""
    return ".".join(map(_quoted, parts))


def _quoted(part: str) -> str:
    return '"{}"'.format(part.replace('"', '""')) if "." in part or '"' in part or not part else part
