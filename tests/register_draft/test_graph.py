"""References are declared by foreign keys, or guessed from names and types."""

from dsar_export.register_draft.graph import Reference, RowKey, row_key, single_key
from tests.register_draft.catalogues import CUSTOMERS, ORDERS, described, graph_of


def test_a_foreign_key_is_a_reference() -> None:
    graph = graph_of(CUSTOMERS, ORDERS)
    assert graph.references == (Reference("orders", ("customer_id",), "customers", ("id",)),)
    assert graph.into("customers") == graph.out_of("orders")


def test_a_reference_to_the_table_itself_is_none_from_another() -> None:
    graph = graph_of("CREATE TABLE staff (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES staff (id))")
    assert len(graph.out_of("staff")) == 1
    assert graph.into("staff") == ()


def test_a_foreign_key_to_a_missing_table_is_none() -> None:
    assert (
        graph_of("CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER REFERENCES b (id))").references == ()
    )


def guessed(*statements: str) -> list[tuple[str, tuple[str, ...], str]]:
    return [(r.table, r.columns, r.target) for r in graph_of(*statements).references if r.guessed]


def test_a_reference_is_guessed_from_the_tables_name_and_its_keys() -> None:
    assert guessed(CUSTOMERS, "CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id INTEGER)") == [
        ("notes", ("customer_id",), "customers")
    ]
    kunden = "CREATE TABLE Kunden (KundenNr INTEGER PRIMARY KEY, Nachname TEXT)"
    assert guessed(kunden, "CREATE TABLE Notizen (ID INTEGER PRIMARY KEY, KundenNr INTEGER)") == [
        ("Notizen", ("KundenNr",), "Kunden")
    ]


def test_a_guess_needs_the_same_type_and_a_single_target() -> None:
    note = "CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id TEXT)"
    assert guessed(CUSTOMERS, note) == []
    number = note.replace("TEXT", "INTEGER")
    assert guessed(CUSTOMERS, "CREATE TABLE customer (id INTEGER PRIMARY KEY)", number) == []


def test_no_reference_is_guessed_beside_a_declared_one() -> None:
    assert guessed(CUSTOMERS, ORDERS) == []


def test_a_key_with_a_name_for_anything_is_no_guess() -> None:
    quotes = "CREATE TABLE quotes (entity_id INTEGER PRIMARY KEY)"
    assert guessed(quotes, "CREATE TABLE logs (id INTEGER PRIMARY KEY, entity_id INTEGER)") == []


def test_the_word_with_which_most_tables_begin_may_be_missing_in_a_column() -> None:
    users = "CREATE TABLE wp_users (ID INTEGER PRIMARY KEY)"
    meta = "CREATE TABLE wp_usermeta (umeta_id INTEGER PRIMARY KEY, user_id INTEGER)"
    more = "CREATE TABLE wp_links (link_id INTEGER PRIMARY KEY)"
    assert guessed(users, meta, more) == [("wp_usermeta", ("user_id",), "wp_users")]
    assert guessed(users, meta) == []


def test_words_at_the_end_of_a_tables_name_may_be_missing_in_a_column() -> None:
    entity = "CREATE TABLE customer_entity (entity_id INTEGER PRIMARY KEY)"
    log = "CREATE TABLE customer_log (log_id INTEGER PRIMARY KEY, customer_id INTEGER)"
    assert guessed(entity, log) == [("customer_log", ("customer_id",), "customer_entity")]


def test_a_guess_to_a_table_that_companies_share_needs_the_company_beside_it() -> None:
    shared = "CREATE TABLE customers (company TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (company, id))"
    assert guessed(shared, "CREATE TABLE a (id INTEGER PRIMARY KEY, customer_id INTEGER)") == []
    beside = "CREATE TABLE a (id INTEGER PRIMARY KEY, company TEXT, customer_id INTEGER)"
    assert guessed(shared, beside) == [("a", ("company", "customer_id"), "customers")]


def test_a_row_is_named_by_its_key_or_a_unique_column_that_is_never_null() -> None:
    def key(columns: str) -> str | None:
        return single_key(described(f"CREATE TABLE t ({columns})").tables[0])

    assert key("id INTEGER PRIMARY KEY") == "id"
    assert key("code TEXT NOT NULL UNIQUE, a TEXT") == "code"
    assert key("code TEXT UNIQUE, a TEXT") is None
    assert key("a TEXT, b TEXT, PRIMARY KEY (a, b)") is None


def test_a_company_beside_the_key_names_the_row_too() -> None:
    (table,) = described(
        "CREATE TABLE t (mandant TEXT NOT NULL, nr INT NOT NULL, PRIMARY KEY (mandant, nr))"
    ).tables
    assert row_key(table) == RowKey("nr", "mandant")


def test_a_guess_also_leads_to_the_table_where_old_rows_go() -> None:
    archive = "CREATE TABLE orders_archive (id INTEGER PRIMARY KEY, customer_id INTEGER)"
    lines = "CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER)"
    assert {*guessed(CUSTOMERS, ORDERS, archive, lines)} == {
        ("orders_archive", ("customer_id",), "customers"),
        ("lines", ("order_id",), "orders"),
        ("lines", ("order_id",), "orders_archive"),
    }
    versions = "CREATE TABLE orders_old (version INTEGER PRIMARY KEY, id INTEGER)"
    assert ("lines", ("order_id",), "orders_old") not in guessed(CUSTOMERS, ORDERS, versions, lines)
