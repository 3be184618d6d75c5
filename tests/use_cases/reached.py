"""A register that says where people are reached, for tests of codes and of letters by mail."""

from datetime import datetime
from pathlib import Path
from typing import Final

from tests.use_cases.offices import register_in
from tests.worlds import World

_CONTACTS: Final = """
[[contacts]]
kind = "email"
given = "customer_id"
source = "main"
table = "reach"
given_column = "customer"
address_column = "address"
valid = { since = "changed", until = "gone", zone = "UTC" }
shared = { household = 1 }

[[contacts]]
kind = "email"
given = "email"
source = "main"
table = "reach"
given_column = "address"
address_column = "address"
match = "casefold"
valid = { since = "changed", until = "gone", zone = "UTC" }
"""


def reached_register(folder: Path) -> Path:
    """The office's register with addresses on file, at first nobody's; portability is approved by policy."""
    register_in(folder)
    file = folder / "register.toml"
    text = file.read_text(encoding="utf-8").replace(
        "left_out = { customers =",
        'left_out = { reach = { reason = "not_personal", note = "-" }, customers =',
    )
    text = text.replace('access = "four_eyes"', 'access = "four_eyes"\nportability = "automatic"')
    file.write_text(text + _CONTACTS, encoding="utf-8")
    World(folder).run(
        "CREATE TABLE reach (customer TEXT, address TEXT, changed TEXT, gone TEXT, household INTEGER)"
    )
    return folder


def reach(
    register: Path,
    customer: str,
    address: str,
    period: tuple[datetime | None, datetime | None] = (None, None),
    *,
    household: int = 0,
) -> None:
    """Puts an address of a customer on file, with since when and until when it was theirs."""
    since, until = ("NULL" if at is None else f"'{at:%Y-%m-%d %H:%M:%S}'" for at in period)
    World(register).run(
        f"INSERT INTO reach VALUES ('{customer}', '{address}', {since}, {until}, {household})"
    )
