"""What MariaDB's and MySQL's information_schema says: tables, views, columns, unique keys, and the account's grants.

Not SHOW CREATE TABLE, which reflection by SQLAlchemy uses: it is refused to an account that may read some columns
only, or a view, and that is just the account that one gives to this tool.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from dsar_export.model.source import ColumnFacts, ColumnKind, SourceDescription, Table

_OWN: Final = "('information_schema', 'mysql', 'performance_schema', 'sys')"
_TABLES: Final = f"""
SELECT CASE WHEN table_schema = DATABASE() THEN '' ELSE CONCAT(table_schema, '.') END, table_name,
       table_type LIKE '%%VIEW', table_schema
FROM information_schema.tables
WHERE table_schema NOT IN {_OWN} AND table_type <> 'SEQUENCE' ORDER BY 1, 2
"""  # noqa: S608 # a constant
_COLUMNS: Final = f"""
SELECT table_schema, table_name, column_name, data_type, column_default FROM information_schema.columns
WHERE table_schema NOT IN {_OWN} ORDER BY table_schema, table_name, ordinal_position
"""  # noqa: S608 # a constant
_UNIQUE: Final = f"""
SELECT table_schema, table_name, index_name, column_name FROM information_schema.statistics
WHERE non_unique = 0 AND table_schema NOT IN {_OWN}
"""  # noqa: S608 # a constant
_FOREIGN: Final = f"""
SELECT table_schema, table_name, constraint_name, column_name,
       CASE WHEN referenced_table_schema = DATABASE() THEN '' ELSE CONCAT(referenced_table_schema, '.') END,
       referenced_table_name, referenced_column_name
FROM information_schema.key_column_usage
WHERE referenced_table_name IS NOT NULL AND table_schema NOT IN {_OWN}
ORDER BY table_schema, table_name, constraint_name
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
    **dict.fromkeys(("float", "double"), ColumnKind.FLOAT),
    "decimal": ColumnKind.DECIMAL,
    "uuid": ColumnKind.UUID,
    "timestamp": ColumnKind.INSTANT,
    "datetime": ColumnKind.LOCAL_TIME,
}

_READING: Final = frozenset({"SELECT", "USAGE", "SHOW VIEW", "SHOW DATABASES"})
_GRANT: Final = re.compile(
    r"GRANT (.+?) ON (?:(?:TABLE|FUNCTION|PROCEDURE|PACKAGE BODY|PACKAGE) )?(\S+) TO .*?(WITH GRANT OPTION)?$"
)
_ROLES: Final = re.compile(r"GRANT (`.+?`) TO ")
_COLUMN_LIST: Final = re.compile(r"\([^)]*\)")


_REWRITTEN: Final = 1003
_LITERAL: Final = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.DOTALL)
_TWO_PARTS: Final = re.compile(r"(?<![.`])`((?:[^`]|``)+)`\.`((?:[^`]|``)+)`(?![.`])")


def read_catalogue(connection: Connection) -> SourceDescription:
    """Every table and view that the account may see; those of the URL's own database by bare name."""
    columns: dict[tuple[str, str], dict[str, ColumnFacts]] = defaultdict(dict)
    for schema, table, name, data_type, default in connection.exec_driver_sql(_COLUMNS):
        columns[schema, table][name] = ColumnFacts(_kind(data_type), default)
    unique = _unique_keys(connection)
    foreign = _foreign_keys(connection)
    tables = tuple(
        Table(
            f"{before}{name}",
            tuple(columns[schema, name]),
            tuple(sorted(unique[schema, name], key=sorted)),
            is_view=bool(is_view),
            foreign_keys=tuple(foreign[schema, name]),
            facts=columns[schema, name],
        )
        for before, name, is_view, schema in connection.exec_driver_sql(_TABLES).all()
    )
    return SourceDescription(tables, tuple(sorted(set(_beyond_reading(connection)))))


def read_views(connection: Connection) -> frozenset[str]:
    """The names of all views, those of the URL's own database with and without it."""
    views = [row for row in connection.exec_driver_sql(_TABLES) if row[2]]
    return frozenset(
        name for before, bare, _, schema in views for name in (f"{before}{bare}", f"{schema}.{bare}")
    )


def tables_in_note(connection: Connection) -> tuple[str, ...]:
    """The tables of the statement that was just explained, which the server notes with every name in full.

    There a column has three parts, and a table two.
    """
    notes = [str(text) for _, code, text in connection.exec_driver_sql("SHOW WARNINGS") if code == _REWRITTEN]
    (own,) = connection.exec_driver_sql("SELECT DATABASE()").one()
    found = [match for note in notes for match in _TWO_PARTS.finditer(_LITERAL.sub("", note))]
    names = [tuple(part.replace("``", "`") for part in match.groups()) for match in found]
    return tuple(sorted(table if schema == own else f"{schema}.{table}" for schema, table in names))


def read_kinds(connection: Connection, schema: str | None, table: str) -> dict[str, ColumnKind]:
    """What the columns of a table hold; nothing for a table that is not there."""
    found = connection.exec_driver_sql(_KINDS, {"schema": schema, "name": table})
    return {str(name): _kind(data_type) for name, data_type in found}


def _kind(data_type: object) -> ColumnKind:
    return _KIND.get(str(data_type).lower(), ColumnKind.OTHER)


def _unique_keys(connection: Connection) -> dict[tuple[str, str], set[frozenset[str]]]:
    indexes: dict[tuple[str, str, str], list[str | None]] = defaultdict(list)
    for schema, table, index, column in connection.exec_driver_sql(_UNIQUE):
        indexes[schema, table, index].append(column)
    unique: dict[tuple[str, str], set[frozenset[str]]] = defaultdict(set)
    for (schema, table, _), names in indexes.items():
        if None not in names:  # an index on an expression promises nothing of the columns
            unique[schema, table].add(frozenset(map(str, names)))
    return unique


def _foreign_keys(connection: Connection) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    constraints: dict[tuple[str, str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for schema, table, constraint, column, before, other, key in connection.exec_driver_sql(_FOREIGN):
        constraints[schema, table, constraint].append((column, f"{before}{other}", key))
    foreign: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for (schema, table, _), parts in constraints.items():
        if len(parts) == 1:
            foreign[schema, table] += parts
    return foreign


def _beyond_reading(connection: Connection) -> Iterator[str]:
    """What is granted beyond reading: privileges for the whole server, else what they are for."""
    for line in _grants(connection):
        granted = _GRANT.match(line)
        if granted is None:
            continue
        privileges = {p.strip() for p in _COLUMN_LIST.sub("", granted[1]).split(",")}
        beyond = privileges - _READING | ({"GRANT OPTION"} if granted[3] else set())
        where = granted[2].replace("`", "").replace("\\", "")
        if where == "*.*":
            yield from beyond
        elif beyond:
            yield where


def _grants(connection: Connection) -> list[str]:
    """The account's grants and those of its roles, which it may take on at any time."""
    lines = [str(line) for (line,) in connection.exec_driver_sql("SHOW GRANTS")]
    # The driver takes a percent sign for a parameter's.
    roles = [found[1].replace("%", "%%") for line in lines if (found := _ROLES.match(line))]
    if connection.dialect.is_mariadb:  # type: ignore[attr-defined] # of the MySQL dialect
        for role in roles:
            connection.exec_driver_sql(f"SET ROLE {role}")
            lines += [str(line) for (line,) in connection.exec_driver_sql("SHOW GRANTS")]
    elif roles:
        asked = f"SHOW GRANTS FOR CURRENT_USER() USING {', '.join(roles)}"
        lines += [str(line) for (line,) in connection.exec_driver_sql(asked)]
    return lines
