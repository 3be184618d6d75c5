"""Writes CREATE INDEX statements that can be run as they are."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from sqlalchemy import Connection

_LONGEST_NAME: Final = 60


@dataclass(frozen=True)
class IndexWriter:
    """Writes statements for one table; `taken` are the names of indexes that exist, or None if none is needed."""

    connection: Connection
    table: tuple[str | None, str]
    taken: Collection[str] | None = None

    def on_columns(self, columns: Sequence[str], *, unique: bool = False) -> str:
        return self.on_terms([self.quoted(column) for column in columns], columns, unique=unique)

    def on_terms(self, terms: Sequence[str], columns: Sequence[str], *, unique: bool = False) -> str:
        """An index on terms that are SQL already; `columns` are for its name."""
        schema, name = self.table
        table = ".".join(self.quoted(part) for part in (schema, name) if part is not None)
        named = "" if self.taken is None else f"{self.quoted(self._free_name(columns))} "
        return f"CREATE {'UNIQUE ' if unique else ''}INDEX {named}ON {table} ({', '.join(terms)})"

    def quoted(self, name: str) -> str:
        """A name in quotation marks if SQL needs them."""
        # The preparer doubles percent signs for the driver, which does not see these statements.
        return self.connection.dialect.identifier_preparer.quote(name).replace("%%", "%")

    def _free_name(self, columns: Sequence[str]) -> str:
        wanted = "_".join((self.table[1], *columns))
        if len(wanted) > _LONGEST_NAME:
            digest = hashlib.sha256(wanted.encode()).hexdigest()[:8]
            wanted = f"{wanted[: _LONGEST_NAME - 9]}_{digest}"
        taken = {name.lower() for name in self.taken or ()}
        numbered = (wanted if n == 1 else f"{wanted}_{n}" for n in count(1))
        return next(name for name in numbered if name.lower() not in taken)
