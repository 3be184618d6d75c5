"""The statement of a dataset with a query of the register's own."""

from collections.abc import Sequence

from sqlalchemy import TextClause, bindparam, column, or_, select, text

from collectors.sql_database.comparing import tenant_of
from collectors.sql_database.dialect import ColumnKind, Dialect
from collectors.sql_database.statements import Statement, Statements, owner_cells
from dsar_export.errors import RegisterError
from dsar_export.model.dataset import Dataset
from dsar_export.model.source import Selection


def query_statement(statements: Statements, selection: Selection, keys: Sequence[str]) -> Statement:
    """The query's rows, each joined again to its own table, so that no join or constant can claim it.

    The last column is the key, which must not come twice. The query returns the subject key's column too, for
    the order: that of the own table would have to be sorted.
    """
    dataset = selection.dataset
    key, subject = dataset.key or "", dataset.subject_keys[0]
    tenant = () if subject.tenant_column is None else (subject.tenant_column,)
    own = statements.holder(dataset.table, [key, subject.column, *tenant]).aliased("own")
    names = dict.fromkeys([key, subject.column, *dataset.columns, *dataset.order_by])
    query = _bound(statements.dialect, own.kind(subject.column), dataset, keys)
    rows = query.columns(*(column(n) for n in names)).subquery("rows_found")
    mine = tenant_of(statements.dialect, own.cell, own.kind, subject.tenant_column, selection.tenants)
    cells = [*owner_cells(own, subject), *(rows.c[name] for name in dataset.columns)]
    order = dict.fromkeys([subject.column, *dataset.order_by])
    # An outer join: a row that its own table does not know must fail the ownership assertion, not vanish.
    return (
        select(*(c.label(f"c{n}") for n, c in enumerate(cells)), rows.c[key].label("row_key"))
        .select_from(rows.outerjoin(own.rows, own.cell(key) == rows.c[key]))
        .where(or_(mine, own.cell(key).is_(None)))
        .order_by(*(statements.dialect.ordered(rows.c[name], own.kind(name)) for name in order))
    )


def _bound(dialect: Dialect, kind: ColumnKind, dataset: Dataset, keys: Sequence[str]) -> TextClause:
    """The register's query with its one parameter, `:identifier_kind`, bound to subject keys."""
    clause = text((dataset.query or "").strip().rstrip(";"))
    name = dataset.subject_keys[0].identifier
    if set(clause.compile().params) != {name}:
        raise RegisterError(
            f"datasets/{dataset.name}.toml: query: must select by its subject key, with `IN :{name}`, "
            "and has no other parameter"
        )
    return clause.bindparams(bindparam(name, list(dialect.bound(kind, keys)), expanding=True))
