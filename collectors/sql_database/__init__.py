"""Reads relational databases through SQLAlchemy Core: read-only, one snapshot, one pass, bounded chunks."""

from collectors.sql_database.database import SqlDatabase

__all__ = ["SqlDatabase"]
