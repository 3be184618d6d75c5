"""Look-ups that no index serves are found, and after running what a finding says it is gone."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from dsar_export.model.finding import Finding
from dsar_export.model.link import Link
from dsar_export.model.source import Chunk, LinkRow, Probe, Selection, SourceDescription
from dsar_export.register_check import indexes
from dsar_export.wiring import register_in
from tests.collectors.sources import Database, PostgresDatabase
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.register_check.changed import changed, findings, problems
from tests.register_check.hidden import world_of
from tests.worlds import World

TWO_KEYS = '[[subject_keys]]\ncolumn = "email"\nidentifier = "email"\n\n'
THROUGH = (
    '[[subject_keys]]\nthrough = [{ column = "order_id", table = "orders", key = "id" }]\n'
    'column = "customer_id"\nidentifier = "customer_id"\n\n'
)
QUERY = 'query = "SELECT id, customer_id, note FROM things WHERE customer_id IN :customer_id"\nkey = "id"\n'


@dataclass(frozen=True)
class Shop:
    """An empty database on a server, whose tables all count as large, and a register for it."""

    folder: Path
    database: Database
    reader: str

    def made(self, *statements: str) -> None:
        for statement in statements:
            self.database.run(statement)

    def world(self, *, keys: str = "", dataset: str = "", register: tuple[str, str] = ("", "")) -> World:
        made = world_of(self.folder, self.reader, dataset=dataset)
        if keys:
            start = made.dataset_text.index("[[subject_keys]]")
            fields = made.dataset_text.index("[fields]")
            made.dataset_text = made.dataset_text[:start] + keys + made.dataset_text[fields:]
        assert register[0] in made.register_text
        made.register_text = made.register_text.replace(*register, 1)
        return made.write([])


@pytest.fixture(params=["postgres", "mariadb"])
def shop(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    if request.param == "postgres":
        pg: PostgresDatabase = request.getfixturevalue("empty_postgres")
        yield Shop(tmp_path, pg, pg.reader)
    else:
        mariadb: MariadbDatabase = empty_mariadb(request.getfixturevalue("mariadb_server"))
        yield Shop(tmp_path, mariadb, mariadb.reader)


CUSTOMERS = "CREATE TABLE customers (id VARCHAR(9) PRIMARY KEY, email VARCHAR(99) UNIQUE)"
THINGS = "CREATE TABLE things (id INTEGER PRIMARY KEY, customer_id VARCHAR(9), note VARCHAR(40))"
UNMAPPED = '{ reason = "not_personal", note = "n" }'


def statements(found: Finding) -> list[str]:
    return found.problem.partition("; run: ")[2].split("; ")


def advised(world: World) -> list[Finding]:
    """The findings about indexes, with nothing else."""
    found = findings(world)
    assert all("CREATE " in f.problem for f in found), found
    return found


def followed(world: World, run: Callable[[str], None]) -> list[Finding]:
    """Runs every statement of the findings, and returns the findings that are left."""
    for statement in dict.fromkeys(s for f in advised(world) for s in statements(f)):
        run(statement)
    return findings(world)


# On servers


def test_an_order_that_no_index_serves_is_a_warning_with_the_statement_that_ends_it(shop: Shop) -> None:
    shop.made(CUSTOMERS, THINGS)
    made = shop.world()
    (found,) = advised(made)
    assert found.warning
    name = "" if isinstance(shop.database, PostgresDatabase) else "things_customer_id_id "
    assert found.problem == (
        "no index serves things.customer_id, so the source would scan the table; "
        f"run: CREATE INDEX {name}ON things (customer_id, id)"
    )
    assert followed(made, shop.database.run) == []


@pytest.mark.parametrize("columns", ["customer_id", "customer_id, note"])
def test_any_index_that_begins_with_the_key_serves_on_a_server(shop: Shop, columns: str) -> None:
    shop.made(CUSTOMERS, THINGS, f"CREATE INDEX things_1 ON things ({columns})")
    assert findings(shop.world()) == []


def test_an_index_in_which_the_key_comes_second_is_a_scan(shop: Shop) -> None:
    shop.made(CUSTOMERS, THINGS, "CREATE INDEX things_1 ON things (note, customer_id, id)")
    assert len(advised(shop.world())) == 1


def test_each_subject_key_needs_an_index(shop: Shop) -> None:
    shop.made(CUSTOMERS, "CREATE TABLE things (id INTEGER PRIMARY KEY, customer_id VARCHAR(9), "
              "email VARCHAR(99), note VARCHAR(40))")  # fmt: skip
    own = '[[subject_keys]]\ncolumn = "customer_id"\nidentifier = "customer_id"\n\n'
    left_out = "left_out = { " + ", ".join(f"{c} = {UNMAPPED}" for c in ("customer_id", "email")) + " }\n"
    made = shop.world(keys=own + TWO_KEYS, dataset=left_out)
    (found,) = advised(made)
    assert "no index serves things.customer_id and things.email, so" in found.problem
    first, second = statements(found)
    shop.made(first)
    (found,) = advised(made)
    assert statements(found) == [second]
    assert followed(made, shop.database.run) == []


def test_each_table_of_a_path_needs_an_index(shop: Shop) -> None:
    shop.made(
        CUSTOMERS,
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id VARCHAR(9))",
        "CREATE TABLE things (id INTEGER PRIMARY KEY, order_id INTEGER, note VARCHAR(40))",
    )
    reason = 'orders = { reason = "not_personal", note = "n" }, '
    left_out = 'left_out = { order_id = { reason = "not_personal", note = "n" } }\n'
    made = shop.world(keys=THROUGH, dataset=left_out, register=("left_out = {", f"left_out = {{ {reason}"))
    (found,) = advised(made)
    assert "no index serves things.order_id and orders.customer_id, so" in found.problem
    assert [s.partition(" ON ")[2] for s in statements(found)] == [
        "things (order_id, id)",
        "orders (customer_id, id)",
    ]
    assert followed(made, shop.database.run) == []


def test_the_column_of_a_link_needs_an_index(shop: Shop) -> None:
    shop.made(CUSTOMERS.replace(" UNIQUE", ""), THINGS, "CREATE INDEX things_1 ON things (customer_id)")
    made = shop.world()
    (found,) = advised(made)
    assert (found.key, found.warning) == ("links.0.given_column", True)
    assert found.problem.startswith(
        "no index serves customers.email, so the source compares every row; run: CREATE"
    )
    assert followed(made, shop.database.run) == []


def test_the_rows_of_a_query_are_counted_by_the_key_of_its_own_table(shop: Shop) -> None:
    shop.made(CUSTOMERS, THINGS)
    made = shop.world(dataset=QUERY)
    (found,) = advised(made)
    assert (found.key, found.warning) == ("query", True)
    assert followed(made, shop.database.run) == []


def test_a_query_that_scans_another_table_is_a_warning_without_a_statement(shop: Shop) -> None:
    shop.made(
        CUSTOMERS,
        THINGS,
        "CREATE INDEX things_1 ON things (customer_id)",
        "CREATE TABLE films (title VARCHAR(9))",
    )
    joined = QUERY.replace(
        "note FROM things", "note FROM things LEFT JOIN films ON films.title = things.note"
    )
    reason = 'films = { reason = "not_personal", note = "n" }, '
    made = shop.world(dataset=joined, register=("left_out = {", f"left_out = {{ {reason}"))
    (found,) = findings(made)
    assert found.warning
    assert found.problem.startswith("by its plan, the query reads a whole table or index: give the columns")


def test_a_table_that_is_known_to_be_small_needs_no_index(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.made(CUSTOMERS.replace(" UNIQUE", ""), THINGS, "INSERT INTO things VALUES (1, 'C-1', 'n')")
    made = shop.world()
    assert len(findings(made)) == 2
    monkeypatch.setattr(indexes, "SMALL", 10_000)
    analyse = "ANALYZE" if isinstance(shop.database, PostgresDatabase) else "ANALYZE TABLE things, customers"
    shop.made(analyse)
    left = findings(made)
    # PostgreSQL of version 14 or later counts an empty table as analysed.
    assert [f.key for f in left if f.key != "links.0.given_column"] == []


def test_indexes_that_mariadb_hides_from_an_account_are_judged_by_its_plan(
    mariadb_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mariadb = empty_mariadb(mariadb_server)
    shop = Shop(tmp_path, mariadb, mariadb.reader)
    shop.made(CUSTOMERS, THINGS, "CREATE INDEX things_1 ON things (customer_id)")
    mariadb.run(f"REVOKE SELECT ON `{mariadb.name}`.* FROM `{mariadb.account}`@`%`")
    mariadb.grant(f"SELECT (id, email) ON `{mariadb.name}`.customers")
    mariadb.grant(f"SELECT (id, customer_id, note) ON `{mariadb.name}`.things")
    made = shop.world()
    assert [f.key for f in findings(made)] == ["sources.main.url"]
    shop.made("DROP INDEX things_1 ON things")
    (_, found) = findings(made)
    assert statements(found) == ["CREATE INDEX things_customer_id_id ON things (customer_id, id)"]


class Planned:
    """A snapshot of a third party that plans, but shows no indexes."""

    def as_of(self) -> None:
        return None

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        raise NotImplementedError

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        raise NotImplementedError


def test_a_source_that_shows_no_indexes_is_judged_by_its_plan(tmp_path: Path) -> None:
    (dataset,) = register_in(changed(tmp_path).folder).datasets
    for scans, remote in product((True, False), repeat=2):
        probe = Probe(scans, remote)
        found = list(indexes.index_findings("records.toml", dataset, SourceDescription(()), Planned(), probe))
        assert [(f.key, f.warning) for f in found] == [("order_by", remote)] * scans


def test_mariadb_judges_by_its_own_estimate_of_rows(mariadb_server: str, tmp_path: Path) -> None:
    mariadb = empty_mariadb(mariadb_server)
    shop = Shop(tmp_path, mariadb, mariadb.reader)
    shop.made(CUSTOMERS, THINGS, "INSERT INTO things SELECT seq, 'C-1', 'n' FROM seq_1_to_15000")
    shop.made("ANALYZE TABLE things")
    (found,) = advised(shop.world())
    assert "no index serves things.customer_id" in found.problem


def test_a_comparison_that_no_index_serves_is_an_honest_warning(
    mariadb_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mariadb = empty_mariadb(mariadb_server)
    shop = Shop(tmp_path, mariadb, mariadb.reader)
    shop.made(CUSTOMERS, THINGS, "CREATE INDEX things_1 ON things (customer_id)")
    exact = 'given_column = "email"\n'
    (found,) = findings(shop.world(register=(exact, f'{exact}match = "casefold"\n')))
    assert (found.key, found.warning) == ("links.0.given_column", True)
    assert 'because of match = "casefold" no index can change that' in found.problem
    assert "CREATE" not in found.problem


@pytest.mark.parametrize("compared", ['match = "casefold"', 'match = "e164"\nregion = "GB"'])
def test_the_indexes_for_a_folded_key_of_postgresql_end_its_warning(
    compared: str, empty_postgres: PostgresDatabase, tmp_path: Path
) -> None:
    shop = Shop(tmp_path, empty_postgres, empty_postgres.reader)
    shop.made(CUSTOMERS, THINGS.replace("customer_id", "email"))
    kind = '[[subject_keys]]\ncolumn = "email"\nidentifier = "email"\n'
    made = shop.world(keys=f"{kind}{compared}\n\n")
    found = [f for f in findings(made) if "CREATE" in f.problem]
    assert [f.key for f in found] == ["order_by"]
    assert len(statements(found[0])) == (2 if "casefold" in compared else 3)
    for statement in statements(found[0]):
        shop.made(statement)
    assert [f for f in findings(made) if "CREATE" in f.problem] == []


def test_names_that_need_quotes_are_quoted(shop: Shop) -> None:
    mark = '"' if isinstance(shop.database, PostgresDatabase) else "`"
    shop.made(CUSTOMERS, THINGS.replace("things", f"{mark}Order{mark}"))
    made = world_of(shop.folder, shop.reader, "Order")
    (found,) = advised(made)
    assert found.problem.endswith(f"ON {mark}Order{mark} (customer_id, id)")
    assert followed(made, shop.database.run) == []


def test_the_rows_of_a_querys_folded_key_are_counted_by_indexes_too(
    empty_postgres: PostgresDatabase, tmp_path: Path
) -> None:
    shop = Shop(tmp_path, empty_postgres, empty_postgres.reader)
    shop.made(CUSTOMERS, THINGS.replace("customer_id", "email"), "CREATE INDEX ON things (id)")
    own = "SELECT t.id, t.email, t.note FROM things t"
    query = f'query = "{own} WHERE t.id = 7 AND lower(t.email) IN :email"\nkey = "id"\n'
    made = shop.world(
        keys='[[subject_keys]]\ncolumn = "email"\nidentifier = "email"\nmatch = "casefold"\n\n', dataset=query
    )
    (found,) = [f for f in findings(made) if "CREATE" in f.problem]
    assert (found.key, found.warning, len(statements(found))) == ("query", True, 2)
    for statement in statements(found):
        shop.made(statement)
    assert [f for f in findings(made) if "CREATE" in f.problem or f.key == "query"] == []


# In a SQLite file


def test_an_order_without_an_index_is_no_warning_in_a_file_because_memory_would_grow(tmp_path: Path) -> None:
    made = changed(tmp_path, statement="DROP INDEX records_order")
    (found,) = advised(made)
    assert not found.warning
    assert followed(made, made.run) == []


def test_an_index_on_the_key_alone_is_not_enough_in_a_file(tmp_path: Path) -> None:
    only = ("DROP INDEX records_order", "CREATE INDEX by_key ON records (customer_id)")
    assert problems(changed(tmp_path / "served", statement=only)) == []  # the row's number ends every index
    ordered = ('order_by = ["id"]', 'order_by = ["day", "id"]')
    made = changed(tmp_path / "sorted", dataset=ordered, statement=only)
    (found,) = advised(made)
    assert statements(found) == ["CREATE INDEX records_customer_id_day_id ON records (customer_id, day, id)"]
    assert followed(made, made.run) == []


def test_a_path_of_a_file_needs_a_unique_index(tmp_path: Path) -> None:
    key = 'column = "customer_id"\nidentifier = "customer_id"\n'
    way = (
        'through = [{ column = "customer_id", table = "customers", key = "id" }]\n'
        'column = "email"\nidentifier = "email"\n'
    )
    reason = 'left_out = { customer_id = { reason = "not_personal", note = "n" } }\npurposes = {'
    other = "CREATE INDEX not_unique ON customers (email, id)"
    made = changed(tmp_path, dataset={key: way, "purposes = {": reason}, statement=other)
    (found,) = advised(made)
    assert statements(found) == ["CREATE UNIQUE INDEX customers_email_id ON customers (email, id)"]
    (left,) = followed(made, made.run)
    assert "CREATE" not in left.problem
    assert "a joined key may be null (declare it NOT NULL)" in left.problem
    customers = "CREATE TABLE customers (id TEXT NOT NULL PRIMARY KEY, email TEXT)"
    for statement in ("DROP TABLE customers", customers, *statements(found)):
        made.run(statement)
    assert findings(made) == []


@pytest.fixture
def small_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "SMALL", 10_000)


@pytest.mark.usefixtures("small_tables")
def test_a_table_of_one_row_after_analyze_has_no_finding_although_it_is_sorted(tmp_path: Path) -> None:
    made = changed(tmp_path, statement="ANALYZE")
    assert problems(made) == []


@pytest.mark.usefixtures("small_tables")
@pytest.mark.parametrize(("rows", "expected"), [(9_999, 0), (10_000, 1)])
def test_a_file_sorts_a_small_table_without_a_finding(tmp_path: Path, rows: int, expected: int) -> None:
    made = changed(tmp_path, statement=("DROP INDEX records_order", "ANALYZE"))
    made.run("DELETE FROM sqlite_stat1 WHERE tbl = 'records'")
    made.run(f"INSERT INTO sqlite_stat1 VALUES ('records', NULL, '{rows}')")
    assert len(advised(made)) == expected


@pytest.mark.usefixtures("small_tables")
@pytest.mark.parametrize(("number", "expected"), [(9_999, 0), (10_000, 1)])
def test_a_file_without_figures_has_no_more_rows_than_its_highest_row_number(
    tmp_path: Path, number: int, expected: int
) -> None:
    made = changed(tmp_path, statement="DROP INDEX records_order")
    made.run(f"UPDATE records SET id = {number}")
    assert len(advised(made)) == expected


def test_the_column_of_a_link_needs_an_index_in_a_file_too(tmp_path: Path) -> None:
    made = changed(tmp_path, register=('match = "casefold"\n', ""))
    (found,) = advised(made)
    assert (found.key, found.warning) == ("links.0.given_column", True)
    assert followed(made, made.run) == []


def test_a_folded_link_compares_every_row_of_a_file_without_a_warning(tmp_path: Path) -> None:
    assert problems(changed(tmp_path)) == []


def test_a_folded_key_of_a_file_needs_an_index_for_its_order(tmp_path: Path) -> None:
    key = 'column = "customer_id"\nidentifier = "customer_id"\n'
    made = changed(
        tmp_path, dataset=(key, f'{key}match = "casefold"\n'), statement="DROP INDEX records_order"
    )
    assert followed(made, made.run) == []


def test_the_count_of_a_querys_rows_is_a_warning_in_a_file(tmp_path: Path) -> None:
    columns = "id, customer_id, text, phone, whole, number, amount, flag, at, day, raw, details"
    query = f'query = "SELECT {columns} FROM records WHERE customer_id IN :customer_id"\nkey = "id"\n'
    made = changed(tmp_path, dataset=("order_by", f"{query}order_by"), statement="DROP INDEX records_order")
    (found,) = advised(made)
    assert (found.key, found.warning) == ("query", False)  # the query's own rows are sorted too
    assert followed(made, made.run) == []


def test_a_query_of_a_file_that_sorts_needs_the_order_in_the_index(tmp_path: Path) -> None:
    columns = "id, customer_id, text, phone, whole, number, amount, flag, at, day, raw, details"
    query = f'query = "SELECT {columns} FROM records WHERE customer_id IN :customer_id"\nkey = "id"\n'
    dataset = {'order_by = ["id"]': f'{query}order_by = ["day", "id"]'}
    made = changed(tmp_path, dataset=dataset)
    (found,) = advised(made)
    assert (found.key, found.warning) == ("query", False)
    assert statements(found) == ["CREATE INDEX records_customer_id_day_id ON records (customer_id, day, id)"]
    assert followed(made, made.run) == []


def test_a_query_that_sorts_in_spite_of_the_index_is_found(tmp_path: Path) -> None:
    columns = "phone, whole, number, amount, flag, at, day, raw, details"
    query = (
        f'query = "SELECT DISTINCT abs(id) AS id, customer_id, text, {columns} FROM records '
        'WHERE customer_id IN :customer_id"\nkey = "id"\n'
    )
    (found,) = findings(changed(tmp_path, dataset=("order_by", f"{query}order_by")))
    assert (found.key, found.warning) == ("query", False)
    assert found.problem.startswith("by its plan, the query sorts its rows in memory: give the columns")


def test_an_index_that_cannot_keep_the_order_is_found_without_a_statement(tmp_path: Path) -> None:
    nocase = "CREATE INDEX records_order ON records (customer_id COLLATE NOCASE, id)"
    (found,) = findings(changed(tmp_path, statement=("DROP INDEX records_order", nocase)))
    assert not found.warning
    assert found.problem.startswith(
        "the source sorts rows in memory in spite of indexes on records (customer_id, id): an index has another"
    )
