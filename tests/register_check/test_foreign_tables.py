"""Tables whose rows lie on another server are refused until the register explains why that server shows all rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import make_url

from dsar_export.errors import RegisterError
from dsar_export.model.request import Identifier, Right, Verification
from dsar_export.use_cases.identify_person import identify_person
from dsar_export.use_cases.verify import verified_request
from tests.register_check.changed import problems
from tests.register_check.hidden import world_of
from tests.worlds import NOON, World
from tools.servers.postgres import PostgresServer, run, select_only_role

REFUSED: Final = "the rows of 'away' lie on another server, which may hide some silently"
ACCEPTED: Final = 'foreign_tables = { away = "The far account has BYPASSRLS; looked at on 2026-11-01." }'


@pytest.fixture(scope="module")
def url(postgres: PostgresServer) -> Iterator[str]:
    """A reader of a database with a foreign table (postgres_fdw); row security hides a row on the far server."""
    with postgres.database("far") as far, postgres.database("near") as near:
        run(
            far,
            "CREATE TABLE things (id INTEGER PRIMARY KEY, customer_id TEXT, note TEXT)",
            "INSERT INTO things VALUES (1, 'C-1', 'shown'), (2, 'C-1', 'hidden')",
            "ALTER TABLE things ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY shown ON things USING (note = 'shown')",
        )
        clerk, server = make_url(select_only_role(far)), make_url(far)
        run(
            near,
            "CREATE TABLE customers (id TEXT PRIMARY KEY, email TEXT UNIQUE)",
            "INSERT INTO customers VALUES ('C-1', 'sam@example.org')",
            "CREATE TABLE things (id INTEGER PRIMARY KEY, customer_id TEXT, note TEXT, away INTEGER)",
            "CREATE INDEX things_order ON things (customer_id, id)",
            "CREATE EXTENSION postgres_fdw",
            "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS "
            f"(host '127.0.0.1', port '{server.port}', dbname '{server.database}')",
            "CREATE FOREIGN TABLE away (id INTEGER, customer_id TEXT, note TEXT) SERVER far "
            "OPTIONS (table_name 'things')",
        )
        reader = select_only_role(near)
        run(
            near,
            f'CREATE USER MAPPING FOR "{make_url(reader).username}" SERVER far '
            f"OPTIONS (user '{clerk.username}', password '{clerk.password}')",
        )
        yield reader
        run(near, "DROP EXTENSION postgres_fdw CASCADE")


def away(folder: Path, url: str, source: str = "") -> World:
    left_out = '[left_out]\ncustomer_id = { reason = "not_personal", note = "n" }\n'
    made = world_of(folder, url, "away", source=source)
    made.dataset_text += left_out
    made.register_text = made.register_text.replace(
        "left_out = {", 'left_out = { things = { reason = "not_personal", note = "n" }, ', 1
    )
    return made.write([])


def test_a_dataset_of_a_foreign_table_is_refused_by_check_export_and_identify(
    url: str, tmp_path: Path
) -> None:
    made = away(tmp_path, url)
    assert any(f"register.toml: sources.main.foreign_tables: {REFUSED}" in line for line in problems(made))
    with pytest.raises(RegisterError, match=REFUSED):
        made.export()
    request = verified_request(
        Right.ACCESS, "acme", [Identifier("email", "sam@example.org")], Verification("t", "t", NOON), ()
    )
    with pytest.raises(RegisterError, match=REFUSED):
        identify_person(made.build(), request)


def test_a_foreign_table_that_is_accepted_with_a_reason_is_read(url: str, tmp_path: Path) -> None:
    made = away(tmp_path, url, ACCEPTED)
    assert not [line for line in problems(made) if "foreign" in line]
    # This is why a reason is needed: the far server hides a row, and our row_security=off has no effect there.
    assert [record["text"] for record in made.package().json()] == ["shown"]


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_empty_reason_accepts_nothing(reason: str, url: str, tmp_path: Path) -> None:
    made = away(tmp_path, url, f'foreign_tables = {{ away = "{reason}" }}')
    found = [line for line in problems(made) if "foreign_tables" in line]
    assert [line.partition(": ")[2].split(",")[0].split(";")[0] for line in found] == [
        f"sources.main.foreign_tables: {REFUSED.split(',')[0]}",
        "sources.main.foreign_tables.away: is empty",
    ]
    with pytest.raises(RegisterError, match=REFUSED):
        made.export()


def test_a_reason_for_a_table_that_is_not_foreign_is_found(url: str, tmp_path: Path) -> None:
    made = away(tmp_path, url, 'foreign_tables = { away = "All.", things = "Why?", awry = "Who?" }')
    assert [line for line in problems(made) if "foreign" in line] == [
        "register.toml: sources.main.foreign_tables: the rows of 'things' are in the source itself; drop it here",
        "register.toml: sources.main.foreign_tables: no table 'awry' in the source; nearest valid name: away",
    ]


THROUGH: Final = 'through = [{ column = "away", table = "away", key = "id" }]\n'
CODES: Final = 'codes_from = { table = "public.away", code = "id", meaning = "note" }'
HISTORY: Final = '\n[[history]]\ntable = "away"\norder_by = ["id"]\n'


@pytest.mark.parametrize("read", ["through", "history", "codes", "link"])
def test_a_foreign_table_is_refused_wherever_it_is_read(read: str, url: str, tmp_path: Path) -> None:
    made = world_of(tmp_path, url)
    if read == "through":
        made.dataset_text = made.dataset_text.replace("[[subject_keys]]\n", f"[[subject_keys]]\n{THROUGH}")
    if read == "codes":
        made.dataset_text = made.dataset_text.replace('"note" }', f'"note", {CODES} }}')
    if read == "history":
        made.dataset_text += HISTORY
    if read == "link":
        made.register_text = made.register_text.replace('table = "customers"', "table = '\"away\"'", 1)
    made.write([])
    assert any(REFUSED in line for line in problems(made))
    with pytest.raises(RegisterError, match=REFUSED):
        made.export()


def test_a_foreign_table_that_nothing_reads_needs_no_reason(url: str, tmp_path: Path) -> None:
    made = world_of(tmp_path, url)
    assert not [line for line in problems(made) if "foreign" in line]
