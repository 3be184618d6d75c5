"""Catalogues of real SQLite databases, made from statements, and what is drafted from them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import create_engine

from collectors.sql_database.sqlite.catalogue import read_catalogue
from dsar_export.model.source import SourceDescription
from dsar_export.register_draft.draft import Wishes, draft_register
from dsar_export.register_draft.graph import Graph, read_graph
from dsar_export.register_draft.person import Person, find_person, tables_of
from dsar_export.register_draft.shape import DraftedDataset, DraftedRegister, Line
from dsar_export.register_draft.ways import Way, Ways, find_ways
from dsar_export.register_draft.write import Frame, register_files

FRAME: Final = Frame("Teapots & Sons Ltd", "shop", "sqlite:///shop.db", date(2026, 11, 30))
CUSTOMERS: Final = "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, last_name TEXT)"
ORDERS: Final = (
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, "
    "customer_id INTEGER REFERENCES customers (id), total DECIMAL(9,2))"
)
ITEMS: Final = (
    "CREATE TABLE items (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id), sku TEXT)"
)
STAFF: Final = "CREATE TABLE employees (id INTEGER PRIMARY KEY, last_name TEXT, email TEXT)"


def described(*statements: str) -> SourceDescription:
    """What the collector sees of a SQLite database with these tables."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        found = read_catalogue(connection)
    engine.dispose()
    return found


def graph_of(*statements: str) -> Graph:
    return read_graph(described(*statements))


def person_of(*statements: str) -> Person:
    return find_person(graph_of(*statements), None)[0]


def ways_of(*statements: str, person: str | None = None) -> Ways:
    graph = graph_of(*statements)
    found, others = find_person(graph, person)
    return find_ways(graph, found, tables_of(others))


def drafted(*statements: str, person: str | None = None, zone: str | None = None) -> DraftedRegister:
    return draft_register(described(*statements), "shop", Wishes(person, zone))


def columns(ways: Sequence[Way]) -> list[tuple[str, ...]]:
    """For each way the columns of its steps, and the one with the identifier."""
    return [(*("+".join(step.columns) for step in way.steps), way.column) for way in ways]


@dataclass(frozen=True)
class Files:
    """A drafted register as it is read again from its TOML files."""

    register: Mapping[str, object]
    datasets: Mapping[str, Mapping[str, object]]
    texts: Mapping[str, str]

    @property
    def left_out(self) -> Mapping[str, Mapping[str, str]]:
        """The tables that are left out, each with its reason."""
        return part(part(part(self.register, "sources"), "shop"), "left_out")  # type: ignore[return-value] # of TOML


def part(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    """A table within a table of TOML, empty if there is none."""
    found = table.get(key, {})
    assert isinstance(found, Mapping)
    return found


def written(draft: DraftedRegister) -> Files:
    """The draft's files, read as TOML."""
    texts = register_files(draft, FRAME)
    read = {path: tomllib.loads(text) for path, text in texts.items()}
    datasets = {str(file["name"]): file for path, file in read.items() if path != "register.toml"}
    return Files(read["register.toml"], datasets, texts)


def dataset(draft: DraftedRegister, table: str) -> DraftedDataset:
    return next(d for d in draft.datasets if d.table == table)


def head(found: DraftedDataset) -> Mapping[str, object]:
    return {line.key: line.value for line in found.head}


def fields(found: DraftedDataset) -> Mapping[str, Mapping[str, object]]:
    return _mappings(found.fields)


def left_out(found: DraftedDataset) -> Mapping[str, Mapping[str, object]]:
    return _mappings(found.left_out)


def reasons(draft: DraftedRegister) -> Mapping[str, object]:
    """Why each table is left out."""
    return {name: value["reason"] for name, value in _mappings(draft.left_out).items()}


def remarks(draft: DraftedRegister) -> Mapping[str, str | None]:
    return {line.key: line.remark for line in draft.left_out}


def links(draft: DraftedRegister) -> list[tuple[str, ...]]:
    """Each link as given, leads to, table, and its two columns."""
    keys = ("given", "leads_to", "table", "given_column", "leads_to_column")
    return [tuple(str(_value(link, key)) for key in keys) for link in draft.links]


def _value(lines: Sequence[Line], key: str) -> object:
    return next(line.value for line in lines if line.key == key)


def _mappings(lines: Sequence[Line]) -> Mapping[str, Mapping[str, object]]:
    found: dict[str, Mapping[str, object]] = {}
    for line in lines:
        assert isinstance(line.value, Mapping)
        found[line.key] = line.value
    return found
