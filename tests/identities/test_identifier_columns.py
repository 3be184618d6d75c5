"""The columns of identifiers, and the values in them that may name nobody: a constant default, and zero."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dsar_export.identities.identifier_columns import (
    Descriptions,
    IdentifierColumn,
    Undecided,
    constant_default,
    identifier_columns,
)
from dsar_export.model.comparison import Comparison, Match
from dsar_export.model.request import Identifier
from dsar_export.model.source import ColumnFacts, ColumnKind, SourceDescription, Table
from dsar_export.model.subject_key import Step, SubjectKey
from dsar_export.wiring import build_collectors, register_in
from tests.export.rows import dataset, register
from tests.replacing import replace
from tests.shops import Shop

ZERO, SEVEN = Identifier("customer_id", "0"), Identifier("customer_id", "7")
GUEST = Identifier("email", "a guest")


def column(name: str = "customer_id", *, nobody: tuple[str, ...] | None = None) -> IdentifierColumn:
    return IdentifierColumn("main", "orders", name, "customer_id", Comparison(), nobody, "links.0")


# Which columns they are


def test_each_link_has_two_columns_and_each_subject_key_has_one_in_the_table_that_holds_it() -> None:
    made = register()
    link = replace(made.organisation.links[0], nobody=("none@example.org",))
    through = Step(column="customer", table="accounts", key="id")
    keys = (
        SubjectKey(column="customer_id", identifier="customer_id", nobody=("0",)),
        SubjectKey(column="email", identifier="email", match=Match.CASEFOLD, through=(through,)),
    )
    of = replace(dataset(), subject_keys=keys)
    made = replace(made, organisation=replace(made.organisation, links=(link,)), datasets=(of,))
    email, exact, listed = Comparison(Match.CASEFOLD), Comparison(), ("none@example.org",)
    assert list(identifier_columns(made, "acme")) == [
        IdentifierColumn("main", "customers", "email", "email", email, listed, "links.0"),
        IdentifierColumn("main", "customers", "id", "customer_id", exact, listed, "links.0"),
        IdentifierColumn(
            "main", "records", "customer_id", "customer_id", exact, ("0",), "subject_keys.0", of
        ),
        IdentifierColumn("main", "accounts", "email", "email", email, None, "subject_keys.1", of),
    ]


def test_the_columns_of_another_controller_are_left_out_and_links_keep_their_numbers() -> None:
    made = register()
    ours, theirs = made.organisation.links
    sources = made.organisation.sources
    elsewhere = {**sources, "other": replace(sources["main"], controllers=("globex",))}
    organisation = replace(
        made.organisation, links=(replace(theirs, source="other"), ours), sources=elsewhere
    )
    found = identifier_columns(replace(made, organisation=organisation, datasets=()), "acme")
    assert {(c.source, c.at) for c in found} == {("main", "links.1")}


# Constant defaults


def described(facts: ColumnFacts) -> Descriptions:
    table = Table("orders", ("customer_id",), facts={"customer_id": facts})
    return {"main": SourceDescription((table,))}


@pytest.mark.parametrize(
    ("kind", "default", "folded"),
    [
        (ColumnKind.TEXT, "'guest'", "guest"),
        (ColumnKind.TEXT, "'guest'::character varying", "guest"),
        (ColumnKind.TEXT, ' "guest" ', "guest"),
        (ColumnKind.TEXT, "'0.00'", "0.00"),
        (ColumnKind.INTEGER, "0", "0"),
        (ColumnKind.INTEGER, "((+0))", "0"),
        (ColumnKind.INTEGER, "'-1'::integer", "-1"),
        (ColumnKind.DECIMAL, "0.00", "0"),
        (ColumnKind.INTEGER, "'guest'", "guest"),
        (ColumnKind.TEXT, "''", None),
        (ColumnKind.TEXT, "current_user", None),
        (ColumnKind.INTEGER, "nextval('numbers'::regclass)", None),
        (ColumnKind.INTEGER, None, None),
    ],
)
def test_a_constant_default_is_known_in_every_spelling(
    kind: ColumnKind, default: str | None, folded: str | None
) -> None:
    assert constant_default(column(), described(ColumnFacts(kind, default))) == folded


def test_a_column_of_which_nothing_is_known_has_no_default() -> None:
    facts = ColumnFacts(ColumnKind.INTEGER, "0")
    assert constant_default(column("email"), described(facts)) is None
    assert constant_default(column(), {"main": SourceDescription(())}) is None
    assert constant_default(column(), {}) is None


# Values that may name nobody

TABLES = (
    "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER DEFAULT -1, email TEXT DEFAULT 'a guest')",
    "INSERT INTO users VALUES (7, 'mara@example.org')",
)


def shop(tmp_path: Path, *statements: str, nobody: str = "", orders: str = TABLES[1]) -> Shop:
    """Orders of users and of guests; users are keys of customers."""
    made = Shop(tmp_path / "register")
    made.link("users", "email:email", "customer_id:id")
    made.link("orders", "email:email", "customer_id:customer_id", nobody)
    made.dataset(
        "orders", '{ column = "customer_id", identifier = "customer_id" }', {"id": ""}, left_out=["email"]
    )
    return made.write(TABLES[0], orders, *TABLES[2:], *statements)


@contextmanager
def decider(of: Shop, *, searched: bool = True) -> Iterator[Undecided]:
    register = register_in(of.folder)
    collector = build_collectors(register)["main"]
    with collector.snapshot() as snapshot:
        columns = tuple(identifier_columns(register, "acme"))
        yield Undecided(columns, {"main": collector.describe()}, {"main": snapshot} if searched else {})


@pytest.mark.parametrize("value", ["0", "000", "0.00", "-1", "{00-00}", "{-0.0}"])
def test_a_zero_or_a_default_that_no_row_has_is_undecided(tmp_path: Path, value: str) -> None:
    with decider(shop(tmp_path)) as undecided:
        assert undecided(Identifier("customer_id", value))


@pytest.mark.parametrize("value", ["7", "8", "10", "-", "-2", "a guest"])
def test_any_other_value_is_decided(tmp_path: Path, value: str) -> None:
    with decider(shop(tmp_path)) as undecided:
        assert not undecided(Identifier("customer_id", value))


def test_a_zero_or_a_default_that_a_row_has_is_decided_as_often_as_it_is_asked(tmp_path: Path) -> None:
    with decider(shop(tmp_path, "INSERT INTO users VALUES (0, ''), (-1, '')")) as undecided:
        assert [undecided(ZERO), undecided(ZERO)] == [False, False]
        assert not undecided(Identifier("customer_id", "-1"))


def test_a_default_is_undecided_and_a_zero_is_not_where_no_table_has_a_key_of_the_kind(
    tmp_path: Path,
) -> None:
    with decider(shop(tmp_path)) as undecided:
        assert undecided(GUEST)
        assert not undecided(Identifier("email", "0"))


def test_what_the_register_decides_on_is_decided(tmp_path: Path) -> None:
    with decider(shop(tmp_path, nobody='nobody = ["a guest", "-1"]')) as undecided:
        assert not undecided(GUEST)
        assert undecided(ZERO)  # by the key of the orders, which does not list it


def test_in_a_key_column_there_is_nothing_to_decide(tmp_path: Path) -> None:
    unique = TABLES[1].replace("DEFAULT", "UNIQUE DEFAULT")
    with decider(shop(tmp_path, orders=unique)) as undecided:
        assert not undecided(GUEST)
        assert not undecided(ZERO)


def test_a_declared_foreign_key_says_which_table_must_have_the_row(tmp_path: Path) -> None:
    referring = TABLES[1].replace("DEFAULT -1", "DEFAULT -1 REFERENCES people (number)")
    people = "CREATE TABLE people (number INTEGER PRIMARY KEY)"
    made = shop(
        tmp_path,
        people,
        "INSERT INTO people VALUES (0)",
        "INSERT INTO users VALUES (-1, '')",
        orders=referring,
    )
    with decider(made) as undecided:
        assert not undecided(ZERO)
        assert undecided(Identifier("customer_id", "-1"))
        assert not undecided(Identifier("email", "0"))


def test_a_table_of_a_source_that_is_not_searched_may_have_the_row(tmp_path: Path) -> None:
    with decider(shop(tmp_path), searched=False) as undecided:
        assert not undecided(ZERO)
        assert undecided(GUEST)  # no table has a key of the kind


def test_nothing_is_undecided_in_a_source_that_is_not_described(tmp_path: Path) -> None:
    with decider(shop(tmp_path)) as known:
        undecided = Undecided(known.columns, {}, known.snapshots)
        assert not undecided(ZERO)
        assert list(undecided.defaults()) == []


def test_the_register_is_asked_about_each_column_with_a_default_that_no_row_has(tmp_path: Path) -> None:
    def asked(of: Shop) -> list[tuple[str, str]]:
        with decider(of) as undecided:
            return [(column.at, column.column) for column in undecided.defaults()]

    email, number, key = ("links.1", "email"), ("links.1", "customer_id"), ("subject_keys.0", "customer_id")
    assert asked(shop(tmp_path / "1")) == [email, number, key]
    assert asked(shop(tmp_path / "2", nobody="nobody = []")) == [key]
    assert asked(shop(tmp_path / "3", "INSERT INTO users VALUES (-1, '')")) == [email]
