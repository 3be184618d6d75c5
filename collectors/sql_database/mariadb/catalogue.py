"""Reads MariaDB's and MySQL's information_schema: tables, views, columns, unique keys, and the account's grants.

Not by SQLAlchemy's reflection, which uses SHOW CREATE TABLE. The server refuses that to an account that may read only
some columns or a view, which is just the kind of account to give to this tool.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from collectors.sql_database.listed_values import literals, with_listed_values
from collectors.sql_database.mariadb.grants import read_grants
from collectors.sql_database.mariadb.indexes import read_indexes, read_row_counts
from dsar_export.model.source import ColumnFacts, ColumnKind, ForeignKey, SourceDescription, Table
from dsar_export.model.table_name import table_name

_OWN: Final = "('information_schema', 'mysql', 'performance_schema', 'sys')"
_TABLES: Final = f"""
SELECT table_schema, table_name, table_type, COALESCE(engine, ''), table_comment FROM information_schema.tables
WHERE table_schema NOT IN {_OWN} AND table_type <> 'SEQUENCE'
ORDER BY table_schema <> DATABASE(), table_schema, table_name
"""  # noqa: S608 # a constant
_COLUMNS: Final = f"""
SELECT table_schema, table_name, column_name, COALESCE(generation_expression, ''),
       data_type, column_default, is_nullable = 'YES', CASE data_type WHEN 'enum' THEN column_type END, column_comment
FROM information_schema.columns
WHERE table_schema NOT IN {_OWN} ORDER BY table_schema, table_name, ordinal_position
"""  # noqa: S608 # a constant
_UNIQUE: Final = f"""
SELECT table_schema, table_name, index_name, column_name FROM information_schema.statistics
WHERE non_unique = 0 AND table_schema NOT IN {_OWN} ORDER BY table_schema, table_name, index_name, seq_in_index
"""  # noqa: S608 # a constant
_FOREIGN: Final = f"""
SELECT table_schema, table_name, constraint_name, column_name,
       referenced_table_schema, referenced_table_name, referenced_column_name
FROM information_schema.key_column_usage
WHERE referenced_table_name IS NOT NULL AND table_schema NOT IN {_OWN}
ORDER BY table_schema, table_name, constraint_name, ordinal_position
"""  # noqa: S608 # a constant
_MARIADB_CHECKS: Final = f"""
SELECT constraint_schema, table_name, check_clause FROM information_schema.check_constraints
WHERE constraint_schema NOT IN {_OWN}
"""  # noqa: S608 # a constant
_MYSQL_CHECKS: Final = f"""
SELECT c.constraint_schema, t.table_name, c.check_clause FROM information_schema.check_constraints c
JOIN information_schema.table_constraints t
  ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
WHERE c.constraint_schema NOT IN {_OWN}
"""  # noqa: S608 # a constant
_KINDS: Final = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = COALESCE(%(schema)s, DATABASE()) AND table_name = %(name)s
"""
_KIND: Final = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "bigint", "bit", "year"), ColumnKind.INTEGER),
    **dict.fromkeys(("char", "varchar", "enum", "set"), ColumnKind.TEXT),
    **dict.fromkeys(("tinytext", "text", "mediumtext", "longtext"), ColumnKind.TEXT),
    **dict.fromkeys(("binary", "varbinary"), ColumnKind.BYTES),
    **dict.fromkeys(("tinyblob", "blob", "mediumblob", "longblob"), ColumnKind.BYTES),
    "float": ColumnKind.SINGLE,
    "double": ColumnKind.FLOAT,
    "decimal": ColumnKind.DECIMAL,
    "uuid": ColumnKind.UUID,
    "timestamp": ColumnKind.INSTANT,
    "datetime": ColumnKind.LOCAL_TIME,
    "date": ColumnKind.DATE,
    "time": ColumnKind.TIME,
    "json": ColumnKind.JSON,
}

_TableId = tuple[str, str]
"""A table: its schema and its name."""
_REMOTE_ENGINES: Final = frozenset({"FEDERATED", "CONNECT", "SPIDER"})
_HIDDEN: Final = (
    "the account has no SELECT on the whole database {0!r}, so the server hides what it may not read: tables and "
    "columns may be missing from the register; GRANT SELECT ON `{0}`.* to it, or SET DEFAULT ROLE for it"
)


_REWRITTEN_STATEMENT: Final = 1003
_JSON_VALID: Final = re.compile(r"json_valid\(`((?:[^`]|``)+)`\)", re.IGNORECASE)
_LITERAL: Final = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.DOTALL)
_TWO_PARTS: Final = re.compile(r"(?<![.`])`((?:[^`]|``)+)`\.`((?:[^`]|``)+)`(?![.`])")


def read_catalogue(connection: Connection) -> SourceDescription:
    """Describes every table and view that the account may see; names in the URL's own database have no schema."""
    columns: dict[_TableId, dict[str, ColumnFacts]] = defaultdict(dict)
    ends: set[tuple[str, str, str]] = set()
    for schema, table, name, generated, *declared in connection.exec_driver_sql(_COLUMNS):
        columns[schema, table][name] = _facts(*declared)
        if generated == "ROW END":
            ends.add((schema, table, name))
    is_mariadb = connection.dialect.is_mariadb  # type: ignore[attr-defined] # of the MySQL dialect
    for schema, table, clause in connection.exec_driver_sql(_MARIADB_CHECKS if is_mariadb else _MYSQL_CHECKS):
        facts = columns[schema, table]
        facts.update(with_listed_values(facts, str(clause).replace("\\'", "''")))
        facts.update(_with_json(facts, str(clause)))
    own = str(connection.exec_driver_sql("SELECT DATABASE()").scalar_one())
    keys = _unique_keys(connection, ends)
    foreign = _foreign_keys(connection, own)
    indexes, rows = read_indexes(connection), read_row_counts(connection)
    listed = connection.exec_driver_sql(_TABLES).all()
    tables = [
        Table(
            _name(own, schema, name),
            tuple(columns[schema, name]),
            tuple(sorted({frozenset(key) for key in keys[schema, name].values()}, key=sorted)),
            is_view=str(kind).endswith("VIEW"),
            foreign_keys=foreign[schema, name],
            facts=columns[schema, name],
            is_foreign=str(engine).upper() in _REMOTE_ENGINES,
            keeps_versions=kind == "SYSTEM VERSIONED",
            indexes=indexes.get((schema, name), ()),
            rows=rows.get((schema, name)),
            primary_key=keys[schema, name].get("PRIMARY", ()),
            # Of a view, the server writes here what is wrong with it.
            comment=None if str(kind).endswith("VIEW") else comment or None,
        )
        for schema, name, kind, engine, comment in listed
    ]
    grants, shown = read_grants(connection), {own, *(schema for schema, _ in columns)}
    # Without SELECT on a whole table, the server shows none of its indexes.
    sure = [bool(t.indexes) or grants.sees_all_of(row[0]) for t, row in zip(tables, listed, strict=True)]
    return SourceDescription(
        tuple(t if known else replace(t, indexes=None) for t, known in zip(tables, sure, strict=True)),
        tuple(sorted(set(grants.beyond_reading()))),
        unseen=tuple(_HIDDEN.format(name) for name in sorted(shown) if not grants.sees_all_of(name)),
        schema=own,
    )


def tables_in_note(connection: Connection) -> tuple[str, ...]:
    """The tables of the statement just explained, from the server's note with all names in full.

    In the note, a column name has three parts and a table name two.
    """
    notes = [
        str(text)
        for _, code, text in connection.exec_driver_sql("SHOW WARNINGS")
        if code == _REWRITTEN_STATEMENT
    ]
    (own,) = connection.exec_driver_sql("SELECT DATABASE()").one()
    found = [match for note in notes for match in _TWO_PARTS.finditer(_LITERAL.sub("", note))]
    names = [tuple(part.replace("``", "`") for part in match.groups()) for match in found]
    return tuple(sorted(table if schema == own else f"{schema}.{table}" for schema, table in names))


def read_kinds(connection: Connection, schema: str | None, table: str) -> dict[str, ColumnKind]:
    """The kind of each column of a table; empty if there is no such table."""
    found = connection.exec_driver_sql(_KINDS, {"schema": schema, "name": table})
    return {str(name): _kind(data_type) for name, data_type in found}


def _kind(data_type: object) -> ColumnKind:
    return _KIND.get(str(data_type).lower(), ColumnKind.OTHER)


def _with_json(facts: Mapping[str, ColumnFacts], clause: str) -> Mapping[str, ColumnFacts]:
    """The facts of a column that holds JSON: MariaDB knows the type only as the constraint that it adds."""
    found = _JSON_VALID.fullmatch(clause)
    column = "" if found is None else str(found[1]).replace("``", "`")
    return {column: replace(facts[column], kind=ColumnKind.JSON)} if column in facts else {}


def _facts(
    data_type: object, default: str | None, nullable: object, labels: object, comment: str | None
) -> ColumnFacts:
    values = None if labels is None else literals(str(labels))
    return ColumnFacts(_kind(data_type), default, bool(nullable), values, comment or None)


def _unique_keys(
    connection: Connection, ends: set[tuple[str, str, str]]
) -> dict[_TableId, dict[str, tuple[str, ...]]]:
    """The unique keys of today's rows by the names of their indexes.

    Without the column for a version's end, which the server adds to every key.
    """
    indexes: dict[tuple[str, str, str], list[str | None]] = defaultdict(list)
    for schema, table, index, column in connection.exec_driver_sql(_UNIQUE):
        if (schema, table, column) not in ends:
            indexes[schema, table, index].append(column)
    unique: dict[_TableId, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for (schema, table, index), names in indexes.items():
        if None not in names:  # an index on an expression guarantees nothing about columns
            unique[schema, table][index] = tuple(map(str, names))
    return unique


def _foreign_keys(connection: Connection, own: str) -> dict[_TableId, tuple[ForeignKey, ...]]:
    parts: dict[tuple[str, str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for schema, table, constraint, column, *other, key in connection.exec_driver_sql(_FOREIGN):
        parts[schema, table, constraint, _name(own, *other)].append((column, key))
    foreign: dict[_TableId, tuple[ForeignKey, ...]] = defaultdict(tuple)
    for (schema, table, _, referred), pairs in parts.items():
        columns, keys = zip(*pairs, strict=True)
        foreign[schema, table] += (ForeignKey(columns, referred, keys),)
    return foreign


def _name(own: str, schema: str, name: str) -> str:
    return table_name(name) if schema == own else table_name(schema, name)
