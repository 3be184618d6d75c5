"""A value that names nobody selects nothing and leads nowhere: guests, fillers, and zeros that are a default."""

from pathlib import Path

import pytest

from dsar_export.errors import NobodyFoundError
from dsar_export.use_cases.export_once import count_only
from tests.shops import Shop

ORDERS = (
    "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL DEFAULT 0, email TEXT, ship TEXT)",
    "CREATE INDEX orders_by_customer ON orders (customer_id, id)",
    "CREATE INDEX orders_by_email ON orders (email, id)",
    "INSERT INTO users VALUES (7, 'mara@example.org')",
    "INSERT INTO orders VALUES (1, 7, 'mara.work@example.org', 'Mara'), (2, 0, 'kim@example.org', 'Kim')",
    "INSERT INTO orders VALUES (3, 0, 'tom@example.org', 'CANARY Tom')",
)
EMAIL_KEY = '{ column = "email", identifier = "email" }'
KIM, TOM, MARA = "email=kim@example.org", "email=tom@example.org", "email=mara@example.org"


def shop(tmp_path: Path, *, nobody: str = "", statements: tuple[str, ...] = ORDERS) -> Shop:
    """Guests are stored as customer 0; `nobody` is the setting of the links and of the orders' keys."""
    key = f", nobody = {nobody.partition('=')[2]}" if nobody else ""
    made = Shop(tmp_path / "register", left_out=["users"])
    made.link("users", "email:email", "customer_id:id", back=True)
    made.link("orders", "email:email", "customer_id:customer_id", nobody, back=True)
    keys = f'{{ column = "customer_id", identifier = "customer_id"{key} }}, ' + EMAIL_KEY
    made.dataset("orders", keys, {"id": "", "ship": ""}, left_out=["customer_id", "email"])
    return made.write(*statements)


@pytest.mark.parametrize("nobody", ["", 'nobody = ["0"]'])
def test_a_guest_gets_their_own_order_and_no_other_guests(tmp_path: Path, nobody: str) -> None:
    made = shop(tmp_path, nobody=nobody)
    assert made.values("orders", "ship", KIM) == ["Kim"]
    assert made.values("orders", "ship", TOM) == ["CANARY Tom"]
    assert made.values("orders", "ship", MARA) == ["Mara"]


def test_undecided_rows_are_counted_in_a_gap_and_reported_by_check(tmp_path: Path) -> None:
    made = shop(tmp_path)
    (gap,) = made.gaps(KIM)
    assert gap.startswith(
        "rows of 'orders' that lead to the default of 'customer_id', which may be nobody's: 1"
    )
    assert made.gaps(MARA) == []
    asked = [line for line in made.findings() if ".nobody: " in line]
    assert [line.split(": ")[:2] for line in asked] == [
        ["register.toml", "links.2.nobody"],
        ["register.toml", "links.3.nobody"],
        ["orders.toml", "subject_keys.0.nobody"],
    ]


def test_what_is_decided_is_no_gap_and_nothing_is_asked(tmp_path: Path) -> None:
    made = shop(tmp_path, nobody='nobody = ["0"]')
    assert made.gaps(KIM) == []
    assert [line for line in made.findings() if ".nobody: " in line] == []


def test_a_zero_that_is_a_persons_is_followed_like_any_number(tmp_path: Path) -> None:
    made = shop(tmp_path)
    made.write("INSERT INTO users VALUES (0, 'zero@example.org')", "DELETE FROM orders WHERE id = 3")
    assert made.values("orders", "ship", "email=zero@example.org") == ["Kim"]
    assert [line for line in made.findings() if ".nobody: " in line] == []


def test_a_register_may_declare_that_zero_is_a_person(tmp_path: Path) -> None:
    made = shop(tmp_path, nobody="nobody = []")
    assert made.values("orders", "ship", "customer_id=0") == ["Kim", "CANARY Tom"]


@pytest.mark.parametrize("nobody", ["", 'nobody = ["0"]'])
def test_giving_a_number_that_names_nobody_finds_nobody(tmp_path: Path, nobody: str) -> None:
    made = shop(tmp_path, nobody=nobody)
    found = made.identify("customer_id=0")
    assert (found.people, found.held, found.ambiguous) == (0, False, None)
    assert made.package("customer_id=0").json("orders") == []


@pytest.mark.parametrize(
    ("kind", "default", "guest"),
    [
        ("INTEGER", "DEFAULT 0", "0"),
        ("TEXT", "DEFAULT '0'", "'0'"),
        ("TEXT", "DEFAULT '00000'", "'00000'"),
        ("TEXT", "DEFAULT 'guest'", "'guest'"),
        ("REAL", "DEFAULT 0.0", "0"),
        ("NUMERIC", "DEFAULT 0.00", "0"),
        ("INTEGER", "DEFAULT (0)", "0"),
        ("INTEGER", "DEFAULT +0", "0"),
        ("INTEGER", "DEFAULT -1", "-1"),
        ("BLOB", "DEFAULT x'00000000000000000000000000000000'", "x'00000000000000000000000000000000'"),
        (
            "TEXT",
            "DEFAULT '{00000000-0000-0000-0000-000000000000}'",
            "'00000000-0000-0000-0000-000000000000'",
        ),
        ("INTEGER", "", "0"),
        ("TEXT", "", "'000'"),
    ],
)
def test_guests_under_a_constant_default_or_a_zero_are_not_one_person(
    tmp_path: Path, kind: str, default: str, guest: str
) -> None:
    column = "customer_id INTEGER NOT NULL DEFAULT 0"
    tables = tuple(s.replace(column, f"customer_id {kind} NOT NULL {default}") for s in ORDERS)
    made = shop(tmp_path, statements=(*tables, f"UPDATE orders SET customer_id = {guest} WHERE id > 1"))
    assert made.values("orders", "ship", KIM) == ["Kim"]
    assert len(made.gaps(KIM)) == 1
    assert any("subject_keys.0.nobody: " in line for line in made.findings()) == bool(default)


def test_a_filler_address_that_one_place_declares_is_nobodys_everywhere(tmp_path: Path) -> None:
    made = Shop(tmp_path / "register", left_out=["users"])
    made.link("users", "email:email", "customer_id:id", 'match = "casefold"', back=False)
    made.link("users", "customer_id:id", "email:email")
    keys = '{ column = "email", identifier = "email", match = "casefold", nobody = ["NoEmail@example.org"] }'
    made.dataset("orders", keys, {"id": "", "ship": ""}, left_out=["customer_id", "email"])
    made.write(
        *ORDERS,
        "UPDATE users SET email = 'noemail@example.org'",
        "UPDATE orders SET email = ' NOEMAIL@example.org' WHERE id > 1",
    )
    assert made.package("customer_id=7").json("orders") == []
    assert made.identify("email=noemail@example.org").people == 0
    assert made.values("orders", "ship", "email=mara.work@example.org") == ["Mara"]


PHONES = (
    "CREATE TABLE users (id INTEGER PRIMARY KEY, phone TEXT)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, phone TEXT, ship TEXT)",
    "CREATE INDEX orders_by_phone ON orders (phone, id)",
)
FILLERS = ("n/a", "0", "-", "unknown", "0000000000", "123", "x", "")


@pytest.mark.parametrize("filler", FILLERS)
def test_text_that_is_no_possible_telephone_number_joins_no_strangers(tmp_path: Path, filler: str) -> None:
    british = 'match = "e164"\nregion = "GB"'
    made = Shop(tmp_path / "register", left_out=["users"])
    made.link("users", "phone:phone", "customer_id:id", british).link(
        "users", "customer_id:id", "phone:phone"
    )
    keys = '{ column = "phone", identifier = "phone", match = "e164", region = "GB" }'
    made.dataset("orders", keys, {"id": "", "ship": ""}, left_out=["phone"])
    made.write(
        *PHONES,
        f"INSERT INTO users VALUES (1, '07700 900101'), (2, '{filler}'), (3, '{filler}')",
        "INSERT INTO orders VALUES (1, '+44 7700 900101', 'Mara')",
        f"INSERT INTO orders VALUES (2, '{filler}', 'CANARY'), (3, '{filler}', 'CANARY')",
    )
    assert made.package("customer_id=2").json("orders") == []
    assert made.values("orders", "ship", "customer_id=1") == ["Mara"]
    if filler:
        found = made.identify(f"phone={filler}")
        assert (found.people, found.held) == (0, False)


def test_a_filler_value_does_not_conflict_with_a_cookie(tmp_path: Path) -> None:
    """A visit with customer 0 and the person's cookie names nobody else."""
    made = Shop(tmp_path / "register", left_out=["users"])
    made.link("users", "email:email", "customer_id:id")
    keys = (
        '{ column = "customer_id", identifier = "customer_id", nobody = ["0"] }, '
        '{ column = "cookie", identifier = "cookie", proves = false }'
    )
    made.dataset("visits", keys, {"id": "", "page": ""}, left_out=["customer_id", "cookie"])
    made.write(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)",
        "INSERT INTO users VALUES (7, 'mara@example.org')",
        "CREATE TABLE visits (id INTEGER PRIMARY KEY, customer_id INTEGER DEFAULT 0, cookie TEXT, page TEXT)",
        "CREATE INDEX visits_1 ON visits (customer_id, id)",
        "CREATE INDEX visits_2 ON visits (cookie, id)",
        "INSERT INTO visits VALUES (1, 0, 'k-1', 'mine'), (2, 8, 'k-1', 'CANARY'), (3, 7, 'k-2', 'mine too')",
    )
    made.change("register.toml", 'subject = "customer_id"', 'subject = "customer_id"\nsupplied = ["cookie"]')
    assert sorted(map(str, made.values("visits", "page", MARA, "cookie=k-1"))) == ["mine", "mine too"]


def test_an_export_for_a_filler_value_makes_no_package(tmp_path: Path) -> None:
    made = shop(tmp_path)
    with pytest.raises(NobodyFoundError):
        count_only(made.services, made.request("customer_id=0"))
