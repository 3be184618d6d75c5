"""An empty database of the collector's tests."""

from pathlib import Path

import pytest

from tests.collectors.sources import Database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(tmp_path / "source")
    made.folder.mkdir()
    made.run("CREATE TABLE records (id INTEGER PRIMARY KEY, customer_id TEXT, text)")
    made.run("CREATE INDEX records_order ON records (customer_id, id)")
    made.run("CREATE TABLE customers (id TEXT PRIMARY KEY, email TEXT)")
    made.run("CREATE TABLE letters (id INTEGER PRIMARY KEY, email TEXT, body TEXT, campaign INTEGER)")
    made.run("CREATE TABLE campaigns (id INTEGER PRIMARY KEY, title TEXT)")
    made.run("CREATE TABLE no_keys (a, b)")
    made.run("CREATE UNIQUE INDEX letters_unique ON letters (email, body)")
    made.run("CREATE UNIQUE INDEX letters_expression ON letters (lower(email))")
    made.run("CREATE VIEW seen AS SELECT id, body FROM letters")
    return made
