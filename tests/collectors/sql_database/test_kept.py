"""What a collector keeps from one person to the next, and that it notices a changed catalogue."""

from collections.abc import Sequence
from typing import Final

import pytest

from collectors.sql_database import SqlDatabase
from dsar_export.errors import RegisterError
from dsar_export.folding import search_value
from dsar_export.model.comparison import Match
from dsar_export.model.request import Identifier
from dsar_export.model.subject_key import SubjectKey
from tests.collectors.sources import LINK, Database, PostgresDatabase, Row, letters_dataset, table_dataset
from tests.collectors.sources import selection as selected
from tests.reachable import texts_behind
from tests.replacing import replace

WRITTEN: Final = (
    "C-1", "7", "07", "7.0", "1e3", "1000", "deadbeefdeadbeef", "DEADBEEFDEADBEEF", "Ünï", "ünï",
    "0f8fad5bd9cb469fa16570867728950e", "0F8FAD5B-D9CB-469F-A165-70867728950E", "+442079460018", "020 7946 0018",
    "+4930901820", "", " C-1", "None",
)  # fmt: skip


@pytest.fixture(params=[Match.EXACT, Match.CASEFOLD, Match.E164])
def key(request: pytest.FixtureRequest) -> SubjectKey:
    match: Match = request.param
    region = "GB" if match is Match.E164 else None
    return SubjectKey(column="customer_id", identifier="customer_id", match=match, region=region)


def rows(collector: SqlDatabase, key: SubjectKey, values: Sequence[str]) -> list[Row]:
    dataset = replace(table_dataset("text"), subject_keys=(key,))
    keys = tuple(sorted({search_value(value, key.comparison, {}) for value in values}))
    with collector.snapshot() as snapshot:
        asked = replace(selected(dataset), keys=(keys,))
        return sorted(row for chunk in snapshot.chunks(asked) for row in map(tuple, chunk.rows))


def columns(collector: SqlDatabase) -> Sequence[str]:
    table = collector.describe().table("records")
    return () if table is None else table.columns


def test_a_kept_statement_finds_for_each_person_what_a_new_one_finds(
    database: Database, key: SubjectKey
) -> None:
    for text in WRITTEN:
        database.run("INSERT INTO records (customer_id, text) VALUES (?, ?)", text, f"of {text}")
    kept, found = database.collector(), 0
    people = [(text,) for text in WRITTEN] + [WRITTEN[:3], WRITTEN[5:9], WRITTEN[10:14], WRITTEN]
    for person in [*people, *reversed(people)]:
        fresh = rows(database.collector(), key, person)
        assert rows(kept, key, person) == fresh
        found += len(fresh)
    assert found > len(people)


def test_a_kept_link_leads_each_person_where_a_new_one_leads(database: Database) -> None:
    emails = [f"person-{n}@example.org" for n in range(4)]
    database.many("INSERT INTO customers VALUES (?, ?)", [(f"C-{n}", e) for n, e in enumerate(emails)])
    kept = database.collector()
    for email in emails:
        with kept.snapshot() as snapshot:
            (row,) = snapshot.resolve(LINK, [email], ())
        assert row.given == email


def test_a_kept_query_finds_each_persons_rows(database: Database) -> None:
    people = [f"person-{n}@example.org" for n in range(3)]
    database.many("INSERT INTO letters (email, body) VALUES (?, ?)", [(p, f"to {p}") for p in people])
    kept = database.collector()
    for person in people:
        with kept.snapshot() as snapshot:
            asked = selected(letters_dataset(), Identifier("email", person))
            snapshot.probe(asked)
            found = [row for chunk in snapshot.chunks(asked) for row in chunk.rows]
            counted = list(snapshot.counts(asked))
        assert [row[0] for row in found] == [person]
        assert [count for _, count in counted] == [1]


def test_new_and_dropped_columns_are_noticed(database: Database) -> None:
    kept = database.collector()
    asked = selected(table_dataset("text"), Identifier("customer_id", "C-1"))
    before = columns(kept)
    for _ in range(2):
        with kept.snapshot() as snapshot:
            snapshot.probe(asked)
    database.run("ALTER TABLE records ADD COLUMN mood TEXT")
    assert columns(kept) == (*before, "mood")
    database.run("ALTER TABLE records RENAME COLUMN text TO words")
    assert "words" in columns(kept)
    with kept.snapshot() as snapshot, pytest.raises(RegisterError, match="text"):
        snapshot.probe(asked)
    database.run("ALTER TABLE records RENAME COLUMN words TO text")
    with kept.snapshot() as snapshot:
        snapshot.probe(asked)


def test_a_view_in_place_of_a_table_is_noticed(database: Database) -> None:
    kept = database.collector()
    asked = selected(table_dataset("text"), Identifier("customer_id", "C-1"))
    with kept.snapshot() as snapshot:
        snapshot.probe(asked)
    database.run("ALTER TABLE records RENAME TO stored")
    database.run("CREATE VIEW records AS SELECT * FROM stored")
    if isinstance(database, PostgresDatabase):
        database.run(f"GRANT SELECT ON records TO {database.role}")
    with kept.snapshot() as snapshot, pytest.raises(RegisterError, match="is a view"):
        snapshot.probe(asked)


def test_a_changed_type_of_the_key_is_noticed(pg: PostgresDatabase) -> None:
    pg.run("INSERT INTO records (customer_id, text) VALUES ('7', 'of seven')")
    kept, key = pg.collector(), SubjectKey(column="customer_id", identifier="customer_id")
    assert len(rows(kept, key, ["7"])) == 1
    pg.run("ALTER TABLE records ALTER COLUMN customer_id TYPE bigint USING customer_id::bigint")
    assert rows(kept, key, ["7"]) == rows(pg.collector(), key, ["7"]) != []


@pytest.mark.parametrize(
    "change",
    [
        "CREATE INDEX another ON letters (campaign)",
        "ALTER TABLE customers ADD CONSTRAINT one UNIQUE (email)",
        "REVOKE SELECT ON campaigns FROM {role}",
        "GRANT INSERT ON campaigns TO {role}",
        "ALTER TABLE customers ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY nobody ON customers USING (false)",
        "CREATE TABLE more (LIKE customers)",
        "CREATE OR REPLACE VIEW seen AS SELECT id, body FROM letters WHERE id > 1",
        "ALTER TABLE customers ALTER COLUMN email SET DEFAULT 'nobody'",
        "CREATE TYPE mood AS ENUM ('good')",
        "ALTER ROLE {role} CREATEDB",
    ],
)
def test_every_change_of_the_catalogue_is_noticed(change: str, pg: PostgresDatabase) -> None:
    kept = pg.collector()
    first = kept.describe()
    assert kept.describe() is first
    pg.run(change.format(role=pg.role))
    assert kept.describe() is not first
    pg.run(f"ALTER ROLE {pg.role} NOCREATEDB")


def test_rows_change_nothing_that_is_kept(database: Database) -> None:
    kept = database.collector()
    first = kept.describe()
    database.run("INSERT INTO records (customer_id, text) VALUES ('C-1', 'new')")
    assert kept.describe() is first


def test_no_key_of_a_person_is_kept(database: Database) -> None:
    kept = database.collector()
    for match in (Match.EXACT, Match.CASEFOLD):
        dataset = replace(
            letters_dataset(None), subject_keys=(SubjectKey(column="email", identifier="email", match=match),)
        )
        with kept.snapshot() as snapshot:
            asked = selected(dataset, Identifier("email", "marker@example.org"))
            snapshot.probe(asked)
            assert list(snapshot.chunks(asked)) == []
            assert list(snapshot.resolve(LINK, ["marker@example.org"], ())) == []
            asked = selected(letters_dataset(), Identifier("email", "marker@example.org"))
            assert list(snapshot.chunks(asked)) == []
    del asked, snapshot
    held = list(texts_behind(kept._kept))
    assert any("letters" in each for each in held)
    assert [each for each in held if "marker" in each] == []
