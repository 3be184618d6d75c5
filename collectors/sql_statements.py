"""The statements, built from the register's names; values are bound, never formatted in."""

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    LargeBinary,
    Select,
    TableClause,
    TextClause,
    bindparam,
    cast,
    column,
    func,
    select,
    table,
    text,
)

from dsar_export.errors import RegisterError
from dsar_export.model.register import Dataset, Link, Match
from dsar_export.model.source import Selection

_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")

Statement = Select[*tuple[object, ...]]


def link_statement(link: Link, folded: Sequence[str]) -> Statement:
    """Pairs of given and reached identifier."""
    holder = _named(link.table, [link.given_column, link.leads_to_column])
    given, reached = holder.c[link.given_column], holder.c[link.leads_to_column]
    return select(given, reached).where(_matches(given, link.match, folded)).distinct()


def selection_statement(selection: Selection, keys: Sequence[str]) -> Statement:
    """The subject key, read from the row's own table, then the dataset's columns, in its order.

    `keys` are some of the selection's subject keys, folded.
    """
    dataset = selection.dataset
    if dataset.query is not None:
        return _query_statement(selection, dataset.query, keys)
    own = _named(dataset.table, [dataset.subject_key.column, *dataset.columns, *dataset.order_by])
    key = own.c[dataset.subject_key.column]
    return (
        select(key.label("subject_key"), *_labelled(own, dataset))
        .where(_matches(key, dataset.subject_key.match, keys))
        .order_by(*(own.c[name] for name in dataset.order_by))
    )


def _query_statement(selection: Selection, query: str, keys: Sequence[str]) -> Statement:
    """The query's rows, each joined again to its own table, so that no join or constant can claim it.

    The last column is the key, which must not come twice.
    """
    dataset = selection.dataset
    key = dataset.key or ""
    names = dict.fromkeys([key, *dataset.columns, *dataset.order_by])
    rows = _bound(selection, query, keys).columns(*(column(n) for n in names)).subquery("rows_found")
    own = _named(dataset.table, [key, dataset.subject_key.column]).alias("own")
    # An outer join: a row that its own table does not know must fail the ownership assertion, not vanish.
    return (
        select(
            own.c[dataset.subject_key.column].label("subject_key"),
            *_labelled(rows, dataset),
            rows.c[key].label("row_key"),
        )
        .select_from(rows.outerjoin(own, own.c[key] == rows.c[key]))
        .order_by(*(rows.c[name] for name in dataset.order_by))
    )


def _bound(selection: Selection, query: str, keys: Sequence[str]) -> TextClause:
    """The register's query with its one parameter, `:identifier_kind`, bound to subject keys."""
    dataset = selection.dataset
    clause = text(query.strip().rstrip(";"))
    kind = dataset.subject_key.identifier
    if set(clause.compile().params) != {kind}:
        raise RegisterError(
            f"datasets/{dataset.name}.toml: query: must select by its subject key, with `IN :{kind}`, "
            "and has no other parameter"
        )
    return clause.bindparams(bindparam(kind, _as_bound(keys), expanding=True))


def _as_bound(keys: Sequence[str]) -> list[str | int]:
    """A column without a type compares 1 and '1' as different, so whole numbers are bound as both."""
    numbers = [int(key) for key in keys if _WHOLE.fullmatch(key)]
    return [*keys, *numbers]


def _labelled(rows: FromClause, dataset: Dataset) -> list[ColumnElement[object]]:
    return [rows.c[name].label(f"c{index}") for index, name in enumerate(dataset.columns)]


def _named(name: str, columns: Sequence[str]) -> TableClause:
    return table(name, *(column(c) for c in dict.fromkeys(columns)))


def _matches(stored: ColumnElement[object], match: Match, folded: Sequence[str]) -> ColumnElement[bool]:
    """The comparison that Match.fold makes, as SQL."""
    if match is Match.CASEFOLD:
        raw = func.dsar_casefold(cast(stored, LargeBinary))
        return raw.in_([value.encode("utf-8", "surrogateescape") for value in folded])
    return stored.in_(_as_bound(folded))
