"""The statement of a dataset with a query of the register's own."""

from collections.abc import Sequence

from sqlalchemy import TextClause, and_, bindparam, column, or_, select, text
from sqlalchemy.types import NullType

from collectors.sql_database.comparing import spelled, tenant_within
from collectors.sql_database.dialect import Dialect
from collectors.sql_database.statements import Statement, Statements, conditions
from dsar_export.errors import RegisterError
from dsar_export.model.dataset import Dataset
from dsar_export.model.source import ColumnKind, Selection


def query_statement(statements: Statements, selection: Selection, keys: Sequence[str]) -> Statement:
    """The query's rows, each joined again to its own table, so that no join or constant can claim it.

    The last columns are its place in the order and the key, which must not come twice. The query returns the
    columns of the order too, as by those of the own table the rows would have to be sorted. But they must be equal
    to those of the own table: ordered by a joined table's, the rows that a join multiplies would not come together,
    and only all keys in memory could tell.
    """
    dataset = selection.dataset
    key, subject = dataset.place.key or "", dataset.subject_keys[0]
    tenant = () if subject.tenant_column is None else (subject.tenant_column,)
    order = tuple(dict.fromkeys([subject.column, *dataset.place.order_by]))
    own = statements.holder(dataset.place.table, [key, *order, *tenant, *subject.where]).aliased("own")
    names = dict.fromkeys([key, *order, *dataset.columns, *(owner.column for owner in dataset.place.joined)])
    query = _bound(statements.dialect, own.kind(subject.column), dataset, keys)
    rows = query.columns(*(column(n) for n in names)).subquery("rows_found")
    mine = tenant_within(statements.dialect, own.cell, own.kind, subject.tenant_column, selection)
    held = conditions(statements.dialect, [(own, name, constant) for name, constant in subject.where.items()])
    cells = [
        *statements.owner_cells([own], subject),
        *(rows.c[owner.column] for owner in dataset.place.joined),
        *(statements.cell(dataset, name, rows.c[name]) for name in dataset.columns),
    ]
    cells += [*(rows.c[name] for name in order), rows.c[key]]
    by = [statements.dialect.ordered(rows.c[name], own.kind(name)) for name in order]
    same = [
        statements.dialect.ordered(own.cell(name), own.kind(name)).is_not_distinct_from(told)
        for name, told in zip(order, by, strict=True)
    ]
    # An outer join: a row that its own table does not know must fail the ownership assertion, not vanish.
    return (
        select(*(c.label(f"c{n}") for n, c in enumerate(cells)))
        .select_from(rows.outerjoin(own.rows, and_(own.cell(key) == rows.c[key], *same)))
        .where(or_(and_(mine, *held), own.cell(key).is_(None)))
        .order_by(*by)
    )


def query_alone(statements: Statements, dataset: Dataset, keys: Sequence[str]) -> TextClause:
    """The register's query as it stands, without our join to its own table."""
    subject = dataset.subject_keys[0]
    own = statements.holder(dataset.place.table, [subject.column])
    return _bound(statements.dialect, own.kind(subject.column), dataset, keys)


def _bound(dialect: Dialect, kind: ColumnKind, dataset: Dataset, keys: Sequence[str]) -> TextClause:
    """The register's query with its one parameter, `:identifier_kind`, bound to subject keys."""
    clause = text((dataset.place.query or "").strip().rstrip(";"))
    name = dataset.subject_keys[0].identifier
    if set(clause.compile().params) != {name}:
        raise RegisterError(
            f"datasets/{dataset.name}.toml: query: must select by its subject key, with `IN :{name}`, "
            "and has no other parameter"
        )
    bound = list(dialect.bound(kind, spelled(keys))) or [None]  # an empty list would be one of numbers
    # Without a type of their own, so that what the query compares them with decides: text, numbers or bytes.
    return clause.bindparams(bindparam(name, bound, type_=NullType(), expanding=True))
