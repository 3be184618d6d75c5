"""Writes the example organisation: its register and the two databases that the register names."""

import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from dsar_export.demo import engagement, shop
from dsar_export.demo.people import DEMO_PERSON, Person, make_people

_PACKAGE = files("dsar_export.demo")


@dataclass(frozen=True)
class DemoPerson:
    """What an export of the demo person needs to be told."""

    register: Path
    controller: str
    identifiers: tuple[str, ...]


def write_organisation(folder: Path, events: int = 2000, seed: int = 1) -> DemoPerson:
    """Writes register and databases, in place of those of an earlier run; the same seed, the same data.

    `events` is how many usage events the demo person has. Other files of the folder are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)  # noqa: S311 - invented data, nothing that must be hard to guess
    people = make_people(rng)
    _write_register(folder)
    _write_shop(folder / "shop.db", people, rng)
    _write_engagement(folder / "engagement.db", people, events, rng)
    identifiers = (f"email={people[DEMO_PERSON - 1].email}",)
    return DemoPerson(register=folder, controller="acme", identifiers=identifiers)


def _write_register(folder: Path) -> None:
    _copy(_PACKAGE / "register", folder)
    _copy(files("schemas") / "register", folder)  # for editors; the files' first lines name them


def _copy(original: Traversable, copy: Path) -> None:
    # Not shutil.copytree: it would copy the write protection of an installed package too.
    if original.is_dir():
        copy.mkdir(exist_ok=True)
        for entry in original.iterdir():
            _copy(entry, copy / entry.name)
    else:
        copy.write_bytes(original.read_bytes())


def _write_shop(path: Path, people: tuple[Person, ...], rng: random.Random) -> None:
    orders = shop.make_orders(people, rng)
    with _new_database(path, "shop.sql") as database:
        _insert(database, "customers", shop.customer_rows(people, rng))
        _insert(database, "accounts", shop.account_rows(people, rng))
        _insert(database, "products", shop.PRODUCTS)
        _insert(database, "orders", shop.order_rows(orders, rng))
        _insert(database, "order_lines", shop.order_line_rows(orders))
        _insert(database, "payments", shop.payment_rows(orders, rng))
        _insert(database, "staff_sessions", shop.staff_session_rows(rng))


def _write_engagement(path: Path, people: tuple[Person, ...], events: int, rng: random.Random) -> None:
    with _new_database(path, "engagement.sql") as database:
        _insert(database, "campaigns", engagement.CAMPAIGNS)
        _insert(database, "email_events", engagement.email_event_rows(people, rng))
        _insert(database, "usage_events", engagement.usage_event_rows(people, events, rng))


@contextmanager
def _new_database(path: Path, script: str) -> Iterator[sqlite3.Connection]:
    """An empty database with the script's tables; what is written is kept if nothing fails."""
    # A journal of an earlier run would be played back into the new file.
    for left_over in (path, *(path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm"))):
        left_over.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.executescript((_PACKAGE / script).read_text(encoding="utf-8"))
        with database:
            yield database


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    width = len(database.execute(f"PRAGMA table_info({table})").fetchall())
    marks = ", ".join("?" * width)
    database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - names of this module
