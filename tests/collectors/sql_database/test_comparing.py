"""A statement finds exactly the rows that `dsar_export.folding` considers equal, in any notation."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsar_export.errors import OwnershipError
from dsar_export.export.collect import Collected, Ownership, collect, ownership
from dsar_export.folding import NOBODY, folded, one_case, search_value
from dsar_export.model.comparison import Match
from dsar_export.model.identity import Reached
from dsar_export.model.request import Identifier
from dsar_export.model.source import LinkRow, Selection
from dsar_export.model.subject_key import SubjectKey
from tests.collectors.sources import LINK, Database, PostgresDatabase, SqliteDatabase, table_dataset
from tests.replacing import replace

QUICK = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = {"env:KEY": b"key"}
RULES = {
    Match.EXACT: SubjectKey(column="value", identifier="value"),
    Match.CASEFOLD: SubjectKey(column="value", identifier="value", match=Match.CASEFOLD),
    Match.E164: SubjectKey(column="value", identifier="value", match=Match.E164, region="GB"),
    Match.HMAC: SubjectKey(column="value", identifier="value", match=Match.HMAC, hmac_key="env:KEY"),
}

FULL_WIDTH = "\uff10\uff12\uff10\uff17\uff19\uff14\uff16\uff10\uff10\uff11\uff18"

storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
addresses = st.sampled_from(
    ["sam@example.org", "straße@x.org", "ΣΊΣΥΦΟΣ@x.org", "İ@x.org", "ﬁn@x.org", "K@x.org"]
)
spell: Sequence[Callable[[str], str]] = (str, str.upper, str.lower, str.title, str.casefold, str.swapcase)
spelled = st.builds(lambda text, how: how(text), addresses | storable, st.sampled_from(spell))
telephones = st.builds(
    lambda before, country, trunk, digits, sign: before + country + trunk + sign.join(digits),
    st.sampled_from(["", "+", "00", "011", "0011 ", "+00", "tel "]),
    st.sampled_from(["", "44", "44 ", "33", "(44)"]),
    st.sampled_from(["", "0", "(0)", "00", "1"]),
    st.sampled_from(
        [("20", "7946", "0018"), ("207", "946", "0018"), ("1212", "345678"), ("999",), ("20", "7946")]
    ),
    st.sampled_from(["", " ", "-", ".", ") ", "/", "\u00a0", "\u2011"]),
) | st.sampled_from(
    [
        "",
        "withheld",
        "+",
        "0",
        "020 7946 0018 x12",
        "020 7946 0018#12",
        "٠٢٠٧٩٤٦٠٠١٨",
        "０２０７９４６００１８",
        "0800 FLOWERS",
    ]
)


@pytest.fixture
def people(empty: Database) -> Database:
    empty.table("people", number="INTEGER", value="TEXT")
    return empty


def found(database: Database, key: SubjectKey, *values: str) -> set[object]:
    dataset = replace(table_dataset("number", name="people", order=("number",)), subject_keys=(key,))
    keys = tuple(sorted({search_value(value, key.comparison, KEYS) for value in values} - {NOBODY}))
    with database.collector().snapshot() as snapshot:
        rows = [r for c in snapshot.chunks(Selection(dataset, (keys,))) for r in c.rows]
    numbers = [row[2] for row in rows]
    assert len(set(numbers)) == len(numbers)
    return set(numbers)


@contextmanager
def database_rows(database: Database, owned: Ownership) -> Iterator[Iterator[Collected]]:
    with database.collector().snapshot() as snapshot:
        yield collect(owned, snapshot)


def linked(database: Database, key: SubjectKey, *values: str) -> set[object]:
    link = replace(
        LINK,
        given="value",
        table="people",
        given_column="value",
        leads_to_column="number",
        match=key.match,
        region=key.region,
        hmac_key=key.hmac_key,
    )
    keys = {search_value(value, key.comparison, KEYS) for value in values} - {NOBODY}
    with database.collector().snapshot() as snapshot:
        rows = list(snapshot.resolve(link, keys, ()))
    assert all(isinstance(row, LinkRow) for row in rows)
    return {row.reached for row in rows}


def assert_found_alike(
    database: Database, key: SubjectKey, stored: Sequence[str], values: Sequence[str]
) -> None:
    database.run("DELETE FROM people")
    database.many("INSERT INTO people VALUES (?, ?)", list(enumerate(stored)))
    wanted = {search_value(value, key.comparison, KEYS) for value in values} - {NOBODY}
    equal = {n for n, text in enumerate(stored) if folded(text, key.comparison) in wanted}
    assert found(database, key, *values) == equal
    assert linked(database, key, *values) == equal


@QUICK
@given(st.lists(spelled, min_size=1, max_size=12), st.lists(spelled, min_size=1, max_size=3))
def test_exact_finds_all_equal_texts_and_no_others(
    people: Database, stored: list[str], asked: list[str]
) -> None:
    assert_found_alike(people, RULES[Match.EXACT], stored, [*asked, stored[0]])


@QUICK
@given(st.lists(spelled, min_size=1, max_size=12), st.lists(spelled, min_size=1, max_size=3))
def test_casefold_finds_all_spellings_and_no_others(
    people: Database, stored: list[str], asked: list[str]
) -> None:
    assert_found_alike(people, RULES[Match.CASEFOLD], stored, [*asked, stored[0]])


@QUICK
@given(st.lists(telephones, min_size=1, max_size=20), st.lists(telephones, min_size=1, max_size=2))
def test_a_telephone_number_is_found_in_every_notation(
    people: Database, stored: list[str], asked: list[str]
) -> None:
    assert_found_alike(people, RULES[Match.E164], stored, [*asked, stored[0]])


@QUICK
@given(values=st.lists(spelled, min_size=1, max_size=6), upper=st.booleans())
def test_a_hash_is_found_in_either_case(people: Database, values: list[str], *, upper: bool) -> None:
    hashes = [hmac.new(b"key", one_case(v).encode(), hashlib.sha256).hexdigest() for v in values]
    stored = [*(h.upper() if upper else h for h in hashes), *values]
    assert_found_alike(people, RULES[Match.HMAC], stored, values[:2])


@pytest.mark.parametrize("kind", ["BYTEA", "digest", "digest_of_digest"])
def test_a_hash_is_found_as_bytes_too(empty: Database, kind: str) -> None:
    if isinstance(empty, PostgresDatabase):
        empty.run("CREATE DOMAIN digest AS BYTEA")
        empty.run("CREATE DOMAIN digest_of_digest AS digest")
    empty.table("people", number="INTEGER", value=kind)
    mine, theirs = (
        hmac.new(b"key", v, hashlib.sha256).digest() for v in (b"sam@example.org", b"robin@example.org")
    )
    empty.many("INSERT INTO people VALUES (?, ?)", [(1, mine), (2, theirs), (3, mine[:-1]), (4, None)])
    for key in (RULES[Match.HMAC], RULES[Match.EXACT], RULES[Match.CASEFOLD]):
        value = "Sam@example.org" if key.match is Match.HMAC else mine.hex()
        assert found(empty, key, value) == {1}
        assert linked(empty, key, value) == {1}
        assert found(empty, key, "sam", "x\\", "0", "00") == set()


def test_an_index_on_the_bytes_of_a_hash_is_used(empty: Database) -> None:
    empty.table("people", number="INTEGER", value="BYTEA")
    dataset = replace(
        table_dataset("number", name="people", order=("number",)), subject_keys=(RULES[Match.HMAC],)
    )

    def without_index() -> bool:
        with empty.collector().snapshot() as snapshot:
            return snapshot.probe(Selection(dataset, ((),))).without_index

    assert without_index()
    empty.run("CREATE INDEX people_value ON people (value, number)")
    assert not without_index()


@pytest.mark.parametrize("how", ["l.value", "lower(CAST(l.value AS TEXT))"])
def test_a_query_finds_a_hash_in_bytes_and_in_text(people: Database, empty: Database, how: str) -> None:
    mine = hmac.new(b"key", b"sam@example.org", hashlib.sha256).digest()
    if how == "l.value":
        empty.run("DROP TABLE people")
        empty.table("people", number="INTEGER PRIMARY KEY", value="BYTEA")
    people.run("INSERT INTO people VALUES (1, ?)", mine if how == "l.value" else mine.hex())
    query = f"SELECT l.number AS number, l.value AS value FROM people l WHERE {how} IN :value"
    dataset = replace(
        table_dataset("number", name="people", order=("number",)),
        query=query,
        key="number",
        subject_keys=(RULES[Match.HMAC],),
    )
    with people.collector().snapshot() as snapshot:
        rows = [r for c in snapshot.chunks(Selection(dataset, ((mine.hex(),),))) for r in c.rows]
    assert [row[2] for row in rows] == [1]


@pytest.mark.parametrize(
    "stored",
    ["+442079460018", "+44 (0)20 7946 0018", "0044 20 7946 0018", "0044 (0)20 7946 0018", "020 7946 0018"],
)
def test_every_usual_notation_of_a_telephone_number_is_found(people: Database, stored: str) -> None:
    people.run("INSERT INTO people VALUES (1, ?), (2, '020 7946 0019'), (3, NULL)", stored)
    assert found(people, RULES[Match.E164], "+44 20 7946 0018") == {1}


def test_a_number_with_an_extension_is_another_number(people: Database) -> None:
    people.run(
        "INSERT INTO people VALUES (1, '020 7946 0018 x12'), (2, '020 7946 0018 x13'), (3, '020 7946 0018')"
    )
    assert found(people, RULES[Match.E164], "020 7946 0018") == {3}
    assert found(people, RULES[Match.E164], "020 7946 0018 x12") == {1}


def test_telephone_numbers_that_are_stored_as_numbers_are_found(empty: Database) -> None:
    empty.table("people", number="INTEGER", value="BIGINT")
    empty.run("INSERT INTO people VALUES (1, 2079460018), (2, 2079460019)")
    assert found(empty, RULES[Match.E164], "+44 20 7946 0018") == {1}


def test_in_a_number_column_exact_searches_for_numbers_and_not_for_texts(empty: Database) -> None:
    empty.table("people", number="INTEGER", value="INTEGER")
    empty.run("INSERT INTO people VALUES (1, 7), (2, 70), (3, NULL)")
    assert found(empty, RULES[Match.EXACT], "7") == {1}
    for no_number in ("7 x", "x", "", "7; DROP TABLE people", "9" * 30, "-"):
        assert found(empty, RULES[Match.EXACT], no_number) == set(), no_number
    assert found(empty, RULES[Match.EXACT], "x", "70") == {2}


@pytest.mark.parametrize("loose", ["07", "7 ", "7.0"])
def test_a_row_that_only_the_database_considers_equal_is_never_returned(empty: Database, loose: str) -> None:
    empty.table("people", number="INTEGER", value="INTEGER")
    empty.run("INSERT INTO people VALUES (1, 7)")
    dataset = replace(
        table_dataset("number", name="people", order=("number",)), subject_keys=(RULES[Match.EXACT],)
    )
    owned = ownership(dataset, [Reached(Identifier("value", loose))], (), {})
    with database_rows(empty, owned) as rows, suppress(OwnershipError):
        assert list(rows) == []


def test_a_percent_sign_or_an_underscore_is_an_ordinary_character(people: Database) -> None:
    people.run("INSERT INTO people VALUES (1, '%'), (2, '_'), (3, 'x'), (4, '\\')")
    for key in (RULES[Match.EXACT], RULES[Match.CASEFOLD]):
        assert [found(people, key, sign) for sign in ("%", "_", "\\")] == [{1}, {2}, {4}]


def test_a_key_that_can_not_be_stored_finds_nothing(people: Database) -> None:
    people.run("INSERT INTO people VALUES (1, 'x')")
    for key in (RULES[Match.EXACT], RULES[Match.CASEFOLD], RULES[Match.E164], RULES[Match.HMAC]):
        assert found(people, key, "x\0y", "\0") == set()


def test_a_telephone_number_is_found_in_a_database_of_utf_16(empty_sqlite: SqliteDatabase) -> None:
    with empty_sqlite.opened("PRAGMA encoding = 'UTF-16le'") as raw:
        raw.execute("CREATE TABLE people (number INTEGER, value TEXT)")
        raw.execute(
            "INSERT INTO people VALUES (1, '020 7946 0018'), (2, '020 7946 0019'), (3, '０２０７９４６００１８')"
        )
    assert found(empty_sqlite, RULES[Match.E164], "+44 20 7946 0018") == {1, 3}
