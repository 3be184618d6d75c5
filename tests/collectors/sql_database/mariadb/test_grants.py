"""A MariaDB server silently hides what an account may not read, so the description says that it may do so."""

import pytest

from collectors.sql_database.mariadb.grants import Grants
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    made = empty_mariadb(mariadb_server)
    made.run("CREATE TABLE things (id INT PRIMARY KEY, note VARCHAR(9), hidden_note VARCHAR(9))")
    made.run("CREATE TABLE calls (id INT PRIMARY KEY)")
    return made


def revoked(mariadb: MariadbDatabase) -> None:
    mariadb.run(f"REVOKE SELECT ON `{mariadb.name}`.* FROM `{mariadb.account}`@`%`")


def unseen(mariadb: MariadbDatabase) -> tuple[str, ...]:
    return mariadb.collector().describe().unseen


def test_an_account_with_select_on_the_whole_database_sees_everything(mariadb: MariadbDatabase) -> None:
    assert unseen(mariadb) == ()


@pytest.mark.parametrize("what", ["(id, note)", ""])
def test_an_account_with_less_is_warned_that_tables_may_be_hidden(
    mariadb: MariadbDatabase, what: str
) -> None:
    revoked(mariadb)
    mariadb.grant(f"SELECT {what} ON `{mariadb.name}`.things")
    held = mariadb.collector().describe()
    assert held.table("calls") is None
    (message,) = held.unseen
    assert message.startswith(f"the account has no SELECT on the whole database '{mariadb.name}'")
    assert f"GRANT SELECT ON `{mariadb.name}`.*" in message


def test_a_default_role_counts(mariadb: MariadbDatabase) -> None:
    revoked(mariadb)
    mariadb.grant(f"SELECT (id) ON `{mariadb.name}`.things")
    role, account = f"{mariadb.name}_role", f"`{mariadb.account}`@`%`"
    mariadb.run(f"CREATE OR REPLACE ROLE {role}")
    try:
        mariadb.run(f"GRANT SELECT ON `{mariadb.name}`.* TO {role}")
        mariadb.run(f"GRANT {role} TO {account}")
        assert len(unseen(mariadb)) == 1
        assert mariadb.collector().describe().table("calls") is None
        mariadb.run(f"SET DEFAULT ROLE {role} FOR {account}")
        assert unseen(mariadb) == ()
        assert mariadb.collector().describe().table("calls") is not None
    finally:
        mariadb.run(f"DROP ROLE {role}")


def test_a_role_granted_to_a_role_counts_too(mariadb: MariadbDatabase) -> None:
    revoked(mariadb)
    outer, inner = (f"{mariadb.name}_{name}" for name in ("outer", "inner"))
    for statement in (
        f"CREATE OR REPLACE ROLE {outer}",
        f"CREATE OR REPLACE ROLE {inner}",
        f"GRANT SELECT ON `{mariadb.name}`.* TO {inner}",
        f"GRANT {inner} TO {outer}",
        f"GRANT {outer} TO `{mariadb.account}`@`%`",
        f"SET DEFAULT ROLE {outer} FOR `{mariadb.account}`@`%`",
    ):
        mariadb.run(statement)
    try:
        assert unseen(mariadb) == ()
        mariadb.run(f"GRANT INSERT ON `{mariadb.name}`.calls TO {inner}")
        assert mariadb.collector().describe().may_write == (f"{mariadb.name}.calls",)
    finally:
        mariadb.run(f"DROP ROLE {outer}, {inner}")


def test_a_grant_to_public_counts_too(mariadb: MariadbDatabase) -> None:
    revoked(mariadb)
    mariadb.run(f"GRANT SELECT ON `{mariadb.name}`.* TO PUBLIC")
    try:
        assert unseen(mariadb) == ()
    finally:
        mariadb.run(f"REVOKE SELECT ON `{mariadb.name}`.* FROM PUBLIC")


def test_another_database_with_a_visible_table_is_reported_too(mariadb: MariadbDatabase) -> None:
    other = f"{mariadb.name}_other"
    mariadb.run(f"CREATE OR REPLACE DATABASE `{other}`")
    try:
        mariadb.run(f"CREATE TABLE `{other}`.letters (id INT PRIMARY KEY)")
        mariadb.grant(f"SELECT ON `{other}`.letters")
        (message,) = unseen(mariadb)
        assert repr(other) in message
        mariadb.grant(f"SELECT ON `{other}`.*")
        assert unseen(mariadb) == ()
    finally:
        mariadb.run(f"DROP DATABASE `{other}`")


@pytest.mark.parametrize(
    ("grant", "database", "seen"),
    [
        ("GRANT SELECT ON *.* TO `r`@`%`", "crm", True),
        ("GRANT ALL PRIVILEGES ON `crm`.* TO `r`@`%` WITH GRANT OPTION", "crm", True),
        ("GRANT SELECT, INSERT ON `crm`.* TO `r`@`%`", "crm", True),
        ("GRANT SELECT ON `crm_%`.* TO `r`@`%`", "crm_live", True),
        (r"GRANT SELECT ON `crm\_live`.* TO `r`@`%`", "crm_live", True),
        (r"GRANT SELECT ON `crm\_live`.* TO `r`@`%`", "crm1live", False),
        ("GRANT SELECT ON `a``b c`.* TO `r`@`%`", "a`b c", True),
        ("GRANT SELECT ON `crm`.* TO `r`@`%`", "crm2", False),
        ("GRANT INSERT ON `crm`.* TO `r`@`%`", "crm", False),
        ("GRANT SELECT ON `crm`.`letters` TO `r`@`%`", "crm", False),
        ("GRANT SELECT (`id`, `note`) ON `crm`.`letters` TO `r`@`%`", "crm", False),
        ("GRANT USAGE ON *.* TO `r`@`%` IDENTIFIED BY PASSWORD '*B69'", "crm", False),
        ("GRANT `clerk` TO `r`@`%`", "crm", False),
    ],
)
def test_grants_for_a_whole_database_are_recognised(grant: str, database: str, *, seen: bool) -> None:
    assert Grants([grant], []).sees_all_of(database) is seen


def test_an_inactive_role_counts_for_privileges_but_not_for_visible_tables() -> None:
    grants = Grants([], ["GRANT SELECT, INSERT ON `my crm`.* TO `clerk`"])
    assert not grants.sees_all_of("my crm")
    assert list(grants.beyond_reading()) == ["my crm.*"]
