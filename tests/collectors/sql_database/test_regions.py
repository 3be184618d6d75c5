"""A telephone number without a country code belongs to the country of its own row."""

import pytest

from dsar_export.errors import RegisterError
from dsar_export.export.collect import collect, ownership
from dsar_export.interfaces import Snapshot
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Reached
from dsar_export.model.link import Link
from dsar_export.model.place import LinkTable
from dsar_export.model.request import Identifier
from dsar_export.model.subject_key import Step, SubjectKey
from tests.collectors.sources import Database, table_dataset
from tests.collectors.sql_database.mariadb.database import empty_mariadb
from tests.replacing import replace

PHONE = SubjectKey(column="phone", identifier="phone", match=Match.E164, region="GB", region_column="country")
ROWS = [
    (1, "020 7946 0018", "GB"),
    (2, "020 7946 0018", None),
    (3, "020 7946 0018", ""),
    (4, "020 7946 0018", "DE"),
    (5, "+44 20 7946 0018", "DE"),
    (6, "020 7946 0018", " gb "),
    (7, "020 7946 0018", "Great Britain"),
    (8, "+44 20 7946 0018", "Great Britain"),
    (9, None, "GB"),
    (10, "20 7946 0018", "DE"),
]
LONDON, GERMANY = {1, 2, 3, 5, 6, 8}, {4, 10}


@pytest.fixture(params=["empty_sqlite", "empty_postgres", "mariadb_server"])
def calls(request: pytest.FixtureRequest) -> Database:
    made = request.getfixturevalue(request.param)
    database: Database = empty_mariadb(made) if isinstance(made, str) else made
    database.table("calls", id="INTEGER PRIMARY KEY", phone="TEXT", country="TEXT", person="INTEGER")
    database.many("INSERT INTO calls VALUES (?, ?, ?, 7)", ROWS)
    database.table("notes", id="INTEGER PRIMARY KEY", call_id="INTEGER")
    database.many("INSERT INTO notes VALUES (?, ?)", [(number, number) for number, *_ in ROWS])
    return database


def dataset(by: SubjectKey = PHONE, name: str = "calls", **changes: object) -> Dataset:
    return replace(table_dataset("id", name=name), subject_keys=(by,), **changes)


def collected(snapshot: Snapshot, made: Dataset, number: str) -> list[object]:
    """The rows that an export takes; each is asserted to be this number's."""
    owned = ownership(made, [Reached(Identifier("phone", number))], (), {})
    return [row[-1] for one in collect(owned, snapshot) for row in one.chunk.rows]


def test_the_rows_of_a_number_are_those_in_its_country(calls: Database) -> None:
    with calls.collector().snapshot() as snapshot:
        assert set(collected(snapshot, dataset(), "+44 20 7946 0018")) == LONDON
        assert set(collected(snapshot, dataset(), "+49 20 7946 0018")) == GERMANY
        assert set(collected(snapshot, dataset(), "020 7946 0018")) == LONDON


def test_the_country_is_read_where_the_key_is(calls: Database) -> None:
    key = replace(PHONE, through=(Step(column="call_id", table="calls", key="id"),))
    with calls.collector().snapshot() as snapshot:
        assert set(collected(snapshot, dataset(key, "notes"), "+44 20 7946 0018")) == LONDON


def test_a_query_need_not_return_the_country(calls: Database) -> None:
    query = "SELECT id, phone FROM calls WHERE phone IN :phone OR phone LIKE '%20 7946 0018'"
    made = dataset(query=query, key="id", narrows="all of them, by their last digits")
    with calls.collector().snapshot() as snapshot:
        owned = ownership(made, [Reached(Identifier("phone", "+44 20 7946 0018"))], (), {})
        rows = [row for chunk in snapshot.chunks(owned.selection) for row in chunk.rows]
    assert {row[-1] for row in rows if owned.folded(0, row) == "+442079460018"} == LONDON


def test_a_link_is_followed_from_numbers_in_their_country(calls: Database) -> None:
    link = Link(
        given="phone",
        leads_to="call",
        source="main",
        at=LinkTable(table="calls"),
        given_column="phone",
        leads_to_column="id",
        match=Match.E164,
        region="GB",
        region_column="country",
    )
    with calls.collector().snapshot() as snapshot:
        found = snapshot.resolve(link, {"+442079460018"}, ())
        assert {row.reached for row in found} == LONDON


def test_a_column_of_regions_that_does_not_exist_is_refused(calls: Database) -> None:
    made = dataset(replace(PHONE, region_column="land"))
    with calls.collector().snapshot() as snapshot, pytest.raises(RegisterError, match="land"):
        snapshot.probe(ownership(made, [], (), {}).selection)


@pytest.mark.parametrize("match", [Match.EXACT, Match.CASEFOLD])
def test_only_telephone_numbers_have_regions(match: Match) -> None:
    with pytest.raises(ValueError, match="region_column needs match"):
        SubjectKey(column="phone", identifier="phone", match=match, region_column="country")
