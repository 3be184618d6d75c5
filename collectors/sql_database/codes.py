"""What codes mean: a code table whole while it is small, else those of its codes that occur."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select

from collectors.sql_database.batches import batches
from collectors.sql_database.chunks import Step
from collectors.sql_database.failures import Reading
from collectors.sql_database.parts import Part, parts_of
from collectors.sql_database.statements import Holder, Statement, Statements
from dsar_export.errors import RegisterError
from dsar_export.model.codes import as_number, code_of
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import CodeTable, FieldMapping
from dsar_export.model.json_pointer import Steps, pointer_steps
from dsar_export.model.source import ColumnKind, Selection

MOST_CODES: Final = 10_000

Row = tuple[object, ...]
Found = Callable[[Selection, int, Sequence[str], Part], Iterator[Step]]
"""The rows of a selection that some of the keys of one subject key find."""


@dataclass(frozen=True)
class CodeReader:
    """Reads code tables of one snapshot.

    Each statement is read to its end before the next: MariaDB's driver would have to keep the rest in memory.
    """

    reading: Reading
    statements: Statements
    planned: Callable[[Statement, str], bool]
    fetched: Callable[[Statement, str], Iterator[Step]]
    found: Found

    def meanings(self, selection: Selection, field: str) -> Mapping[str, object]:
        """What the codes of a field mean, at least those that occur in the selection's rows."""
        mapping = selection.dataset.fields[field]
        table = mapping.codes_from
        if table is None:
            raise RegisterError(f"dataset {selection.dataset.name!r}: field {field!r} has no codes_from")
        what = _named(table)
        every = list(self._rows(self.plan(table), what))
        small = len(every) <= MOST_CODES
        rows = every if small else self._of(table, self._occurring(selection, field), what)
        told: dict[str, object] = {}
        for code, meaning in rows:
            if code is not None and told.setdefault(code_of(code), meaning) != meaning:
                raise RegisterError(f"{what} of source {self.reading.source!r} says two things of one code")
        return told

    def plan(self, table: CodeTable) -> Statement:
        """The statement of a code table, once the database has planned it: a renamed column is the register's fault."""
        what = _named(table)
        with self.reading.of(what):  # it asks what the columns hold
            statement = self._statement(table).limit(MOST_CODES + 1)
        self.planned(statement, what)
        return statement

    def _holder(self, table: CodeTable) -> Holder:
        return self.statements.holder(table.table, (table.code, table.meaning))

    def _statement(self, table: CodeTable, batch: Sequence[str] | None = None) -> Statement:
        """Codes and what they mean; of a batch only those that are equal to one of it."""
        holder = self._holder(table)
        code = holder.cell(table.code)
        every = select(code, holder.cell(table.meaning))
        if batch is None:
            return every
        return every.where(self.statements.dialect.exact(code, holder.kind(table.code), batch))

    def _rows(self, statement: Statement, what: str) -> Iterator[Row]:
        return (row for step in self.fetched(statement, what) for row in step.rows)

    def _of(self, table: CodeTable, codes: Collection[str], what: str) -> Iterator[Row]:
        """The rows of a large table that say what these codes mean.

        An index of the database finds those that are written there as in the rows. A number may be written otherwise,
        7.00 for 7, and more than once; then only reading the table through finds all that it may mean.
        """
        wanted, found = _Wanted.of(codes), set[str]()
        for batch in batches(sorted(filter(_is_unicode, wanted.codes | wanted.numbers))):
            for row in filter(wanted.has, self._rows(self._statement(table, batch), what)):
                found.add(code_of(row[0]))
                yield row
        missing = replace(_Wanted.of(wanted.codes - found), codes=frozenset())
        if missing.numbers and self._holder(table).kind(table.code) is not ColumnKind.INTEGER:
            yield from filter(missing.has, self._rows(self._statement(table), what))

    def _occurring(self, selection: Selection, field: str) -> Collection[str]:
        """The codes that the selection's rows hold; RegisterError where they are too many to be codes."""
        dataset, codes = selection.dataset, set[str]()
        for code in self._cells(selection, field):
            codes.add(code)
            if len(codes) > MOST_CODES:
                raise RegisterError(
                    f"dataset {dataset.name!r}: more than {MOST_CODES} different codes occur in one person's rows, "
                    f"so they are not looked up in source {self.reading.source!r}; map fields.{field} in "
                    f"datasets/{dataset.name}.toml without codes_from"
                )
        return codes

    def _cells(self, selection: Selection, field: str) -> Iterator[str]:
        """The codes in the order read. Not DISTINCT: a collation that knows no case would drop one of two."""
        mapping = selection.dataset.fields[field]
        if mapping.column is None:
            yield str(mapping.value)
            return
        only = replace(selection, dataset=_of_one_column(selection.dataset, mapping.column))
        at, steps = only.dataset.owner_width, pointer_steps(mapping.path or "")
        for part in parts_of(only.dataset):
            for index, keys in enumerate(only.keys):
                for batch in batches(keys):
                    for step in self.found(only, index, batch, part):
                        yield from _codes({row[at] for row in step.rows}, steps)


@dataclass(frozen=True)
class _Wanted:
    """Codes that are looked for, and the numbers that they are."""

    codes: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, codes: Iterable[str]) -> "_Wanted":
        held = frozenset(codes)
        return cls(held, frozenset(number for code in held if (number := as_number(code)) is not None))

    def has(self, row: Row) -> bool:
        code = code_of(row[0])
        return row[0] is not None and (code in self.codes or as_number(code) in self.numbers)


def _named(table: CodeTable) -> str:
    return f"code table {table.table!r}"


def _is_unicode(code: str) -> bool:
    """Whether a database can be asked for it; bytes that are no text came as escapes."""
    try:
        code.encode()
    except UnicodeEncodeError:
        return False
    return True


def _of_one_column(dataset: Dataset, column: str) -> Dataset:
    return replace(dataset, fields={"code": FieldMapping(column=column)}, deleted=None)


def _codes(cells: Iterable[object], steps: Steps) -> Iterator[str]:
    for cell in cells:
        code = _at(cell, steps) if steps else cell
        if code is not None:
            yield code_of(code)


def _at(cell: object, steps: Steps) -> object:
    """The value at a pointer into JSON; none in what is no JSON, which the export keeps back."""
    try:
        value = json.loads(cell) if isinstance(cell, str) else None
    except (ValueError, RecursionError):
        return None
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value
