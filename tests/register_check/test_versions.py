"""Earlier versions that MariaDB keeps: decided on, or found by the check and reported as a gap."""

from pathlib import Path
from typing import Final

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.outcome import Gap
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.register_check.changed import begins, problems
from tests.register_check.hidden import world_of
from tests.worlds import World

HISTORY: Final = '\n[[history]]\ntable = "things"\nsystem_versions = true\norder_by = ["id"]\n'
WITHHELD: Final = 'versions_left_out = { reason = "withheld", note = "Kept for audits only." }'
KEPT: Final = (
    "Gap: earlier versions of rows, which the table 'things' keeps, are not in the register yet, "
    "so they were not copied"
)


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    made = empty_mariadb(mariadb_server)
    made.run("CREATE TABLE customers (id VARCHAR(9) PRIMARY KEY, email VARCHAR(99) UNIQUE)")
    made.run("INSERT INTO customers VALUES ('C-1', 'sam@example.org'), ('C-2', 'robin@example.org')")
    made.run(
        "CREATE TABLE things (id INT PRIMARY KEY, customer_id VARCHAR(9), note VARCHAR(40), KEY (customer_id, id)) "
        "WITH SYSTEM VERSIONING"
    )
    for statement in (
        "INSERT INTO things VALUES (1, 'C-1', 'old address'), (2, 'C-1', 'deleted row'), (3, 'C-2', 'PRIVATE')",
        "UPDATE things SET note = 'new address' WHERE id = 1",
        "DELETE FROM things WHERE id IN (2, 3)",
    ):
        made.run(statement)
    return made


def world(folder: Path, mariadb: MariadbDatabase, *, dataset: str = "", history: str = "") -> World:
    made = world_of(folder, mariadb.reader, dataset=dataset)
    made.dataset_text += history
    return made.write([])


def gaps(found: tuple[Gap, ...]) -> list[str]:
    return [f"Gap: {gap.reason}" for gap in found]


def test_undecided_versions_are_found_and_reported_as_a_gap(mariadb: MariadbDatabase, tmp_path: Path) -> None:
    made = world(tmp_path, mariadb)
    assert begins(problems(made), "records.toml: history: 'things' keeps earlier versions of its rows")
    assert gaps(made.export().gaps) == [KEPT]


def test_versions_are_exported_as_history_with_their_marks(mariadb: MariadbDatabase, tmp_path: Path) -> None:
    made = world(tmp_path, mariadb, history=HISTORY)
    assert problems(made) == []
    package = made.package()
    records = [(r["text"], r["earlier_version"], r["deleted_in_source"]) for r in package.json()]
    assert records == [
        ("new address", False, False),
        ("old address", True, False),
        ("deleted row", False, True),
    ]
    outcome = package.outcome()
    assert (outcome["read"], outcome["written"]) == (3, 3)
    assert outcome["marked"] == {"deleted_in_source": 1, "earlier_version": 1}


def test_versions_that_are_left_out_with_a_reason_are_no_gap(
    mariadb: MariadbDatabase, tmp_path: Path
) -> None:
    made = world(tmp_path, mariadb, dataset=WITHHELD)
    assert problems(made) == []
    assert made.export().gaps == ()
    assert [set(record) for record in made.package().json()] == [{"record_id", "text"}]


def test_a_deletion_mark_counts_beside_the_versions(mariadb: MariadbDatabase, tmp_path: Path) -> None:
    mark = 'deleted = { column = "note", values = ["old address"] }'
    made = world(tmp_path, mariadb, dataset=mark, history=HISTORY)
    deleted = {r["text"]: r["deleted_in_source"] for r in made.package().json()}
    assert deleted == {"new address": False, "old address": True, "deleted row": True}


def test_a_decision_on_versions_that_are_not_there_is_found(mariadb: MariadbDatabase, tmp_path: Path) -> None:
    mariadb.run("ALTER TABLE things DROP SYSTEM VERSIONING")
    left_out = world(tmp_path, mariadb, dataset=WITHHELD)
    assert begins(problems(left_out), "records.toml: versions_left_out: leaves nothing out; drop it")
    read = world(tmp_path, mariadb, history=HISTORY)
    assert begins(
        problems(read),
        "records.toml: history.0.system_versions: 'things' keeps no earlier versions of its rows",
    )
    with pytest.raises(RegisterError, match="keeps no versions"):
        read.export()


def test_versions_are_not_both_exported_and_left_out(mariadb: MariadbDatabase, tmp_path: Path) -> None:
    made = world(tmp_path, mariadb, dataset=WITHHELD, history=HISTORY)
    assert begins(problems(made), "records.toml: versions_left_out: leaves nothing out; drop it")


def test_the_versions_of_a_history_table_are_to_be_decided_on_too(
    mariadb: MariadbDatabase, tmp_path: Path
) -> None:
    mariadb.run(
        "CREATE TABLE archive (id INT PRIMARY KEY, customer_id VARCHAR(9), note VARCHAR(40), KEY (customer_id))"
    )
    mariadb.run("ALTER TABLE archive ADD SYSTEM VERSIONING")
    archive = HISTORY.replace("things", "archive")
    plain = archive.replace("system_versions = true\n", "")
    assert begins(
        problems(world(tmp_path, mariadb, history=HISTORY + plain)),
        "records.toml: history: 'archive' keeps earlier versions of its rows",
    )
    assert problems(world(tmp_path, mariadb, history=HISTORY + plain + archive)) == []


def test_system_versions_need_the_datasets_own_table(mariadb: MariadbDatabase, tmp_path: Path) -> None:
    made = world(tmp_path, mariadb, history=HISTORY.replace("things", "customers"))
    with pytest.raises(RegisterError, match="system_versions need the dataset's own table"):
        made.export()


def test_a_version_that_is_not_the_subjects_stops_the_export(
    mariadb: MariadbDatabase, tmp_path: Path
) -> None:
    made = world(tmp_path, mariadb, history=HISTORY)
    package = made.package("email=robin@example.org")
    assert [(r["text"], r["deleted_in_source"]) for r in package.json()] == [("PRIVATE", True)]
