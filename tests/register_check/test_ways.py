"""The ways from a person to each table, as the register declares them."""

from pathlib import Path

from dsar_export.register_check.ways import Way, WayKind, ways_of
from dsar_export.wiring import register_in
from tests.shops import Shop
from tests.use_cases.firms import founded


def shop(folder: Path) -> Shop:
    made = Shop(folder / "register", left_out=["notes"])
    made.link("customers", "email:email", "customer_id:id")
    made.link("customers", "customer_id:id", "address_id:address_id", 'strength = "reference"')
    made.dataset(
        "orders", '{ column = "customer_id", identifier = "customer_id" }', {"total": '{ column = "total" }'}
    )
    made.dataset(
        "addresses", '{ column = "id", identifier = "address_id" }', {"street": '{ column = "street" }'}
    )
    made.dataset(
        "lines",
        '{ through = [{ column = ["order_id", "day"], table = "orders", key = ["id", "day"] }], '
        'column = "customer_id", identifier = "customer_id" }',
        {"sku": '{ column = "sku" }'},
    )
    made.write("CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, address_id INTEGER)")
    return made


def test_links_lead_and_point_and_subject_keys_select(tmp_path: Path) -> None:
    (found,) = ways_of(register_in(shop(tmp_path).folder))
    assert found.subject == "customer_id"
    assert found.ways == (
        Way(WayKind.LEADS, "email", "customer_id", "main.customers: email, id"),
        Way(WayKind.POINTS, "customer_id", "address_id", "main.customers: id, address_id"),
        Way(WayKind.SELECTS, "customer_id", "orders", "orders.customer_id", "main.orders"),
        Way(WayKind.SELECTS, "address_id", "addresses", "addresses.id", "main.addresses"),
        Way(
            WayKind.SELECTS,
            "customer_id",
            "lines",
            "lines.order_id = orders.id, lines.day = orders.day, orders.customer_id",
            "main.lines",
        ),
    )


def test_a_table_without_a_way_has_its_reason(tmp_path: Path) -> None:
    (found,) = ways_of(register_in(shop(tmp_path).folder))
    assert ("main.notes", "not_personal") in found.unread


def test_each_kind_of_people_has_ways_of_its_own(tmp_path: Path) -> None:
    found = ways_of(register_in(founded(tmp_path).folder))
    assert [ways.subject for ways in found] == ["customer_id", "employee_id"]
    assert all(way.start != "employee_id" for way in found[0].ways)
