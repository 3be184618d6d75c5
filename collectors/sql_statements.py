"""The statements, built from the register's names; values are bound, never formatted in."""

from collections.abc import Sequence

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
    """The query's rows, each joined again to its own table, so that no join or constant can claim it."""
    dataset = selection.dataset
    key = dataset.key or ""
    names = dict.fromkeys([key, *dataset.columns, *dataset.order_by])
    rows = _bound(selection, query, keys).columns(*(column(n) for n in names)).subquery("rows_found")
    own = _named(dataset.table, [key, dataset.subject_key.column]).alias("own")
    # An outer join: a row that its own table does not know must fail the ownership assertion, not vanish.
    return (
        select(own.c[dataset.subject_key.column].label("subject_key"), *_labelled(rows, dataset))
        .select_from(rows.outerjoin(own, own.c[key] == rows.c[key]))
        .order_by(*(rows.c[name] for name in dataset.order_by))
    )


def _bound(selection: Selection, query: str, keys: Sequence[str]) -> TextClause:
    """The register's query with every `:identifier_kind` bound to the subject's identifiers of that kind."""
    dataset = selection.dataset
    clause = _clause(query)
    kind = dataset.subject_key.identifier
    named = set(clause.compile().params)
    if kind not in named:
        raise RegisterError(
            f"datasets/{dataset.name}.toml: query: must select by its subject key, with `IN :{kind}`"
        )
    # A kind that the person has no identifier of is bound to no value: `IN ()` finds nothing.
    bound = {name: selection.values(name) for name in named} | {kind: list(keys)}
    return clause.bindparams(*(bindparam(name, found, expanding=True) for name, found in bound.items()))


def binds_one_kind(dataset: Dataset) -> bool:
    """Whether a dataset is selected by its subject key alone."""
    return dataset.query is None or len(_clause(dataset.query).compile().params) <= 1


def _clause(query: str) -> TextClause:
    return text(query.strip().rstrip(";"))


def _labelled(rows: FromClause, dataset: Dataset) -> list[ColumnElement[object]]:
    return [rows.c[name].label(f"c{index}") for index, name in enumerate(dataset.columns)]


def _named(name: str, columns: Sequence[str]) -> TableClause:
    return table(name, *(column(c) for c in dict.fromkeys(columns)))


def _matches(stored: ColumnElement[object], match: Match, folded: Sequence[str]) -> ColumnElement[bool]:
    """The comparison that Match.fold makes, as SQL."""
    if match is Match.CASEFOLD:
        raw = func.dsar_casefold(cast(stored, LargeBinary))
        return raw.in_([value.encode("utf-8", "surrogateescape") for value in folded])
    return stored.in_(list(folded))
