"""Reads the meanings of codes: a small code table as a whole, of a large one only the codes that occur."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select

from collectors.sql_database.batches import batches
from collectors.sql_database.chunks import Step
from collectors.sql_database.failures import Failures
from collectors.sql_database.keys import Constants
from collectors.sql_database.parts import Part, parts_of
from collectors.sql_database.statements import Statement, Statements, StatementTable
from dsar_export.errors import RegisterError
from dsar_export.model.codes import as_number, code_of
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import CodeTable, FieldMapping
from dsar_export.model.json_pointer import Steps, pointer_steps
from dsar_export.model.source import ColumnKind, Selection

MOST_CODES: Final = 10_000

Row = tuple[object, ...]
RowsByKey = Callable[[Selection, int, Sequence[str], Part], Iterator[Step]]
"""Reads the rows of a selection that some keys of one subject key find."""


@dataclass(frozen=True)
class CodeReader:
    """Reads the code tables of one snapshot.

    Each statement is read to its end before the next one starts; otherwise MariaDB's driver buffers the rest in memory.
    """

    failures: Failures
    statements: Statements
    planned: Callable[[Statement, str], bool]
    fetched: Callable[[Statement, str], Iterator[Step]]
    rows_by_key: RowsByKey

    def meanings(self, selection: Selection, field: str) -> Mapping[str, object]:
        """The meanings of a field's codes, at least of those in the selection's rows; RegisterError if ambiguous."""
        mapping = selection.dataset.fields[field]
        table = mapping.codes_from
        if table is None:
            raise RegisterError(f"dataset {selection.dataset.name!r}: field {field!r} has no codes_from")
        what = _label(table)
        every = list(self._rows(self.plan(table), what))
        small = len(every) <= MOST_CODES
        rows = every if small else self._matching_rows(table, self._codes_in_rows(selection, field), what)
        meanings: dict[str, object] = {}
        for code, meaning in rows:
            if code is not None and meanings.setdefault(code_of(code), meaning) != meaning:
                raise RegisterError(
                    f"{what} of source {self.failures.source!r} has two meanings for one code; correct the table, "
                    "or map the field without codes_from"
                )
        return meanings

    def plan(self, table: CodeTable) -> Statement:
        """Builds a code table's statement and has the database plan it, so that a renamed column is a RegisterError."""
        what = _label(table)
        with self.failures.translated(what):  # looks up the kinds of the columns
            statement = self._statement(table).limit(MOST_CODES + 1)
        self.planned(statement, what)
        return statement

    def _table(self, table: CodeTable) -> StatementTable:
        return self.statements.table(table.table, (table.code, table.meaning))

    def _statement(self, table: CodeTable, batch: Sequence[str] | None = None) -> Statement:
        """Selects codes and their meanings: all of them, or those whose code equals one of the batch."""
        rows = self._table(table)
        code = rows.cell(table.code)
        every = select(code, rows.cell(table.meaning))
        if batch is None:
            return every
        return every.where(self.statements.dialect.exact(code, rows.kind(table.code), Constants(batch)))

    def _rows(self, statement: Statement, what: str) -> Iterator[Row]:
        return (row for step in self.fetched(statement, what) for row in step.rows)

    def _matching_rows(self, table: CodeTable, codes: Collection[str], what: str) -> Iterator[Row]:
        """The rows of a large code table for these codes.

        The database's index finds the codes that are written alike in both tables. A number may be written differently,
        such as 7.00 for 7, and more than once; only a full scan of the table finds all its meanings.
        """
        wanted, found = _Wanted.from_codes(codes), set[str]()
        for batch in batches(sorted(filter(_is_unicode, wanted.codes | wanted.numbers))):
            for row in filter(wanted.includes, self._rows(self._statement(table, batch), what)):
                found.add(code_of(row[0]))
                yield row
        missing = replace(_Wanted.from_codes(wanted.codes - found), codes=frozenset())
        if missing.numbers and self._table(table).kind(table.code) is not ColumnKind.INTEGER:
            yield from filter(missing.includes, self._rows(self._statement(table), what))

    def _codes_in_rows(self, selection: Selection, field: str) -> Collection[str]:
        """The codes in the selection's rows; RegisterError if there are too many to be codes."""
        dataset, codes = selection.dataset, set[str]()
        for code in self._cells(selection, field):
            codes.add(code)
            if len(codes) > MOST_CODES:
                raise RegisterError(
                    f"dataset {dataset.name!r}: more than {MOST_CODES} different codes occur in one person's rows, "
                    f"so they are not looked up in source {self.failures.source!r}; map fields.{field} in "
                    f"datasets/{dataset.name}.toml without codes_from"
                )
        return codes

    def _cells(self, selection: Selection, field: str) -> Iterator[str]:
        """The codes in the order read. Not DISTINCT: a case-insensitive collation would drop one of two codes."""
        mapping = selection.dataset.fields[field]
        if mapping.column is None:
            yield str(mapping.value)
            return
        only = replace(selection, dataset=_with_one_column(selection.dataset, mapping.column))
        at, steps = only.dataset.owner_width, pointer_steps(mapping.path or "")
        for part in parts_of(only.dataset):
            for index, keys in enumerate(only.keys):
                for batch in batches(keys):
                    for step in self.rows_by_key(only, index, batch, part):
                        yield from _codes({row[at] for row in step.rows}, steps)


@dataclass(frozen=True)
class _Wanted:
    """The codes to look up, and the numbers among them in their canonical form."""

    codes: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def from_codes(cls, codes: Iterable[str]) -> "_Wanted":
        wanted = frozenset(codes)
        return cls(wanted, frozenset(number for code in wanted if (number := as_number(code)) is not None))

    def includes(self, row: Row) -> bool:
        code = code_of(row[0])
        return row[0] is not None and (code in self.codes or as_number(code) in self.numbers)


def _label(table: CodeTable) -> str:
    return f"code table {table.table!r}"


def _is_unicode(code: str) -> bool:
    """Whether a code can be sent to a database; undecodable bytes arrived as surrogate escapes."""
    try:
        code.encode()
    except UnicodeEncodeError:
        return False
    return True


def _with_one_column(dataset: Dataset, column: str) -> Dataset:
    return replace(dataset, fields={"code": FieldMapping(column=column)}, deleted=None)


def _codes(cells: Iterable[object], steps: Steps) -> Iterator[str]:
    for cell in cells:
        code = _value_at(cell, steps) if steps else cell
        if code is not None:
            yield code_of(code)


def _value_at(cell: object, steps: Steps) -> object:
    """The value at a pointer into JSON; None if the cell is not JSON. The export keeps such rows back."""
    try:
        value = json.loads(cell) if isinstance(cell, str) else None
    except (ValueError, RecursionError):
        return None
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value
