"""A register against PostgreSQL: problems that are only worth fixing are warnings, and never refuse an answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands import in_this_process
from tests.register_check.changed import findings, problems
from tests.use_cases.on_postgres import moved, registered
from tests.worlds import World
from tools.servers.postgres import PostgresServer, run, select_only_role


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    with postgres.database("check") as fresh:
        yield fresh


def world(folder: Path, url: str) -> World:
    return moved(World(folder / "register").write([{"text": "PRIVATE"}]), url)


def for_reader(made: World, url: str) -> World:
    """The same register, read by a role that may only SELECT."""
    made.register_text = made.register_text.replace(url, "sqlite:///main.db")
    return registered(made, select_only_role(url))


def test_a_role_that_may_only_select_has_no_finding(url: str, tmp_path: Path) -> None:
    assert problems(for_reader(world(tmp_path, url), url)) == []


def test_a_role_that_may_do_anything_is_a_warning(url: str, tmp_path: Path) -> None:
    (found,) = findings(world(tmp_path, url))
    assert found.warning
    assert (Path(found.where).name, found.key) == ("register.toml", "sources.main.url")
    assert found.problem.startswith("the role may do more than read (SUPERUSER")
    assert found.problem.endswith("): grant it SELECT and nothing else")


@pytest.mark.parametrize("privilege", ["INSERT", "UPDATE", "DELETE", "TRUNCATE", "UPDATE (email)"])
def test_a_role_that_may_change_a_table_is_a_warning_with_its_name(
    privilege: str, url: str, tmp_path: Path
) -> None:
    reader = for_reader(world(tmp_path, url), url)
    run(url, f"GRANT {privilege} ON customers TO {url.rpartition('/')[2]}_reader")
    (found,) = findings(reader)
    assert found.warning
    assert "public.customers" in found.problem
    assert "records" not in found.problem


def test_an_order_without_an_index_is_a_warning(url: str, tmp_path: Path) -> None:
    made = for_reader(world(tmp_path, url), url)
    run(url, "DROP INDEX records_order")
    (found,) = findings(made)
    assert found.warning
    assert (Path(found.where).name, found.key) == ("records.toml", "order_by")
    assert found.problem.endswith("; run: CREATE INDEX ON records (customer_id, id)")


def test_a_link_that_no_index_serves_is_a_warning(url: str, tmp_path: Path) -> None:
    made = for_reader(world(tmp_path, url), url)
    run(url, "DROP INDEX customers_folded")
    (found,) = findings(made)
    assert found.warning
    assert (Path(found.where).name, found.key) == ("register.toml", "links.0.given_column")
    assert "; run: CREATE INDEX ON customers (lower(" in found.problem
    run(url, *found.problem.partition("run: ")[2].split("; "))
    assert findings(made) == []


def test_every_link_over_an_unreadable_table_is_found_once(url: str, tmp_path: Path) -> None:
    made = for_reader(world(tmp_path, url), url)
    run(url, f"REVOKE SELECT ON customers FROM {url.rpartition('/')[2]}_reader")
    found = findings(made)
    assert [(Path(f.where).name, f.key, f.warning) for f in found] == [
        ("register.toml", "links.0", False),
        ("register.toml", "links.1", False),
    ]
    assert all("permission denied for table customers. Grant SELECT on it" in f.problem for f in found)
    run(url, "ALTER TABLE customers RENAME COLUMN email TO mail")
    keys = [f.key for f in findings(made) if f.key.startswith("links.")]
    assert keys == ["links.0.given_column", "links.1.leads_to_column"]


def test_a_fault_is_no_warning_on_a_server_either(url: str, tmp_path: Path) -> None:
    made = for_reader(world(tmp_path, url), url)
    run(url, "ALTER TABLE records ADD COLUMN nickname text", "CREATE TABLE notes (a text)")
    found = findings(made)
    assert not any(f.warning for f in found)
    assert sorted(f.problem.partition(": ")[0].partition(" is ")[0] for f in found) == [
        "column records.nickname",
        "no dataset reads the table 'notes'",
    ]


def test_warnings_are_shown_with_exit_code_0(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = world(tmp_path, url)
    run(url, "DROP INDEX records_order")
    done = in_this_process(capsys, "check", made.folder)
    assert done.code == 0
    assert "1 datasets fit their 1 sources" in done.out
    lines = done.err.splitlines()
    assert all(line.startswith(f"dsar-export: warning: {made.folder}") for line in lines)
    assert [("sources.main.url" in line, "order_by" in line) for line in lines] == [
        (True, False),
        (False, True),
    ]
    assert "PRIVATE" not in done.err
    assert url not in done.err


def test_json_distinguishes_warnings_from_faults(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = world(tmp_path, url)
    run(url, "DROP INDEX records_order")
    done = in_this_process(capsys, "check", made.folder, "--json")
    assert done.code == 0
    assert isinstance(done.json["findings"], list)
    assert [f["warning"] for f in done.json["findings"]] == [True, True]
    run(url, "CREATE TABLE notes (a text)")
    faulty = in_this_process(capsys, "check", made.folder, "--json")
    assert faulty.code == 1
    assert isinstance(faulty.json["findings"], list)
    assert {f["warning"] for f in faulty.json["findings"]} == {True, False}
