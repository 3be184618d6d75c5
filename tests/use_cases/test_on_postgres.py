"""The same data in PostgreSQL gives the same payload, byte for byte, to a role that may only select."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psycopg
import pytest

from dsar_export.errors import RegisterError, SourceUnreadableError
from dsar_export.model.request import Right
from tests.cli.commands import files_below
from tests.use_cases.on_postgres import moved, registered
from tests.worlds import World
from tools.servers.postgres import PostgresServer, rows, run, select_only_role

ROWS: Sequence[Mapping[str, object]] = (
    {"text": "älter", "phone": "+44 20 7946 0123", "whole": 2**53 + 1, "number": 0.1, "amount": "12.50", "flag": 1},
    {"text": "Zebra", "at": "2025-07-01 09:30:00", "day": "2025-07-01", "raw": b"\x00\xff", "flag": 0},
    {"text": "zebra", "at": "2025-10-26 01:30:00", "details": '{"b": [1, 2.5, "x"], "a": null}'},
    {"text": "", "amount": "-0.01", "number": -1.5e300, "whole": -(2**63), "day": "0001-01-01"},
    {"text": "=1+1 \u202e \U0001f469\u200d\U0001f680 line\r\nline \ufeff", "amount": "123456789012345678901234567.89"},
    {"text": None},
    *({"text": f"row {n}", "whole": n} for n in range(600)),
)  # fmt: skip
STRANGERS = [{"text": "STRANGE", "whole": n} for n in range(300)]
MANIFEST = "manifest-sha256.txt"


@pytest.fixture(params=[None, "en-US"], ids=["C", "en-US"])
def url(request: pytest.FixtureRequest, postgres: PostgresServer) -> Iterator[str]:
    """A database that sorts by bytes, and one that sorts as people do."""
    with postgres.database("payload", locale=request.param) as fresh:
        yield fresh


@pytest.fixture(params=['["id"]', '["text", "id"]'], ids=["by number", "by text"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    made = World(tmp_path / "register")
    made.dataset_text = made.dataset_text.replace('["id"]', request.param)
    # Every row has a text, because databases sort nulls differently.
    return made.write(
        [row for row in ROWS if row["text"] is not None or "id" not in request.param], STRANGERS
    )


@pytest.mark.parametrize("right", Right)
def test_the_payload_is_the_same(right: Right, world: World, url: str) -> None:
    here = world.package(right=right)
    there = moved(world, url).package(right=right)
    assert len(here.json()) > 600
    assert {n: b for n, b in there.members.items() if n.startswith("data/")} == {
        n: b for n, b in here.members.items() if n.startswith("data/")
    }
    assert there.members[MANIFEST] == here.members[MANIFEST]
    assert there.outcome() == here.outcome()
    assert "STRANGE" not in str(there.members["data/json/records.json"])


@pytest.mark.parametrize("deleted", ["values = [true]", "values = ['1']", "unless = [false]"])
def test_a_boolean_is_a_mark_and_a_code_like_the_one_and_zero_of_sqlite(
    deleted: str, tmp_path: Path, postgres: PostgresServer
) -> None:
    made = World(tmp_path / "register")
    made.dataset_text = made.dataset_text.replace(
        'flag = { column = "flag" }', 'flag = { column = "flag", codes = { 1 = "true", 0 = "false" } }'
    ).replace("order_by", f'deleted = {{ column = "flag", {deleted} }}\norder_by')
    here = made.write([{"flag": 1}, {"flag": 0}]).package()
    with postgres.database("booleans") as url:
        there = moved(made, url).package()
    assert [(r["flag"], r["deleted_in_source"]) for r in there.json()] == [(True, True), (False, False)]
    assert there.members[MANIFEST] == here.members[MANIFEST]


@pytest.fixture
def plain(postgres: PostgresServer, tmp_path: Path) -> Iterator[tuple[World, str]]:
    """A small world moved to PostgreSQL, and where it is."""
    with postgres.database("plain") as fresh:
        small = World(tmp_path / "register").write([{"text": "mine"}], [{"text": "theirs"}])
        yield moved(small, fresh), fresh


@pytest.mark.parametrize("kind", ["json[]", "jsonb[]"])
def test_members_of_an_array_of_json_are_json_and_pass_the_net(kind: str, plain: tuple[World, str]) -> None:
    world, url = plain
    schema = world.folder / "schemas" / "records.schema.json"
    document = json.loads(schema.read_text(encoding="utf-8"))
    document["properties"]["details"]["type"] = ["array", "null"]
    schema.write_text(json.dumps(document), encoding="utf-8")
    members = (
        """ARRAY['{"login": {"theme": 1.10}}', '"x"']""",
        """ARRAY['{"login": {"password": "CANARY"}}']""",
    )
    run(
        url,
        "ALTER TABLE records DROP COLUMN details",
        f"ALTER TABLE records ADD COLUMN details {kind}",
        f"UPDATE records SET details = {members[0]}::{kind}",
        f"INSERT INTO records (id, customer_id, details) VALUES (9, 'C-1', {members[1]}::{kind})",
    )
    package = world.package()
    assert [record["details"] for record in package.json()] == [[{"login": {"theme": 1.1}}, "x"]]
    assert package.outcome()["kept_back"] == 1


@pytest.mark.parametrize("field", ["details", "text"])
@pytest.mark.parametrize(
    ("kind", "array", "stored"),
    [
        ("bytea[]", r"ARRAY['\xdead'::bytea, NULL]", [{"$base64": "3q0=", "$was": "bytes"}, None]),
        ("float8[]", "ARRAY[1.5, 'NaN', '-Infinity']::float8[]", [1.5, {"$number": "nan"}, {"$number": "-inf"}]),
        ("float8[]", "ARRAY[ARRAY[2, 'NaN'::float8]]", [[2.0, {"$number": "nan"}]]),
    ],
)  # fmt: skip
def test_an_array_that_json_cannot_express_is_kept_beside_without_loss(
    field: str, kind: str, array: str, stored: object, plain: tuple[World, str]
) -> None:
    world, url = plain
    run(
        url,
        f"ALTER TABLE records DROP COLUMN {field}",
        f"ALTER TABLE records ADD COLUMN {field} {kind}",
        f"UPDATE records SET {field} = {array}",
    )
    package = world.package()
    (kept,) = json.loads(package.members["data/nonconforming/records.json"])
    assert kept["values"][field] == stored
    assert [reason["field"] for reason in kept["reasons"]] == [f"/{field}"]


def read_by(made: World, url: str, role: str) -> World:
    """The same register with a different role for its source."""
    made.register_text = made.register_text.replace(url, "sqlite:///main.db")
    return registered(made, role)


def test_a_role_that_may_only_select_is_enough(plain: tuple[World, str]) -> None:
    world, url = plain
    reader = read_by(world, url, select_only_role(url))
    assert [record["text"] for record in reader.package().json()] == ["mine"]


def test_a_table_that_the_role_may_not_read_is_not_an_empty_answer(plain: tuple[World, str]) -> None:
    world, url = plain
    reader = read_by(world, url, select_only_role(url))
    run(url, f"REVOKE SELECT ON records FROM {url.rpartition('/')[2]}_reader")
    with pytest.raises(RegisterError, match="permission denied for table records"):
        reader.export()
    assert files_below(reader.out) == []


WEAK_LINK = """
[[links]]
given = "customer_id"
leads_to = "device"
source = "main"
table = "logins"
given_column = "customer_id"
leads_to_column = "device"
strength = "weak"
"""


def test_a_weak_links_table_that_the_role_may_not_read_is_an_error_too(plain: tuple[World, str]) -> None:
    world, url = plain
    run(url, "CREATE TABLE logins (id bigint PRIMARY KEY, customer_id text, device text)")
    world.register_text += WEAK_LINK
    reader = read_by(world, url, select_only_role(url))
    assert len(reader.package().json()) == 1
    run(url, f"REVOKE SELECT ON logins FROM {url.rpartition('/')[2]}_reader")
    before = files_below(reader.out)
    with pytest.raises(RegisterError, match=r"link from 'customer_id' to 'device'.*permission denied"):
        reader.export()
    assert files_below(reader.out) == before


def test_nothing_in_the_database_is_changed_and_no_lock_stays(plain: tuple[World, str]) -> None:
    world, url = plain
    count = "SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables ORDER BY relname"
    before = rows(url, count)
    world.export()
    assert rows(url, count) == before
    connected = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    assert rows(url, f"{connected} AND application_name = 'dsar-export'") == [(0,)]


def test_a_server_that_does_not_answer_is_named_without_its_address(
    plain: tuple[World, str], tmp_path: Path
) -> None:
    world, url = plain
    gone = read_by(world, url, "postgresql://reader:swordfish@127.0.0.1:1/nowhere")
    with pytest.raises(SourceUnreadableError) as caught:
        gone.export()
    assert "'main'" in str(caught.value)
    assert "swordfish" not in str(caught.value)


def test_two_people_of_one_address_are_two_there_too(plain: tuple[World, str]) -> None:
    world, url = plain
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE customers SET email = 'SAM@example.org' WHERE id = 'C-2'")
    package = world.package(chosen=("C-2",))
    assert [record["text"] for record in package.json()] == ["theirs"]
    identity = json.loads(package.members["datapackage.json"])["dsar"]["identity"]
    assert identity["candidates"] == 2
