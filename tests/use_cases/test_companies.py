"""Each company answers for itself, out of tables that it shares with others; another one is only data."""

from pathlib import Path

import pytest

from dsar_export.errors import NobodyFoundError, SubjectAmbiguousError, WrongUseError
from dsar_export.register_check import check_register
from dsar_export.wiring import build_collectors
from tests.use_cases.companies import Companies

SAM, ROBIN = "sam@example.org", "robin@example.org"


@pytest.fixture
def companies(tmp_path: Path) -> Companies:
    """Three companies; the first two gave the same number to different people, and all know Sam's address."""
    made = Companies(tmp_path).write("acme", "spa", "gmbh")
    made.customer("acme", "C-1", SAM, "Sam's at acme", "Sam's second at acme")
    made.customer("spa", "C-1", ROBIN, "Robin's at spa")
    made.customer("spa", "C-7", SAM, "Sam's at spa")
    made.customer("gmbh", "C-9", SAM, "Sam's at gmbh")
    return made


def findings(companies: Companies) -> list[str]:
    services = companies.world.build()
    return [
        f.problem
        for f in check_register(services.register, build_collectors(services.register), services.keys)
    ]


def test_the_register_of_three_companies_is_clean(companies: Companies) -> None:
    assert findings(companies) == []


def test_a_customer_number_means_another_person_in_another_company(companies: Companies) -> None:
    assert companies.texts("acme", "customer_id=C-1") == ["Sam's at acme", "Sam's second at acme"]
    assert companies.texts("spa", "customer_id=C-1") == ["Robin's at spa"]


def test_an_address_that_every_company_knows_finds_each_companys_own_rows(companies: Companies) -> None:
    found = {name: companies.texts(name, f"email={SAM}") for name in companies.names}
    assert found == {
        "acme": ["Sam's at acme", "Sam's second at acme"],
        "spa": ["Sam's at spa"],
        "gmbh": ["Sam's at gmbh"],
    }


def test_two_people_with_one_number_are_not_ambiguous_where_companies_differ(companies: Companies) -> None:
    companies.customer("gmbh", "C-1", "SAM@example.org", "a second account")
    with pytest.raises(SubjectAmbiguousError):  # two numbers of one company
        companies.export("gmbh", f"email={SAM}")
    assert companies.texts("acme", f"email={SAM}") == ["Sam's at acme", "Sam's second at acme"]


def test_who_is_a_customer_of_another_company_only_is_nobody_here(companies: Companies) -> None:
    with pytest.raises(NobodyFoundError):
        companies.export("gmbh", f"email={ROBIN}")


def test_a_row_without_a_company_belongs_to_nobody_and_is_counted(companies: Companies) -> None:
    for company in (None, "LTD", "acme", ""):
        row = "INSERT INTO records (company, customer_id, text) VALUES (?, 'C-1', 'whose?')"
        companies.world.run(row, company)
    for name in ("acme", "spa"):
        assert "whose?" not in companies.texts(name, "customer_id=C-1")
        reasons = [str(gap.reason) for gap in companies.export(name, "customer_id=C-1").gaps]
        assert reasons == ["rows that name no company of ours: 4; not copied"]
    assert companies.export("gmbh", "customer_id=C-9").gaps == ()


def test_a_link_of_an_unknown_tenant_is_not_followed(companies: Companies) -> None:
    for company in (None, "LTD", "acme"):
        companies.world.run("INSERT INTO customers VALUES (?, 'C-9', 'robin@example.org')", company)
        with pytest.raises(NobodyFoundError):
            companies.export("gmbh", f"email={ROBIN}")


def test_a_fourth_company_is_lines_in_the_register_and_rows(companies: Companies) -> None:
    before = companies.package("acme", f"email={SAM}")
    with pytest.raises(WrongUseError, match="no controller 'sarl'"):
        companies.export("sarl", "customer_id=C-1")

    companies.add("sarl")
    companies.customer("sarl", "C-1", "mika@example.org", "Mika's at sarl")
    companies.customer("sarl", "C-2", SAM, "Sam's at sarl")
    assert findings(companies) == []
    assert companies.texts("sarl", "customer_id=C-1") == ["Mika's at sarl"]
    assert companies.texts("sarl", f"email={SAM}") == ["Sam's at sarl"]

    after = companies.package("acme", f"email={SAM}")
    assert after.members["data/json/records.json"] == before.members["data/json/records.json"]
    assert companies.texts("spa", "customer_id=C-1") == ["Robin's at spa"]
