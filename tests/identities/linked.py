"""A small world in which people have devices and cookies for limited periods."""

from datetime import UTC, datetime
from pathlib import Path

from dsar_export.model.identity import Identity
from dsar_export.model.periods import ALWAYS, Periods, Span, periods
from dsar_export.model.request import Identifier
from tests.worlds import World

C1, C2 = Identifier("customer_id", "C-1"), Identifier("customer_id", "C-2")
TABLET, PHONE = Identifier("device", "D-1"), Identifier("device", "D-2")
COOKIE = Identifier("cookie", "k-1")
SAM = Identifier("email", "sam@example.org")


def link(given: str, leads_to: str, table: str, *more: str) -> str:
    """A link over a table with columns of the kinds' names."""
    head = f'[[links]]\ngiven = "{given}"\nleads_to = "{leads_to}"\nsource = "main"\ntable = "{table}"\n'
    return (
        "\n" + head + f'given_column = "{given}"\nleads_to_column = "{leads_to}"\n' + "\n".join(more) + "\n"
    )


VALID = 'valid = { since = "since", until = "until", zone = "UTC" }'
DEVICES = link("customer_id", "device", "devices", VALID)
COOKIES = link("device", "cookie", "cookies", VALID)


def linked_world(tmp_path: Path) -> World:
    """The small world with devices of customers and cookies of devices, each for a time."""
    made = World(tmp_path / "register")
    made.register_text += DEVICES + COOKIES
    return made.write([])


def write(of: World, **tables: list[tuple[object, ...]]) -> World:
    """Writes the register anew, and link tables of four columns each."""
    of.write([])
    for name, kinds in (
        ("devices", "customer_id, device"),
        ("cookies", "device, cookie"),
        ("visits", "device, ip"),
    ):
        of.run(f"CREATE TABLE {name} ({kinds}, since TEXT, until TEXT)")
        for row in tables.get(name, []):
            of.run(f"INSERT INTO {name} VALUES (?, ?, ?, ?)", *row)
    return of


def held(identity: Identity) -> dict[Identifier, Periods]:
    return {reached.identifier: reached.periods for reached in identity.known}


def span(since: str | None, until: str | None) -> Periods:
    first, last = (
        (None if t is None else datetime.fromisoformat(t).replace(tzinfo=UTC)) for t in (since, until)
    )
    whole = ALWAYS.spans[0]
    return periods([Span(first or whole.since, last or whole.until)])
