"""Links with the times of their validity, and code tables, in every kind of database."""

import pytest

from dsar_export.model.comparison import Match
from dsar_export.model.field_mapping import CodeTable
from dsar_export.model.link import Validity
from dsar_export.model.source import LinkRow
from tests.collectors.sources import (
    LINK,
    Database,
    meanings,
)
from tests.replacing import replace

# Links


def test_a_link_has_the_stored_times_of_its_validity(empty: Database) -> None:
    empty.table("devices", customer_id="TEXT", device="TEXT", since="TEXT", until="TEXT")
    empty.run(
        "INSERT INTO devices VALUES ('C-1', 'D-1', '2024-01-01', '2025-01-01'), ('C-1', 'D-2', NULL, NULL)"
    )
    empty.run("INSERT INTO devices VALUES ('C-2', 'D-1', '2025-01-01', NULL)")
    link = replace(
        LINK,
        given="customer_id",
        leads_to="device",
        table="devices",
        given_column="customer_id",
        leads_to_column="device",
        match=Match.EXACT,
        valid=Validity(since="since", until="until"),
    )
    with empty.collector().snapshot() as snapshot:
        found = set(snapshot.resolve(link, ["C-1"], ()))
    assert found == {
        LinkRow("C-1", "D-1", "2024-01-01", "2025-01-01"),
        LinkRow("C-1", "D-2", None, None),
    }


def test_a_link_is_followed_within_the_company_only(empty: Database) -> None:
    empty.table("customers", id="TEXT", email="TEXT", tenant="INTEGER")
    empty.run("INSERT INTO customers VALUES ('C-1', 'sam@example.org', 1), ('C-2', 'SAM@example.org', 2)")
    link = replace(LINK, tenant_column="tenant")
    with empty.collector().snapshot() as snapshot:
        assert [row.reached for row in snapshot.resolve(link, ["sam@example.org"], (2,))] == ["C-2"]
        assert list(snapshot.resolve(link, ["sam@example.org"], ())) == []
        unshared = replace(link, tenant_column=None)
        assert len(list(snapshot.resolve(unshared, ["sam@example.org"], (2,)))) == 2


def test_equal_rows_of_a_link_are_returned_once(empty: Database) -> None:
    empty.table("logins", email="TEXT", id="TEXT")
    empty.many("INSERT INTO logins VALUES (?, ?)", [("sam@example.org", "C-1")] * 500)
    with empty.collector().snapshot() as snapshot:
        found = list(snapshot.resolve(replace(LINK, table="logins"), ["sam@example.org"], ()))
    assert found == [LinkRow("sam@example.org", "C-1")]


# Code tables


def test_codes_are_returned_as_texts_with_their_stored_meanings(empty: Database) -> None:
    empty.table("kinds", code="INTEGER", meaning="TEXT")
    empty.run("INSERT INTO kinds VALUES (1, 'card'), (2, NULL)")
    with empty.collector().snapshot() as snapshot:
        found = meanings(snapshot, CodeTable(table="kinds", code="code", meaning="meaning"))
    assert found == {"1": "card", "2": None}


def test_codes_are_read_in_the_snapshot(empty: Database, request: pytest.FixtureRequest) -> None:
    empty.table("kinds", code="TEXT", meaning="TEXT")
    if "sqlite" in request.node.name:
        empty.run("PRAGMA journal_mode = WAL")
    with empty.collector().snapshot() as snapshot:
        empty.run("INSERT INTO kinds VALUES ('x', 'later')")
        assert meanings(snapshot, CodeTable(table="kinds", code="code", meaning="meaning")) == {}
