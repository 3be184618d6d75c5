"""A column that refers to several tables is half a key: what it refers to is asserted too."""

from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from tests.shops import Shop

MARA = "email=mara@example.org"
TABLES = (
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, customer_type TEXT)",
    "INSERT INTO customers VALUES (5, 'mara@example.org', 'private'), (6, 'tom@example.org', 'private')",
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, owner_type TEXT NOT NULL, owner_id INTEGER NOT NULL, body TEXT)",
    "CREATE INDEX notes_by_owner ON notes (owner_id, id)",
    "INSERT INTO notes VALUES (1, 'customer', 5, 'Mara'), (2, 'employee', 5, 'CANARY'), (3, 'customer', 6, 'CANARY')",
)
WHERE = 'where = { owner_type = "customer" }'
LESS_USUAL = [
    "itemtype",
    "owner_type_id",
    "target_content_type_id",
    "owner_class",
    "table_name",
    "parent_module",
]
NO_WHERE = 'no_where = "Only customers have notes."'


def notes(tmp_path: Path, more: str = "", *, table: str = "notes", also: tuple[str, ...] = ()) -> Shop:
    made = Shop(tmp_path / "register", left_out=["customers"]).link(
        "customers", "email:email", "customer_id:id"
    )
    key = f'{{ column = "owner_id", identifier = "customer_id"{more and ", " + more} }}'
    made.dataset("notes", key, {"id": "", "body": "", "owner_type": ""}, table=table)
    return made.write(*TABLES, *also)


def test_half_a_key_is_refused_by_check_and_by_export(tmp_path: Path) -> None:
    made = notes(tmp_path)
    (found,) = made.findings()
    assert found.startswith(
        "notes.toml: subject_keys.0: column 'owner_id' of 'notes' stands beside 'owner_type'"
    )
    for asked in (made.export, made.identify):
        with pytest.raises(RegisterError, match="stands beside 'owner_type'"):
            asked(MARA)


def test_with_where_the_rows_of_others_are_neither_copied_nor_counted(tmp_path: Path) -> None:
    made = notes(tmp_path, WHERE)
    assert made.findings() == []
    package = made.package(MARA)
    assert [record["body"] for record in package.json("notes")] == ["Mara"]
    assert package.outcome("notes")["read"] == 1
    assert made.gaps(MARA) == []


def test_the_register_can_explain_why_it_needs_no_where(tmp_path: Path) -> None:
    made = notes(tmp_path, NO_WHERE, also=("DELETE FROM notes WHERE owner_type = 'employee'",))
    assert made.findings() == []
    assert made.values("notes", "body", MARA) == ["Mara"]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ('no_where = " "', "no_where: is empty; write the reason"),
        (f"{WHERE}, {NO_WHERE}", "where and no_where exclude each other"),
    ],
)
def test_a_blank_no_where_is_found_and_one_beside_a_where(tmp_path: Path, more: str, problem: str) -> None:
    assert any(problem in line for line in notes(tmp_path, more).findings())


def test_a_where_over_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    made = notes(tmp_path, 'where = { ownertype = "customer" }')
    assert any("no column 'ownertype'" in line for line in made.findings())
    with pytest.raises(RegisterError):
        made.export(MARA)


@pytest.mark.parametrize(
    "name", ["content_type_id", "ownerType", "commentable_type", "party_kind", "OWNER_TYPE", *LESS_USUAL]
)
def test_every_usual_name_of_the_other_half_is_known(tmp_path: Path, name: str) -> None:
    also = (f'ALTER TABLE notes RENAME COLUMN owner_type TO "{name}"',)
    made = Shop(tmp_path / "register", left_out=["customers"]).link(
        "customers", "email:email", "customer_id:id"
    )
    made.dataset(
        "notes", '{ column = "owner_id", identifier = "customer_id" }', {"id": ""}, left_out=["body", name]
    )
    assert any("may refer to several tables" in line for line in made.write(*TABLES, *also).findings())


def test_a_declared_foreign_key_refers_to_one_table(tmp_path: Path) -> None:
    also = (
        "DROP TABLE notes",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, owner_type, body, owner_id REFERENCES customers (id))",
        "CREATE INDEX notes_again ON notes (owner_id, id)",
    )
    assert [line for line in notes(tmp_path, also=also).findings() if "several tables" in line] == []


@pytest.mark.parametrize(
    ("column", "beside", "asked"),
    [
        ("customer_id", "customer_type", False),
        ("owner_id", "note_type", False),
        ("owner_id", "owner_type", True),
    ],
)
def test_a_key_of_its_own_table_needs_none_but_where_its_name_is_half_of_one(
    tmp_path: Path, column: str, beside: str, *, asked: bool
) -> None:
    made = Shop(tmp_path / "register").link("profiles", "email:email", f"customer_id:{column}")
    key = f'{{ column = "{column}", identifier = "customer_id" }}'
    made.dataset("profiles", key, {column: "", beside: "", "email": ""}, more=f'order_by = ["{column}"]')
    made.write(f"CREATE TABLE profiles ({column} INTEGER PRIMARY KEY, {beside} TEXT, email TEXT)")
    assert any("several tables" in line for line in made.findings()) == asked


def versions(tmp_path: Path, more: str) -> Shop:
    """Customers whose earlier versions are in a table shared with other tables' versions."""
    made = Shop(tmp_path / f"register{len(more)}").link("customers", "email:email", "customer_id:id")
    left = ", ".join(f'{name} = {{ reason = "not_personal", note = "n" }}' for name in ("vid", "item_type"))
    table = 'table = "versions", order_by = ["vid"], columns = { id = "item_id" }'
    lines = ['order_by = ["id"]', f"history = [{{ {table}, left_out = {{ {left} }}{more} }}]"]
    key = '{ column = "id", identifier = "customer_id" }'
    fields = {"id": "", "email": ""}
    made.dataset("customers", key, fields, more="\n".join(lines), left_out=["customer_type"])
    return made.write(
        *TABLES[:2],
        "CREATE TABLE versions (vid INTEGER PRIMARY KEY, item_type TEXT, item_id INTEGER, email TEXT)",
        "CREATE INDEX versions_by_item ON versions (item_id, vid)",
    )


def test_a_history_table_may_hold_the_versions_of_several_tables(tmp_path: Path) -> None:
    half = versions(tmp_path, "")
    assert any("history.0: column 'item_id' of 'versions' stands beside" in line for line in half.findings())
    with pytest.raises(RegisterError, match="several tables"):
        half.export(MARA)
    whole = versions(tmp_path, ', no_where = "Only customers have versions."')
    assert [line for line in whole.findings() if "several tables" in line] == []


def test_half_a_link_is_refused_and_a_whole_one_leads_to_nobody_else(tmp_path: Path) -> None:
    def linked(more: str) -> Shop:
        made = Shop(tmp_path / f"register{len(more)}", left_out=["emails"])
        made.link("emails", "email:address", "customer_id:owner_id", more, back=True)
        key = '{ column = "id", identifier = "customer_id" }'
        made.dataset("customers", key, {"id": "", "email": "", "customer_type": ""})
        return made.write(
            *TABLES[:2],
            "CREATE TABLE emails (id INTEGER PRIMARY KEY, owner_type TEXT, owner_id INTEGER, address TEXT)",
            "INSERT INTO emails VALUES (1, 'employee', 6, 'emp@example.org'), (2, 'customer', 5, 'second@example.org')",
        )

    half = linked("")
    assert any("links.0: column 'owner_id' of 'emails' stands beside" in line for line in half.findings())
    with pytest.raises(RegisterError, match="stands beside"):
        half.export("email=second@example.org")
    whole = linked(WHERE)
    assert whole.findings() == []
    assert whole.values("customers", "id", "email=second@example.org") == ["5"]
    assert whole.identify("email=emp@example.org").people == 0


def test_a_step_may_be_half_too(tmp_path: Path) -> None:
    def comments(more: str) -> Shop:
        made = Shop(tmp_path / f"register{len(more)}", left_out=["customers", "posts"])
        made.link("customers", "email:email", "customer_id:id")
        step = f'{{ column = "target_id", table = "posts", key = "id"{more} }}'
        key = f'{{ through = [{step}], column = "author", identifier = "customer_id" }}'
        made.dataset("comments", key, {"id": "", "text": ""}, left_out=["target_id", "target_type"])
        return made.write(
            *TABLES[:2],
            "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER)",
            "CREATE UNIQUE INDEX posts_by_author ON posts (author, id)",
            "INSERT INTO posts VALUES (50, 5), (60, 6)",
            "CREATE TABLE comments (id INTEGER PRIMARY KEY, target_type TEXT, target_id INTEGER, text TEXT)",
            "CREATE INDEX comments_by_target ON comments (target_id, id)",
            "INSERT INTO comments VALUES (1, 'post', 50, 'under my post'), (2, 'photo', 50, 'CANARY')",
        )

    assert any("subject_keys.0.through.0: column 'target_id'" in line for line in comments("").findings())
    whole = comments(', where = { target_type = "post" }')
    assert whole.findings() == []
    assert whole.values("comments", "text", MARA) == ["under my post"]


def test_a_query_asserts_the_where_of_its_key(tmp_path: Path) -> None:
    made = Shop(tmp_path / "register", left_out=["customers"]).link(
        "customers", "email:email", "customer_id:id"
    )
    query = "SELECT id, owner_id, body FROM notes WHERE owner_id IN :customer_id"
    key = f'{{ column = "owner_id", identifier = "customer_id", {WHERE} }}'
    more = f'order_by = ["id"]\nkey = "id"\nquery = "{query}"'
    made.dataset("notes", key, {"id": "", "body": ""}, more=more, left_out=["owner_type"])
    made.write(*TABLES)
    assert made.values("notes", "body", MARA) == ["Mara"]
    assert made.gaps(MARA) == []
