"""Through a PgBouncer that throws startup parameters away, a request is answered or refused as without it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands import export_arguments, files_below, in_this_process
from tests.register_check.changed import problems
from tests.use_cases.on_postgres import moved, registered
from tests.worlds import SUBJECT, World
from tools.servers.pgbouncer import pgbouncer
from tools.servers.postgres import PostgresServer, run, select_only_role

ROWS = [{"text": "open", "amount": "12.50", "at": "2025-07-01 09:30:00"}, {"text": "hidden"}]
STRANGERS = [{"text": "STRANGE"}]


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    with postgres.database("pooled") as fresh:
        yield fresh


@pytest.fixture
def world(url: str, tmp_path: Path) -> World:
    """The small world in PostgreSQL; its register names that server."""
    return moved(World(tmp_path / "register").write(ROWS, STRANGERS), url)


@pytest.fixture
def pooled(world: World, url: str) -> Iterator[World]:
    """The same, read through a pooler by a role that may only select."""
    with pgbouncer(select_only_role(url), ignore_startup_parameters="options") as there:
        world.register_text = world.register_text.replace(url, "sqlite:///main.db")
        yield registered(world, there)


def test_the_payload_is_the_same(pooled: World, tmp_path: Path) -> None:
    here = World(tmp_path / "here" / "register").write(ROWS, STRANGERS).package()
    there = pooled.package()
    assert len(there.json()) == 2
    assert there.members["manifest-sha256.txt"] == here.members["manifest-sha256.txt"]
    assert problems(pooled) == []


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("records", {"records.toml: fields"}),
        ("customers", {"register.toml: links.0", "register.toml: links.1"}),
    ],
)
def test_a_policy_that_hides_rows_is_refused_by_every_command(
    pooled: World, url: str, table: str, keys: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(
        url,
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY p ON {table} USING (id IS NULL)",
    )
    found = problems(pooled)
    assert {line.rpartition(": dataset")[0] or line.rpartition(": link")[0] for line in found} == keys
    refusing = [
        in_this_process(capsys, *command, stdin=SUBJECT)
        for command in (
            ["identify", pooled.folder, "--controller", "acme", "--identifiers-file", "-"],
            export_arguments(pooled.folder, pooled.out),
        )
    ]
    for problem in (*found, *(done.err for done in refusing)):
        assert f'row-level security policy for table "{table}"' in problem
        assert "BYPASSRLS" in problem
    assert [done.code for done in refusing] == [2, 2]
    assert files_below(pooled.out) == []


def test_a_pooler_by_statement_is_refused_by_every_command(
    world: World, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = select_only_role(url)
    with pgbouncer(reader, pool_mode="statement") as there:
        world.register_text = world.register_text.replace(url, "sqlite:///main.db")
        refused = registered(world, there)
        for command in (["check", refused.folder], export_arguments(refused.folder, refused.out)):
            done = in_this_process(capsys, *command, stdin=SUBJECT)
            assert done.code == 2
            assert "sources.main.url: the URL leads to a pooler that pools by statement" in done.err
            assert there not in done.err
    assert files_below(refused.out) == []
