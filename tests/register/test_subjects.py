"""A register of several kinds of people says of everything to whom it belongs, or it is not read."""

import re
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.subjects import Role, each_kind, of_subject, role
from dsar_export.wiring import register_in
from tests.shops import Shop
from tests.use_cases.firms import CUSTOMERS, EMPLOYEES, KINDS, firm, founded, written

EMPLOYEES_KIND = KINDS[KINDS.index("[subjects.employees]") :]
CONTACT = (
    '[[contacts]]\nkind = "email"\ngiven = "customer_id"\nsource = "main"\ntable = "customers"\n'
    'given_column = "id"\naddress_column = "email"\n'
)
RECIPIENT = '\n[recipients.{name}]\nname = "{name}"\nrole = "processor"\ncountry = "GB"\ndescription = "d"\n'


def refusal(made: Shop) -> list[str]:
    """Why the register is not read, with its folder as `R`, and without numbers of lines."""
    with pytest.raises(RegisterError) as refused:
        register_in(made.folder)
    return re.sub(r"\.toml:[0-9]+", ".toml", str(refused.value).replace(str(made.folder), "R")).splitlines()


def test_each_kind_of_people_has_its_own_part(tmp_path: Path) -> None:
    register = register_in(founded(tmp_path).folder)
    customers, employees = each_kind(register)
    assert [d.name for d in customers.datasets] == ["orders"]
    assert customers.organisation.datasets == ("orders",)
    assert {link.subject for link in employees.organisation.links} == {"employees"}
    assert (customers.subject, employees.subject) == ("customer_id", "employee_id")
    assert employees.identifier_kinds == {"email", "employee_id"}
    assert [p.datasets for p in employees.organisation.promises] == [("salaries",)]
    assert (role(register), role(customers)) == (None, Role("Customers", ("Employees",)))
    assert of_subject(customers, "customers") is customers
    assert customers.everybody is register


def test_a_register_with_one_kind_needs_no_names_elsewhere(tmp_path: Path) -> None:
    made = Shop(tmp_path / "shop").dataset(
        "orders", '{ column = "customer_id", identifier = "customer_id" }', {"id": ""}
    )
    only = '[subjects.customers]\nidentifier = "customer_id"\ntitle = "Customers"\n'
    made.links.append(only)
    made.write().change("register.toml", 'subject = "customer_id"\n', "")
    register = register_in(made.folder)
    assert (register.subject, register.kind, role(register)) == ("customer_id", "customers", None)
    assert each_kind(register) == (register,)


def test_what_belongs_to_nobody_is_listed_with_the_kinds(tmp_path: Path) -> None:
    made = founded(tmp_path)
    for file in ("register.toml", "datasets/orders.toml"):
        made.change(file, f"{CUSTOMERS}\n", "")
    missing = "this key is missing; name one of the kinds of people: customers, employees"
    assert refusal(made) == [
        f"R/register.toml: links.0.subject: {missing}",
        f"R/register.toml: links.1.subject: {missing}",
        f"R/datasets/orders.toml: subject: {missing}",
    ]


def test_a_contact_names_its_kind_of_people(tmp_path: Path) -> None:
    made = firm(tmp_path)
    made.links.append(CONTACT)
    (problem,) = refusal(written(made))
    assert problem.startswith("R/register.toml: contacts.0.subject: this key is missing; name one")


@pytest.mark.parametrize(
    ("file", "before", "after", "problem"),
    [
        (
            "datasets/salaries.toml",
            EMPLOYEES,
            'subject = "employes"',
            "subject: unknown kind of people 'employes'; nearest valid name: employees",
        ),
        (
            "register.toml",
            'version = "1"',
            'version = "1"\nsubject = "customer_id"',
            "subject: subject and subjects exclude each other; keep one",
        ),
        (
            "register.toml",
            'id = "all"',
            'id = "all"\nsubject = "customers"',
            "promises.0.datasets: the dataset 'salaries' is one of employees, and the promise is to customers",
        ),
        (
            "register.toml",
            'id = "all"',
            'id = "all"\nsubject = "suppliers"',
            "promises.0.subject: unknown kind of people 'suppliers'; valid names: customers, employees",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_refused(
    tmp_path: Path, file: str, before: str, after: str, problem: str
) -> None:
    (refused,) = refusal(founded(tmp_path).change(file, before, after))
    assert refused.removesuffix("; correct one of them") == f"R/{file}: {problem}"


def test_a_register_without_kinds_refuses_their_names_and_one_without_a_subject_is_refused(
    tmp_path: Path,
) -> None:
    made = Shop(tmp_path / "shop").dataset(
        "orders", '{ column = "customer_id", identifier = "customer_id" }', {"id": ""}
    )
    made.write().change("datasets/orders.toml", "order_by", f"{CUSTOMERS}\norder_by")
    assert refusal(made) == [
        "R/datasets/orders.toml: subject: register.toml has one kind of people and no [subjects]; drop this key"
    ]
    made.change("register.toml", 'subject = "customer_id"\n', "")
    assert refusal(made) == [
        "R/register.toml: subject: this key is missing; add it, or [subjects.…] for each kind of people"
    ]


def test_a_promise_concerns_those_who_have_one_of_its_datasets(tmp_path: Path) -> None:
    made = founded(tmp_path)
    both, not_searched = made.folder / "register.toml", 'ground = "g", effort = "e", decided_by = "d"'
    text = both.read_text(encoding="utf-8").replace(
        'datasets = ["orders", "salaries"]\n\n[[links]]', 'datasets = ["salaries"]\n\n[[links]]', 1
    )
    text += f'\n[[promises]]\nid = "letters"\ntext = "Letters"\nnot_searched = {{ {not_searched} }}\n'
    both.write_text(text, encoding="utf-8")
    customers, employees = each_kind(register_in(made.folder))
    assert [p.id for p in customers.organisation.promises] == ["letters"]
    assert [p.id for p in employees.organisation.promises] == ["all", "letters"]


def test_a_recipient_of_others_alone_is_not_in_the_part(tmp_path: Path) -> None:
    made = founded(tmp_path)
    file = made.folder / "register.toml"
    more = RECIPIENT.format(name="payroll") + RECIPIENT.format(name="parcel")
    transfer = '\n[[transfers]]\nrecipient = "payroll"\ncountry = "US"\nsafeguard = "A46-2-c"\n'
    more += f'{transfer}since = 2024-01-01\ndescription = "d"\n'
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    made.change("datasets/salaries.toml", "recipients = []", 'recipients = ["payroll"]')
    customers, employees = each_kind(register_in(made.folder))
    assert list(customers.organisation.recipients) == ["parcel"]
    assert customers.organisation.transfers == ()
    assert list(employees.organisation.recipients) == ["payroll", "parcel"]
    assert len(employees.organisation.transfers) == 1


def test_words_and_purposes_of_others_alone_are_not_in_the_part(tmp_path: Path) -> None:
    made = founded(tmp_path).change(
        "register.toml",
        'version = "1"',
        'version = "1"\nsupplied = ["email"]\nidentifiers = { customer_id = "No." }',
    )
    file = made.folder / "register.toml"
    pay = '\n[purposes.pay]\ntitle = "Pay"\ndescription = "To pay you."\n'
    file.write_text(file.read_text(encoding="utf-8") + pay, encoding="utf-8")
    made.change(
        "datasets/salaries.toml", 'purposes = { service = "A6-1-b" }', 'purposes = { pay = "A6-1-b" }'
    )
    made.change("register.toml", 'supplied = ["email"]', 'supplied = ["email", "employee_id"]')
    customers, employees = (part.organisation for part in each_kind(register_in(made.folder)))
    assert (customers.supplied, employees.supplied) == (("email",), ("email", "employee_id"))
    assert (list(customers.identifiers), list(employees.identifiers)) == (["customer_id"], [])
    assert (list(customers.purposes), list(employees.purposes)) == (["service"], ["pay"])


def test_a_recipient_of_our_own_records_stays_in_every_part(tmp_path: Path) -> None:
    made = founded(tmp_path)
    file = made.folder / "register.toml"
    records = '\n[controllers.acme.own_records]\nrecipients = ["payroll"]\n'
    text = file.read_text(encoding="utf-8") + RECIPIENT.format(name="payroll") + records
    file.write_text(text, encoding="utf-8")
    made.change("datasets/salaries.toml", "recipients = []", 'recipients = ["payroll"]')
    customers, _ = each_kind(register_in(made.folder))
    assert list(customers.organisation.recipients) == ["payroll"]
