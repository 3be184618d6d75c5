"""A person is answered as one of several kinds of people, and by nothing that belongs to the others."""

from pathlib import Path

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.use_cases.subjects import services_about
from tests.shops import Shop
from tests.use_cases.firms import SAM, exported, founded, services_for, texts
from tests.worlds import World


def test_whoever_is_both_gets_the_data_of_the_kind_that_is_named(tmp_path: Path) -> None:
    made = founded(tmp_path)
    assert texts(made, "customers", SAM) == {"orders": ["SAM-ORDER"]}
    assert texts(made, "employees", SAM) == {"salaries": ["SAM-SALARY"]}


def test_the_identifiers_decide_where_only_one_kind_of_people_has_them(tmp_path: Path) -> None:
    made = founded(tmp_path)
    assert texts(made, None, "customer_id=7") == {"orders": ["SAM-ORDER"]}
    assert texts(made, None, "employee_id=7", "email=kim@example.org") == {"salaries": ["KIM-SALARY"]}


def test_a_number_that_both_kinds_have_is_two_people(tmp_path: Path) -> None:
    made = founded(tmp_path)
    found = exported(made, "customers", "customer_id=7").identity
    assert {(r.identifier.kind, r.identifier.value) for r in found.known} == {
        ("customer_id", "7"),
        ("email", "sam@example.org"),
    }
    assert found.candidates == 0


@pytest.mark.parametrize(
    ("subject", "identifiers", "problem"),
    [
        (None, [SAM], "these identifiers fit several kinds of people; name one: customers, employees"),
        (
            None,
            ["customer_id=7", "employee_id=9"],
            "these identifiers do not all belong to one kind of people; name one: customers, employees",
        ),
        ("custmers", [SAM], "no kind of people 'custmers' in the register; nearest valid name: customers"),
        (None, ["crm=7"], "unknown kind of identifier; valid names: customer_id, email, employee_id"),
    ],
)  # fmt: skip
def test_a_request_that_is_about_no_one_kind_is_refused(
    tmp_path: Path, subject: str | None, identifiers: list[str], problem: str
) -> None:
    with pytest.raises(WrongUseError) as refused:
        services_for(founded(tmp_path), subject, *identifiers)
    assert str(refused.value) == problem


def test_identifiers_of_other_people_are_refused_where_a_kind_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="unknown kind of identifier; valid names: email, employee_id"):
        exported(founded(tmp_path), "employees", "customer_id=7")


def test_a_register_without_kinds_refuses_a_name(tmp_path: Path) -> None:
    made = Shop(tmp_path / "shop").dataset(
        "orders", '{ column = "customer_id", identifier = "customer_id" }', {"id": ""}
    )
    made.write("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER)")
    with pytest.raises(WrongUseError, match="names no kinds of people, so 'customers' is none"):
        services_for(made, "customers", "customer_id=7")


def test_the_tables_of_others_are_no_gap_and_one_that_nobody_knows_is(tmp_path: Path) -> None:
    made = founded(tmp_path)
    assert exported(made, "customers", SAM).gaps == ()
    World(made.folder).run("CREATE TABLE letters (id INTEGER PRIMARY KEY)")
    for kind in ("customers", "employees"):
        (gap,) = exported(made, kind, SAM).gaps
        assert str(gap.reason) == "'letters' is not in the register yet, so it was not searched"


def test_a_column_that_nobody_knows_is_a_gap_of_those_whose_table_it_is_in(tmp_path: Path) -> None:
    made = founded(tmp_path)
    World(made.folder).run("ALTER TABLE salaries ADD COLUMN bonus TEXT")
    assert exported(made, "customers", SAM).gaps == ()
    (gap,) = exported(made, "employees", SAM).gaps
    assert gap.dataset == "salaries"


def test_the_plans_of_each_kind_are_kept(tmp_path: Path) -> None:
    made = founded(tmp_path)
    services = made.services
    given = made.request(SAM).identifiers
    customers, again = (services_about(services, "customers", given) for _ in range(2))
    assert customers.plans is again.plans
    assert customers.plans is not services_about(services, "employees", given).plans
