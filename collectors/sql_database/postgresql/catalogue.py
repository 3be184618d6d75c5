"""Reads PostgreSQL's catalogue: tables, views, columns, unique keys, and the role's privileges."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from collectors.sql_database.listed_values import with_listed_values
from collectors.sql_database.postgresql.collations import outdated_collations
from collectors.sql_database.postgresql.indexes import read_indexes, read_row_counts
from collectors.sql_database.relations import Relation
from dsar_export.model.source import ColumnFacts, ColumnKind, ForeignKey, SourceDescription, Table
from dsar_export.model.table_name import table_name

# Partitions repeat the rows of their parent.
_RELATIONS: Final = """
SELECT c.oid::int8, nullif(n.nspname, current_schema())::text, c.relname::text, c.relkind IN ('v', 'm'),
       c.relkind = 'f' OR c.relkind = 'p' AND EXISTS (
         SELECT FROM pg_partition_tree(c.oid) p JOIN pg_catalog.pg_class f ON f.oid = p.relid WHERE f.relkind = 'f'),
       x.description
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description x
  ON x.objoid = c.oid AND x.classoid = 'pg_catalog.pg_class'::regclass AND x.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 2 NULLS FIRST, 3
"""
# Not for a partitioned table: with ONLY it has no rows, because all of them are in its partitions.
_RELATION: Final = """
SELECT c.relkind IN ('v', 'm'), c.relhassubclass AND c.relkind IN ('r', 'f')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = %(name)s AND n.nspname = coalesce(%(schema)s, current_schema())
"""
_LARGE_OBJECTS: Final = "SELECT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata)"
# A domain has the output function of its base type.
_KIND: Final = """CASE
  WHEN t.typoutput::text IN ('int2out', 'int4out', 'int8out') THEN 'integer'
  WHEN t.typoutput::text = 'numeric_out' THEN 'decimal'
  WHEN t.typoutput::text IN ('float4out', 'float8out') THEN 'float'
  WHEN t.typoutput::text = 'cash_out' THEN 'money'
  WHEN t.typoutput::text = 'boolout' THEN 'boolean'
  WHEN t.typoutput::text = 'uuid_out' THEN 'uuid'
  WHEN t.typoutput::text = 'byteaout' THEN 'bytes'
  WHEN t.typoutput::text = 'timestamptz_out' THEN 'instant'
  WHEN t.typoutput::text = 'timestamp_out' THEN 'local time'
  WHEN t.typoutput::text = 'oidout' THEN 'large object'
  WHEN t.typoutput::text = 'date_out' THEN 'date'
  WHEN t.typoutput::text IN ('time_out', 'timetz_out') THEN 'time of day'
  WHEN 'json' IN (t.typname, (SELECT e.typname FROM pg_catalog.pg_type e WHERE e.oid = t.typelem)) THEN 'JSON'
  WHEN 'jsonb' IN (t.typname, (SELECT e.typname FROM pg_catalog.pg_type e WHERE e.oid = t.typelem)) THEN 'JSON'
  WHEN t.typoutput::text = 'array_out' THEN 'array'
  WHEN t.typcategory = 'S' AND t.typname <> 'citext' AND c.collisdeterministic THEN 'text'
  ELSE 'other' END"""
# The expression of a generated column is not a default.
_COLUMNS: Final = f"""
SELECT a.attrelid::int8, a.attname::text, {_KIND},
       CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END, NOT (a.attnotnull OR t.typnotnull),
       CASE WHEN t.typtype = 'e' THEN
         ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
       END, x.description
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_class r ON r.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_description x
  ON x.objoid = a.attrelid AND x.classoid = 'pg_catalog.pg_class'::regclass AND x.objsubid = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p', 'f', 'v', 'm')
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY a.attrelid, a.attnum
"""  # noqa: S608 # a constant
# Not an index on an expression or WHERE …, and no INCLUDEd columns: they guarantee nothing about the columns alone.
_UNIQUE: Final = """
SELECT i.indrelid::int8, ARRAY(
  SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(att, pos)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.att
  WHERE k.pos <= i.indnkeyatts ORDER BY k.pos), i.indisprimary
FROM pg_catalog.pg_index i
WHERE i.indisunique AND i.indisvalid AND i.indisready AND i.indpred IS NULL AND i.indexprs IS NULL
"""
# A key of a partition, or to one, is its partitioned table's: each may declare its own. Those that it inherits, and
# those that the server derives for the partitions of the table referred to, lead to the same two tables.
_FOREIGN: Final = """
SELECT coalesce(pg_partition_root(k.conrelid), k.conrelid)::int8,
  ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY o(att, pos)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = o.att ORDER BY o.pos),
  coalesce(pg_partition_root(k.confrelid), k.confrelid)::int8,
  ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY o(att, pos)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = o.att ORDER BY o.pos)
FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' ORDER BY k.conrelid, k.conname, k.oid
"""
_CHECKS: Final = """
SELECT k.conrelid::int8, pg_get_constraintdef(k.oid) FROM pg_catalog.pg_constraint k
WHERE k.contype = 'c' AND cardinality(k.conkey) = 1 AND k.convalidated
"""
_KINDS: Final = f"""
SELECT a.attname::text, {_KIND}
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_class r ON r.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation
WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relname = %(name)s
  AND n.nspname = coalesce(%(schema)s, current_schema())
"""  # noqa: S608 # a constant
_ROOTS: Final = """
SELECT n.nspname::text, c.relname::text,
       CASE WHEN rn.nspname = current_schema() THEN '' ELSE rn.nspname || '.' END || r.relname
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class r ON r.oid = coalesce(pg_partition_root(c.oid), c.oid)
JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'm')
"""
_WRITABLE: Final = """
SELECT n.nspname::text, c.relname::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND has_schema_privilege(n.oid, 'USAGE')
  AND (pg_has_role(c.relowner, 'USAGE') OR has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
       OR has_any_column_privilege(c.oid, 'INSERT, UPDATE'))
ORDER BY 1, 2
"""
_ATTRIBUTES: Final = """
SELECT CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
  CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
  CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
  CASE WHEN has_database_privilege(current_database(), 'CREATE') THEN 'CREATE in the database' END
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
"""


def read_catalogue(connection: Connection) -> SourceDescription:
    """Describes all tables and views outside the server's own schemas; names in the current schema have no prefix."""
    columns: dict[int, dict[str, ColumnFacts]] = defaultdict(dict)
    for oid, name, kind, default, nullable, labels, comment in connection.exec_driver_sql(_COLUMNS):
        values = None if labels is None else tuple(labels)
        columns[oid][name] = ColumnFacts(ColumnKind(kind), default, bool(nullable), values, comment)
    for oid, clause in connection.exec_driver_sql(_CHECKS):
        columns[oid].update(with_listed_values(columns[oid], str(clause)))
    unique: dict[int, set[frozenset[str]]] = defaultdict(set)
    primary: dict[int, tuple[str, ...]] = {}
    for oid, names, is_primary in connection.exec_driver_sql(_UNIQUE):
        unique[oid].add(frozenset(names))
        if is_primary:
            primary[oid] = tuple(names)
    relations = connection.exec_driver_sql(_RELATIONS).all()
    names_by_oid = {oid: _name(schema, name) for oid, schema, name, *_ in relations}
    foreign = _foreign_keys(connection, names_by_oid)
    indexes, rows = read_indexes(connection), read_row_counts(connection)
    tables = tuple(
        Table(
            names_by_oid[oid],
            tuple(columns[oid]),
            tuple(sorted(unique[oid], key=sorted)),
            is_view=is_view,
            foreign_keys=tuple(foreign.get(oid, ())),
            facts=columns[oid],
            is_foreign=is_foreign,
            indexes=indexes.get(oid, ()),
            rows=rows.get(oid),
            primary_key=primary.get(oid, ()),
            comment=comment,
        )
        for oid, _, _, is_view, is_foreign, comment in relations
    )
    return SourceDescription(
        tables,
        tuple(_beyond_reading(connection)),
        unsound=tuple(outdated_collations(connection)),
        large_objects=bool(connection.exec_driver_sql(_LARGE_OBJECTS).scalar_one()),
        schema=connection.exec_driver_sql("SELECT current_schema()::text").scalar_one(),
    )


def _foreign_keys(connection: Connection, names: Mapping[int, str]) -> dict[int, dict[ForeignKey, None]]:
    """The foreign keys of each table in their order; those to a table of the server's own schemas lead to ""."""
    foreign: dict[int, dict[ForeignKey, None]] = defaultdict(dict)
    for oid, columns, other, referred in connection.exec_driver_sql(_FOREIGN):
        foreign[oid][ForeignKey(tuple(columns), names.get(other, ""), tuple(referred))] = None
    return foreign


def read_relation(connection: Connection, schema: str | None, name: str) -> Relation:
    """The properties of a table or view; the defaults if it does not exist."""
    found = connection.exec_driver_sql(_RELATION, {"name": name, "schema": schema}).one_or_none()
    return Relation() if found is None else Relation(is_view=bool(found[0]), has_children=bool(found[1]))


def read_roots(connection: Connection, tables: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The names of tables, each as often as it is read; reading all partitions of a table counts as reading it once."""
    roots = {(schema, name): str(root) for schema, name, root in connection.exec_driver_sql(_ROOTS)}
    times: dict[str, int] = defaultdict(int)
    for table, number in Counter(tables).items():
        root = roots.get(table, ".".join(table))
        times[root] = max(times[root], number)
    return tuple(sorted(Counter(times).elements()))


def read_kinds(connection: Connection, schema: str | None, table: str) -> dict[str, ColumnKind]:
    """The kind of each column of a table; empty if there is no such table."""
    found = connection.exec_driver_sql(_KINDS, {"name": table, "schema": schema})
    return {name: ColumnKind(kind) for name, kind in found}


def _beyond_reading(connection: Connection) -> Iterator[str]:
    for row in connection.exec_driver_sql(_ATTRIBUTES):
        yield from (str(privilege) for privilege in row if privilege is not None)
    yield from (_name(*row) for row in connection.exec_driver_sql(_WRITABLE))


def _name(schema: str | None, name: str) -> str:
    return table_name(name) if schema is None else table_name(schema, name)
