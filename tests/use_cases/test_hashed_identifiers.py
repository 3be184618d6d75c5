"""Identifiers stored only as keyed hashes: the key comes from the environment and stays there."""

import hashlib
import hmac
from pathlib import Path

import pytest

from tests.cli.commands import Finished, export_arguments, files_below, in_this_process
from tests.worlds import SUBJECT, World

VARIABLE = "DSAR_TEST_HMAC_KEY"
KEY = "swordfish-and-chips"


def hashed(value: str, key: str = KEY) -> str:
    return hmac.new(key.encode(), value.casefold().encode(), hashlib.sha256).hexdigest()


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Records that name their person by the hash of an address."""
    made = World(tmp_path / "register")
    by_hash = f'column = "person"\nidentifier = "email"\nmatch = "hmac"\nhmac_key = "env:{VARIABLE}"'
    made.dataset_text = made.dataset_text.replace(
        'column = "customer_id"\nidentifier = "customer_id"', by_hash
    )
    made.write([])
    made.run("ALTER TABLE records ADD COLUMN person")
    people = (("mine", "Sam@Example.org"), ("theirs", "robin@example.org"))
    for text, email in people:
        made.run("INSERT INTO records (text, person) VALUES (?, ?)", text, hashed(email))
    made.run("INSERT INTO records (text, person) VALUES ('mine too', ?)", hashed("sam@example.org").upper())
    made.run("INSERT INTO records (text, person) VALUES ('unhashed', 'sam@example.org')")
    return made


def exported(world: World, capsys: pytest.CaptureFixture[str], *more: object) -> Finished:
    return in_this_process(capsys, *export_arguments(world.folder, world.out), *more, stdin=SUBJECT)


def test_the_rows_of_a_hashed_address_are_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    package = world.package()
    assert sorted(str(record["text"]) for record in package.json()) == ["mine", "mine too"]
    assert not any(KEY.encode() in body for body in package.members.values())


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_without_the_key_nothing_is_exported_and_the_variable_is_named(
    value: str | None,
    more: tuple[str, ...],
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if value is None:
        monkeypatch.delenv(VARIABLE, raising=False)
    else:
        monkeypatch.setenv(VARIABLE, value)
    done = exported(world, capsys, *more)
    assert (done.code, done.out) == (2, "")
    assert VARIABLE in done.err
    assert "sam@" not in done.err
    assert files_below(world.out) == []


def test_another_key_finds_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "another key")
    assert exported(world, capsys).code == 5


def test_the_key_is_shown_nowhere(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    for command in (
        export_arguments(world.folder, world.out),
        ["check", str(world.folder)],
        ["identify", str(world.folder), "--controller", "acme", "--identifiers-file", "-", "--json"],
    ):
        done = in_this_process(capsys, *command, stdin=SUBJECT)
        assert done.code in {0, 1}
        assert KEY not in done.out + done.err
        assert hashed("sam@example.org") not in done.out + done.err


def test_a_link_may_begin_at_a_hash(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    linked = World(tmp_path / "linked" / "register")
    linked.register_text = linked.register_text.replace(
        'match = "casefold"', f'match = "hmac"\nhmac_key = "env:{VARIABLE}"'
    ).replace('leads_to = "email"', 'leads_to = "email_hash"')
    linked.write([{"text": "mine"}], [{"text": "theirs"}])
    linked.run("UPDATE customers SET email = ? WHERE id = 'C-1'", hashed("sam@example.org"))
    assert [record["text"] for record in linked.package().json()] == ["mine"]
