"""A hash that differs after every change of a PostgreSQL catalogue."""

import hashlib
from typing import Final

from sqlalchemy import Connection

# Every change of a catalogue's row gives it another xmin; only counts of rows and pages are written in place. Objects
# of the server itself have numbers below 16384 and change with its version; temporary tables of others come and go.
_VERSION: Final = """
WITH spaces AS (SELECT oid, xmin FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_(toast|temp)'),
relations AS (
  SELECT c.oid, c.xmin FROM pg_catalog.pg_class c JOIN spaces s ON s.oid = c.relnamespace WHERE c.oid >= 16384)
SELECT 'session', current_schemas(false)::text, current_user::text, pg_postmaster_start_time()::text
UNION ALL SELECT 'database', oid::text, xmin::text, '' FROM pg_catalog.pg_database WHERE datname = current_database()
UNION ALL SELECT 'role', r::text, '', '' FROM pg_catalog.pg_roles r
UNION ALL SELECT 'member', m.roleid::text, m.member::text, m.xmin::text FROM pg_catalog.pg_auth_members m
UNION ALL SELECT 'files', EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata)::text, '', ''
UNION ALL SELECT 'space', oid::text, xmin::text, '' FROM spaces
UNION ALL SELECT 'relation', oid::text, xmin::text, '' FROM relations
UNION ALL SELECT 'column', a.attrelid::text, a.attnum::text, a.xmin::text
  FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid
UNION ALL SELECT 'default', d.adrelid::text, d.adnum::text, d.xmin::text
  FROM pg_catalog.pg_attrdef d JOIN relations r ON r.oid = d.adrelid
UNION ALL SELECT 'index', i.indexrelid::text, i.xmin::text, ''
  FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indexrelid
UNION ALL SELECT 'rule', ev_class::text, w.oid::text, w.xmin::text
  FROM pg_catalog.pg_rewrite w JOIN relations r ON r.oid = w.ev_class
UNION ALL SELECT 'policy', oid::text, xmin::text, '' FROM pg_catalog.pg_policy
UNION ALL SELECT 'child', inhrelid::text, inhparent::text, xmin::text FROM pg_catalog.pg_inherits
UNION ALL SELECT 'constraint', oid::text, xmin::text, '' FROM pg_catalog.pg_constraint WHERE oid >= 16384
UNION ALL SELECT 'type', t.oid::text, t.xmin::text, ''
  FROM pg_catalog.pg_type t JOIN spaces s ON s.oid = t.typnamespace WHERE t.oid >= 16384
UNION ALL SELECT 'label', oid::text, xmin::text, '' FROM pg_catalog.pg_enum
UNION ALL SELECT 'function', oid::text, xmin::text, '' FROM pg_catalog.pg_proc WHERE oid >= 16384
UNION ALL SELECT 'collation', oid::text, xmin::text, '' FROM pg_catalog.pg_collation WHERE oid >= 16384
"""
_HASHED: Final = f"""
SELECT sha256(convert_to(coalesce(string_agg(v::text, ' ' ORDER BY v::text COLLATE "C"), ''), 'UTF8'))
FROM ({_VERSION}) AS v
"""  # noqa: S608 # a constant


def catalogue_version(connection: Connection) -> bytes:
    """A hash of the rows of the catalogue, of the roles' rights and of the server's start.

    The server's start, because an upgrade of its library may outdate a collation without a change of the catalogue.
    """
    return hashlib.sha256(connection.exec_driver_sql(_HASHED).scalar_one()).digest()
