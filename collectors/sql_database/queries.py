"""Statements for datasets that have a SQL query of their own in the register."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import TextClause, and_, column, or_, select, text

from collectors.sql_database.comparing import has_own_or_unknown_tenant, stored_forms
from collectors.sql_database.dialect import Dialect
from collectors.sql_database.keys import Keys
from collectors.sql_database.query_text import folded_names, query_text
from collectors.sql_database.statements import Statement, Statements, constant_conditions
from dsar_export.errors import RegisterError
from dsar_export.model.dataset import Dataset
from dsar_export.model.source import ColumnKind, Selection


def query_statement(statements: Statements, selection: Selection, keys: Keys) -> Statement:
    """Selects the query's rows, joined again to the dataset's own table, so that no join or constant can claim a row.

    The last columns are those of the order and of the key, which must not occur twice. The query returns the order
    columns too, because ordering by those of the own table would need a sort. They must equal those of the own table:
    ordered by a joined table's columns, the rows that a join multiplies would not be adjacent, and finding them would
    need all keys in memory.
    """
    dataset = selection.dataset
    keys_of_row, subject = dataset.place.keys, dataset.subject_keys[0]
    beside = tuple(c for c in (subject.tenant_column, subject.region_column) if c is not None)
    order = tuple(dict.fromkeys([subject.column, *dataset.place.order_by]))
    own = statements.table(dataset.place.table, [*keys_of_row, *order, *beside, *subject.where]).aliased(
        "own"
    )
    names = dict.fromkeys(
        [*keys_of_row, *order, *dataset.columns, *(owner.column for owner in dataset.place.joined)]
    )
    query = _bound(statements.dialect, own.kind(subject.column), dataset, keys)
    rows = query.columns(*(column(n) for n in names)).subquery("rows_found")
    tenant_condition = has_own_or_unknown_tenant(
        statements.dialect, own.cell, own.kind, subject.tenant_column, selection
    )
    constants = constant_conditions(
        statements.dialect, [(own, name, constant) for name, constant in subject.where.items()]
    )
    cells = [
        *statements.owner_cells([own], subject),
        *(rows.c[owner.column] for owner in dataset.place.joined),
        *(statements.cell(dataset, name, rows.c[name]) for name in dataset.columns),
    ]
    cells += (rows.c[name] for name in (*order, *keys_of_row))
    by = [statements.dialect.order_key(rows.c[name], own.kind(name)) for name in order]
    same = [
        statements.dialect.order_key(own.cell(name), own.kind(name)).is_not_distinct_from(returned)
        for name, returned in zip(order, by, strict=True)
    ]
    # An outer join: a row without a match in its own table must fail the ownership assertion, not vanish.
    return (
        select(*(c.label(f"c{n}") for n, c in enumerate(cells)))
        .select_from(rows.outerjoin(own.rows, and_(*(own.cell(k) == rows.c[k] for k in keys_of_row), *same)))
        .where(or_(and_(tenant_condition, *constants), own.cell(keys_of_row[0]).is_(None)))
        .order_by(*by)
    )


def unjoined_query(statements: Statements, dataset: Dataset, keys: Keys) -> TextClause:
    """The register's query as written, without our join to the dataset's own table."""
    subject = dataset.subject_keys[0]
    own = statements.table(dataset.place.table, [subject.column])
    return _bound(statements.dialect, own.kind(subject.column), dataset, keys)


@contextmanager
def explained(query: str | None) -> Iterator[None]:
    """Adds to a RegisterError how a server read the names of a query, if it does not know one of them as it read it."""
    try:
        yield
    except RegisterError as error:
        names = folded_names(query or "", str(error).partition("does not fit source")[2])
        if not names:
            raise
        quoted = ", ".join(f'"{name}"' for name in names)
        raise RegisterError(
            f"{error}. The server reads a name without double quotes in lower case: write {quoted}"
        ) from None


def _bound(dialect: Dialect, kind: ColumnKind, dataset: Dataset, keys: Keys) -> TextClause:
    """The register's query with its one parameter, `:identifier_kind`, bound to subject keys."""
    clause = text(query_text(dataset.place.query or ""))
    name = dataset.subject_keys[0].identifier
    if set(clause.compile().params) != {name}:
        raise RegisterError(
            f"datasets/{dataset.name}.toml: query: must select by the subject key with `IN :{name}` "
            "and have no other parameter"
        )
    # Not an empty list: it would be taken for numbers.
    bound = keys.changed(stored_forms).bound_as(
        name, lambda texts: dialect.bind_values(kind, texts) or [None]
    )
    return clause.bindparams(bound)
