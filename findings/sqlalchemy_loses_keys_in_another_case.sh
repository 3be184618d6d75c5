#!/usr/bin/env bash
# SQLAlchemy 2.1.9 with SQLite: a foreign key that spells its column in another case loses its name and ON DELETE.
#
# Input: a table with the column `parent_id`, and in it CONSTRAINT to_parent FOREIGN KEY (PARENT_ID) REFERENCES
# parent (ID) ON DELETE CASCADE. SQLite compares names of columns without case (sqlite.org/lang_keywords.html and
# PRAGMA foreign_key_list, which answers `parent_id` and CASCADE), and enforces the key.
#
# Seen on 2026-11-30, Python 3.11, SQLite 3.40.1:
#   Inspector.get_foreign_keys, written as parent_id   name 'to_parent', options {'ondelete': 'CASCADE'}
#   the same, written as PARENT_ID                     name None, options {}, and a warning that it could not be located
# So a schema that is reflected and made again deletes no children any more. The columns are right in both.
# Our catalogue reads foreign keys by PRAGMA (collectors/sql_database/sqlite/foreign_keys.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check sqlalchemy==2.1.9 2>/dev/null
"$folder/venv/bin/python" -W ignore - <<'END'
from sqlalchemy import create_engine, inspect, text


def reflected(column):
    with create_engine("sqlite://").begin() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        connection.execute(
            text(
                "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER, CONSTRAINT to_parent "
                f"FOREIGN KEY ({column}) REFERENCES parent (id) ON DELETE CASCADE)"
            )
        )
        shown = connection.execute(text("SELECT \"from\", on_delete FROM pragma_foreign_key_list('child')")).one()
        assert tuple(shown) == ("parent_id", "CASCADE"), "SQLite's answer has changed"
        (key,) = inspect(connection).get_foreign_keys("child")
        return key["name"], key["options"]


assert reflected("parent_id") == ("to_parent", {"ondelete": "CASCADE"}), "the usual case has changed"
assert reflected("PARENT_ID") == (None, {}), "SQLAlchemy has changed"
print("as described: in another case, the key loses its name and ON DELETE CASCADE")
END
