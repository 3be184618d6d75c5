"""What is new in a database is added to a register's files, and not a byte beside it changes."""

import difflib
import tomllib
from pathlib import Path
from typing import Final

import pytest

from dsar_export.errors import NotWritableError, RegisterError
from dsar_export.register_draft.fitting import Edited
from dsar_export.register_draft.update import NEW, Additions, New, add_new
from tests.cli.commands import files_below
from tests.register_draft.catalogues import CUSTOMERS, ITEMS, ORDERS, drafted

REGISTER: Final = """\
# Ours, with care.
version   = "2026-11-01"   # spaced as we like
datasets  = [
    "people",   # the first
    "orders",
]

[sources.shop]
kind = 'sql_database'
url = "sqlite:///shop.db"

[sources.shop.left_out]
"odd table" = { reason = "not_personal", note = 'It is empty.' }  # looked at

[sources.other]
kind = "log_files"

[[links]]
given = "email"
"""
PEOPLE: Final = """\
name = "people"   # renamed by us
table = "customers"

[fields]
id = {column="id"}
email = { column = "email" }

# to be decided in May
[left_out]
last_name = { reason = "not_personal", note = "Empty." }
"""
READERS: Final = {
    "customers": ("people", frozenset({"id", "email"})),
    "orders": ("orders", frozenset({"number"})),
}
EDITED: Final = Edited(frozenset({"customer_id", "email"}), frozenset({"people", "orders"}), READERS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "register"
    (made / "datasets").mkdir(parents=True)
    (made / "register.toml").write_text(REGISTER)
    (made / "datasets" / "people.toml").write_text(PEOPLE)
    (made / "datasets" / "orders.toml").write_text(
        'name = "orders"\n\n[fields]\nnumber = { column = "id" }\n'
    )
    return made


def texts(folder: Path) -> dict[str, str]:
    return {str(f.relative_to(folder)): f.read_bytes().decode() for f in files_below(folder) if f.is_file()}


def added(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    """The lines that were added to each file; fails if a line was removed or changed."""
    found: dict[str, list[str]] = {}
    for name, text in after.items():
        lines = [*difflib.ndiff(before.get(name, "").splitlines(True), text.splitlines(True))]
        assert not [line for line in lines if line.startswith("- ")], name
        new = [line[2:].rstrip("\r\n") for line in lines if line.startswith("+ ")]
        if new:
            found[name] = new
    return found


def columns(*names: str, dataset: str = "people", table: str = "customers") -> New:
    return New("shop", (), tuple((dataset, table, name) for name in names))


def test_a_new_column_is_left_out_as_undecided_and_a_credential_is_withheld(folder: Path) -> None:
    before = texts(folder)
    found = add_new(folder, columns("born", "password"), None, EDITED)
    assert found == Additions(columns=("customers.born", "customers.password"))
    (lines,) = added(before, texts(folder)).values()
    assert lines[0] == f'born = {{reason = "undecided", note = "{NEW}"}}'
    assert lines[1].startswith('password = {reason = "withheld", note = "')
    assert len(lines) == 2


def test_a_key_of_a_new_table_of_sessions_is_withheld_too(folder: Path) -> None:
    add_new(folder, columns("key", dataset="orders", table="sessions"), None, EDITED)
    read = tomllib.loads(texts(folder)["datasets/orders.toml"])
    assert read["left_out"]["key"]["reason"] == "withheld"
    assert read["fields"] == {"number": {"column": "id"}}


def test_a_new_table_is_left_out_as_undecided(folder: Path) -> None:
    before = texts(folder)
    assert add_new(folder, New("shop", ("visits",), ()), None, EDITED) == Additions(tables=("visits",))
    assert added(before, texts(folder)) == {
        "register.toml": [f'visits = {{reason = "undecided", note = "{NEW}"}}']
    }


def test_a_source_without_a_list_of_tables_gets_one(folder: Path) -> None:
    before = texts(folder)
    add_new(folder, New("other", ("visits",), ()), None, EDITED)
    lines = added(before, texts(folder))["register.toml"]
    assert "[sources.other.left_out]" in lines
    read = tomllib.loads(texts(folder)["register.toml"])
    assert read["sources"]["other"]["left_out"]["visits"]["reason"] == "undecided"
    assert read["links"] == [{"given": "email"}]


def test_a_new_table_with_a_declared_key_becomes_a_dataset(folder: Path) -> None:
    before = texts(folder)
    letters = (
        "CREATE TABLE letters (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customers (id), body TEXT)"
    )
    found = add_new(folder, New("shop", ("letters",), ()), drafted(CUSTOMERS, letters), EDITED)
    assert found == Additions(datasets=("letters",))
    after = texts(folder)
    assert added(before, {name: text for name, text in after.items() if name in before}) == {
        "register.toml": ['    "letters",']
    }
    field = tomllib.loads(after["datasets/letters.toml"])["fields"]["customer_id"]
    assert field["references"] == "people.id"  # the name that people have given to the dataset


def test_a_reference_to_a_field_that_the_register_lacks_is_dropped(folder: Path) -> None:
    draft = drafted(CUSTOMERS, ORDERS, ITEMS)
    add_new(folder, New("shop", ("items",), ()), draft, EDITED)
    read = tomllib.loads(texts(folder)["datasets/items.toml"])
    assert read["fields"]["order_id"] == {"column": "order_id"}
    assert read["subject_keys"][0]["through"] == [{"column": "order_id", "table": "orders", "key": "id"}]


def test_a_new_dataset_never_takes_the_name_of_another(folder: Path) -> None:
    people = "CREATE TABLE people (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customers (id), n INT)"
    before = texts(folder)
    add_new(
        folder, New("shop", ("people",), ()), drafted(CUSTOMERS, ORDERS, people, person="customers"), EDITED
    )
    after = texts(folder)
    assert after["datasets/people.toml"] == before["datasets/people.toml"]
    assert tomllib.loads(after["datasets/people_2.toml"])["name"] == "people_2"
    assert "people_2" in tomllib.loads(after["register.toml"])["datasets"]


@pytest.mark.parametrize(
    "table",
    [
        "CREATE TABLE t (id INTEGER PRIMARY KEY, customer_id INT, n INT)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, street TEXT)",
    ],
)
def test_a_guess_and_what_no_link_leads_to_are_left_to_decide(folder: Path, table: str) -> None:
    customers = CUSTOMERS.replace("email TEXT", "email TEXT, home INT REFERENCES t (id)")
    assert add_new(folder, New("shop", ("t",), ()), drafted(customers, ORDERS, table), EDITED).datasets == ()
    read = tomllib.loads(texts(folder)["register.toml"])
    assert read["sources"]["shop"]["left_out"]["t"]["reason"] == "undecided"


def test_windows_line_ends_stay(folder: Path) -> None:
    for name in ("register.toml", "datasets/people.toml"):
        (folder / name).write_bytes((folder / name).read_bytes().replace(b"\n", b"\r\n"))
    before = texts(folder)
    add_new(folder, New("shop", ("visits",), columns("born").columns), None, EDITED)
    assert {*added(before, texts(folder))} == {"register.toml", "datasets/people.toml"}


def test_a_list_within_a_line_stays_there(folder: Path) -> None:
    (folder / "register.toml").write_text(
        'datasets = ["people", "orders"]\nsources.shop = { kind = "x", left_out = { a = { reason = "b" } } }\n'
    )
    add_new(folder, New("shop", ("visits",), ()), None, EDITED)
    read = tomllib.loads(texts(folder)["register.toml"])
    assert read["sources"]["shop"]["left_out"]["visits"]["reason"] == "undecided"
    assert read["sources"]["shop"]["left_out"]["a"] == {"reason": "b"}


def test_nothing_new_writes_nothing(folder: Path) -> None:
    before = {f: f.stat().st_mtime_ns for f in files_below(folder)}
    assert add_new(folder, New("shop", (), ()), None, EDITED) == Additions()
    assert {f: f.stat().st_mtime_ns for f in files_below(folder)} == before


def test_a_file_that_is_no_toml_is_named(folder: Path) -> None:
    (folder / "datasets" / "people.toml").write_text("name = \n")
    with pytest.raises(RegisterError, match=r"people\.toml: not TOML: line 1"):
        add_new(folder, columns("born"), None, EDITED)


def test_a_file_that_is_gone_is_named(folder: Path) -> None:
    (folder / "datasets" / "people.toml").unlink()
    with pytest.raises(RegisterError, match=r"people\.toml: can't be read"):
        add_new(folder, columns("born"), None, EDITED)


def test_a_write_that_fails_leaves_the_file_as_it_was(folder: Path) -> None:
    (folder / "datasets" / ".people.toml.new").mkdir()
    before = texts(folder)
    with pytest.raises(NotWritableError, match=r"people\.toml: can't be written"):
        add_new(folder, columns("born"), None, EDITED)
    assert texts(folder) == before
