"""Writes the example organisation: its register and the two databases that the register names."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from dsar_export.demo.companies import GB
from dsar_export.demo.customers import make_customers
from dsar_export.demo.people import DEMO_PERSON, make_people
from dsar_export.demo.tables import Dice, Tables, group_tables, hire_tables

_PACKAGE = files("dsar_export.demo")


@dataclass(frozen=True)
class DemoPerson:
    """The arguments for an export of the demo person."""

    register: Path
    controller: str
    identifiers: tuple[str, ...]


def write_organisation(folder: Path, events: int = 2000, seed: int = 1) -> DemoPerson:
    """Writes the register and the databases, replacing those of an earlier run; the same seed gives the same data.

    `events` is the number of usage events of the demo person. Other files in the folder are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dice = Dice(seed)
    people = make_people(dice.for_table("people"))
    customers = make_customers(people, dice.for_table("made customers"))
    _write_register(folder)
    _write_database(folder / "group.db", "group.sql", group_tables(customers, events, dice))
    _write_database(folder / "hire.db", "hire.sql", hire_tables(customers, dice))
    return demo_person(folder)


def demo_person(folder: Path) -> DemoPerson:
    """The demo person of an organisation that was written before."""
    everybody = make_people(Dice(1).for_table("people"))  # names are the same for every seed
    return DemoPerson(folder, GB.controller, (f"email={everybody[DEMO_PERSON - 1].email}",))


def _write_register(folder: Path) -> None:
    _copy(_PACKAGE / "register", folder)
    _copy(
        files("schemas") / "register", folder
    )  # for editors; the first lines of the register's files name them


def _copy(original: Traversable, copy: Path) -> None:
    # Not shutil.copytree: it would also copy the write protection of an installed package.
    if original.is_dir():
        copy.mkdir(exist_ok=True)
        for entry in original.iterdir():
            _copy(entry, copy / entry.name)
    else:
        copy.write_bytes(original.read_bytes())


def _write_database(path: Path, script: str, tables: Tables) -> None:
    with _new_database(path, script) as database:
        for table, rows in tables:
            width = len(database.execute(f"PRAGMA table_info({table})").fetchall())
            marks = ", ".join("?" * width)
            statement = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - names of this package
            database.executemany(statement, rows)


@contextmanager
def _new_database(path: Path, script: str) -> Iterator[sqlite3.Connection]:
    """An empty database with the script's tables; what is written is committed if nothing fails."""
    # SQLite would replay the journal of an earlier run into the new file.
    for left_over in (path, *(path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm"))):
        left_over.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        # One transaction, so that SQLite waits for the disk once and not after each table and index.
        database.executescript(f"BEGIN;\n{(_PACKAGE / script).read_text(encoding='utf-8')}")
        yield database
