"""A register is drafted from what a database describes, and what is new is added to one that people have edited."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from dsar_export.errors import SubjectAmbiguousError, WrongUseError
from dsar_export.register_draft.draft import Wishes
from dsar_export.register_draft.update import Additions
from dsar_export.use_cases.draft_register import (
    Drafted,
    DraftOrder,
    draft_register_in,
    update_register,
)
from dsar_export.wiring import build_collectors, collector_at, register_in
from tests.cli.commands import files_below
from tests.worlds import World

CUSTOMERS = "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, since TIMESTAMP)"


def draft(folder: Path, *statements: str, zone: str | None = None, asked: list[str] | None = None) -> Drafted:
    """Drafts a register of a database with these tables; whoever is asked for the zone says that of London."""
    with closing(sqlite3.connect(folder / "shop.db")) as made, made:
        for statement in statements:
            made.execute(statement)

    def ask(example: str) -> str | None:
        if asked is None:
            return None
        asked.append(example)
        return "Europe/London"

    order = DraftOrder(
        f"sqlite:///{folder}/shop.db", folder / "register", "Acme", Wishes(zone=zone), date(2026, 11, 30), ask
    )
    return draft_register_in(order, collector_at)


def test_the_zone_is_asked_for_once_with_an_example(tmp_path: Path) -> None:
    asked: list[str] = []
    assert draft(tmp_path, CUSTOMERS, asked=asked).local_times == 0
    assert asked == ["customers.since"]
    assert 'zone = "Europe/London"' in (tmp_path / "register" / "datasets" / "customers.toml").read_text()


def test_a_zone_that_was_named_is_not_asked_for(tmp_path: Path) -> None:
    asked: list[str] = []
    draft(tmp_path, CUSTOMERS, zone="UTC", asked=asked)
    assert asked == []


def test_nobody_is_asked_if_no_time_is_stored(tmp_path: Path) -> None:
    asked: list[str] = []
    draft(tmp_path, CUSTOMERS.replace("TIMESTAMP", "DATE"), asked=asked)
    assert asked == []


def test_what_nobody_knows_is_counted(tmp_path: Path) -> None:
    assert draft(tmp_path, CUSTOMERS).local_times == 1


def test_a_refusal_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SubjectAmbiguousError):
        draft(tmp_path, CUSTOMERS, CUSTOMERS.replace("customers", "clients"))
    with pytest.raises(WrongUseError):
        draft(tmp_path, zone="Europe/Nowhere")
    assert [f.name for f in files_below(tmp_path)] == ["shop.db"]


def test_new_tables_and_columns_are_added_to_the_sources_that_have_them(tmp_path: Path) -> None:
    World(tmp_path).write([{"text": "one"}])
    with closing(sqlite3.connect(tmp_path / "main.db")) as made, made:
        made.execute("ALTER TABLE records ADD COLUMN mood TEXT")
        made.execute("CREATE TABLE visits (id INTEGER PRIMARY KEY, n INT)")
    register = register_in(tmp_path)
    updated = update_register(register, build_collectors(register), Wishes())
    assert updated == Additions(datasets=(), tables=("visits",), columns=("records.mood",))
    assert 'mood = {reason = "undecided"' in (tmp_path / "datasets" / "records.toml").read_text()
