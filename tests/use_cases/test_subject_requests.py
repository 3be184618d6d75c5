"""A request is about a person as one of several kinds of people, from intake to package."""

from pathlib import Path

import pytest
from sqlalchemy import update

from dsar_export.errors import NotPermittedError, SourceUnreadableError, SubjectAmbiguousError, WrongUseError
from dsar_export.model.intake import Channel, Mandate
from dsar_export.model.letter import LetterKind
from dsar_export.model.people import Grant, Role
from dsar_export.model.request import Right
from dsar_export.requests.database import writing
from dsar_export.requests.people import grant
from dsar_export.requests.tables import REQUESTS
from dsar_export.use_cases.choosing import choose_candidate
from dsar_export.use_cases.codes import accept_code
from dsar_export.use_cases.contacts import contacts_on_file
from dsar_export.use_cases.decide import approve, close
from dsar_export.use_cases.desk import draft_of
from dsar_export.use_cases.earlier_requests import NAME
from dsar_export.use_cases.identify_request import identify_request
from dsar_export.use_cases.letters import LetterOrder, letter_for
from dsar_export.use_cases.look_up import requests_here
from dsar_export.use_cases.mandates import MandateCorrection, correct_mandate
from dsar_export.use_cases.open_sources import unread_sources
from dsar_export.use_cases.review import Blocker, review
from dsar_export.use_cases.staff import state_own_identifiers
from dsar_export.use_cases.take_in import Intake, correct, take_in
from tests.replacing import replace
from tests.shops import Shop
from tests.use_cases.firms import CUSTOMERS, EMPLOYEES, ORDER, ORDERED, SAM, by_number, firm, founded, written
from tests.use_cases.flaky import Flaky
from tests.use_cases.office_checks import stored
from tests.use_cases.offices import RECEIVED, Office, identifier
from tests.worlds import SilentProgress, World, open_package

HR = '[sources.hr]\nkind = "sql_database"\nurl = "sqlite:///main.db"\ncontrollers = ["acme"]\n'
LEFT_OUT = '{ reason = "not_personal", note = "n" }'
CONTACT = (
    '[[contacts]]\nkind = "email"\ngiven = "{kind}"\nsource = "main"\ntable = "{table}"\n'
    'given_column = "id"\naddress_column = "email"\nsubject = "{table}"\n'
)


def at(office: Office, made: Shop) -> Office:
    """The office with the register of a firm."""
    return replace(office, services=made.services)


@pytest.fixture
def firms(office: Office, tmp_path: Path) -> Office:
    return at(office, founded(tmp_path))


def asked(office: Office, subject: str | None, *identifiers: str, mandate: Mandate | None = None) -> str:
    """The reference of a new request about a kind of people."""
    given = tuple(map(identifier, identifiers))
    intake = Intake((Right.ACCESS,), "acme", Channel.EMAIL, RECEIVED, given, mandate=mandate, subject=subject)
    return take_in(office.desk("ada"), office.services.register, intake).reference


def collected(office: Office, subject: str | None, *identifiers: str) -> str:
    """The reference of a request in review."""
    reference = asked(office, subject, *identifiers)
    office.verify(reference)
    office.collect("ada", reference)
    return reference


def test_a_request_says_what_kind_of_people_it_is_about(firms: Office) -> None:
    assert firms.listed(asked(firms, "employees", SAM)).subject == "employees"
    assert firms.listed(asked(firms, None, "customer_id=8")).subject == "customers"
    with pytest.raises(WrongUseError, match="name one: customers, employees"):
        asked(firms, None, SAM)
    with pytest.raises(WrongUseError, match="unknown kind of identifier 'customer_id'"):
        asked(firms, "employees", "customer_id=7")


def test_a_request_at_a_register_without_kinds_names_none(office: Office) -> None:
    assert office.listed(office.verified()).subject is None


def test_the_draft_has_the_datasets_of_one_kind_and_so_has_the_package(firms: Office) -> None:
    reference = collected(firms, "employees", SAM)
    shown = review(firms.desk("ray"), firms.services.register, reference)
    assert shown.ledger.subject == "employees"
    assert set(shown.ledger.datasets) == {"salaries", NAME}
    assert (shown.blockers, shown.not_covered, shown.ledger.gaps) == ((), (), ())
    approve(firms.desk("ray"), firms.services.register, reference)
    with firms.built("ada", reference):
        pass
    (package,) = firms.published(reference)
    opened = open_package(firms.packages / (package.file or ""))
    assert [r["text"] for r in opened.json("salaries")] == ["SAM-SALARY"]
    assert not [name for name in opened.members if "orders" in name]


def with_hr(folder: Path) -> Shop:
    """A firm with salaries in a source of their own, which also has perks of customers."""
    made = firm(folder)
    more = f"{CUSTOMERS}\n{ORDERED}"
    made.dataset("perks", ORDER, {"id": "", "text": ""}, table="orders", more=more)
    left_out = ", ".join(f"{table} = {LEFT_OUT}" for table in ("customers", "employees"))
    made.links.append(f"{HR}left_out = {{ {left_out} }}\n")
    written(made)
    for dataset in ("salaries", "perks"):
        made.change(f"datasets/{dataset}.toml", 'source = "main"', 'source = "hr"')
    return made


def test_a_source_of_others_is_not_unread(office: Office, tmp_path: Path) -> None:
    here = at(office, with_hr(tmp_path))
    made = here.services.register.folder / "datasets" / "perks.toml"
    made.write_text(
        made.read_text(encoding="utf-8").replace('source = "hr"', 'source = "main"'), encoding="utf-8"
    )
    here.services = Shop(made.parents[1]).services
    reference = collected(here, "customers", SAM)
    ledger = draft_of(here.desk("ada"), stored(here, reference)).ledger
    assert unread_sources(here.services.register, ledger) == ()
    assert [moment.source for moment in ledger.moments] == ["main", "dsar-export"]


def test_earlier_requests_about_other_kinds_of_people_are_not_part_of_the_answer(firms: Office) -> None:
    as_employee = collected(firms, "employees", SAM)
    of_before, as_customer = (collected(firms, "customers", SAM) for _ in range(2))
    with writing(firms.installation.engine) as connection:
        named = update(REQUESTS).where(REQUESTS.c.reference == of_before)
        connection.execute(named.values(subject=None))
    reference = collected(firms, "customers", SAM)
    draft = draft_of(firms.desk("ada"), stored(firms, reference))
    shown = {each.record["request_id"] for each in draft.page(NAME, 0, 9)}
    assert shown == {of_before, as_customer}
    assert as_employee not in shown


def test_a_request_of_before_the_register_had_kinds_goes_by_its_identifiers(firms: Office) -> None:
    decided, undecided = asked(firms, None, "employee_id=9"), asked(firms, "customers", SAM)
    with writing(firms.installation.engine) as connection:
        connection.execute(update(REQUESTS).values(subject=None))
    firms.verify(decided)
    firms.collect("ada", decided)
    ledger = draft_of(firms.desk("ada"), stored(firms, decided)).ledger
    assert (ledger.subject, ledger.datasets["salaries"].tally.read) == ("employees", 1)
    with pytest.raises(WrongUseError, match="name one"):
        firms.verify(undecided)
    correct(firms.desk("abe"), firms.services.register, undecided, [identifier(SAM)], "employees")
    assert firms.listed(undecided).subject == "employees"


def test_a_correction_keeps_the_kind_of_people_that_the_identifiers_still_fit(firms: Office) -> None:
    reference, register = asked(firms, "employees", SAM), firms.services.register
    correct(firms.desk("abe"), register, reference, [identifier("email=kim@example.org")])
    assert firms.listed(reference).subject == "employees"
    correct(firms.desk("abe"), register, reference, [identifier("customer_id=7")])
    assert firms.listed(reference).subject == "customers"


def test_a_kind_of_people_that_left_the_register_is_refused_and_its_draft_still_shown(
    office: Office, tmp_path: Path
) -> None:
    made = founded(tmp_path)
    here = at(office, made)
    reference, verified = collected(here, "employees", SAM), asked(here, "employees", SAM)
    here.verify(verified)
    renamed = {"[subjects.employees]": "[subjects.staff]", EMPLOYEES: 'subject = "staff"'}
    for file in ("register.toml", "datasets/salaries.toml"):
        for before, after in renamed.items():
            if before in (made.folder / file).read_text(encoding="utf-8"):
                made.change(file, before, after)
    now = at_again(here, made)
    assert review(now.desk("ray"), now.services.register, reference).ledger.subject == "employees"
    with pytest.raises(WrongUseError, match="no kind of people 'employees' in the register"):
        now.collect("ada", verified)


def at_again(office: Office, made: Shop) -> Office:
    """The same office, whose register was changed meanwhile."""
    office.services = made.services
    return office


def test_an_agent_may_get_only_datasets_of_the_kind_of_people(firms: Office) -> None:
    mandate = Mandate("a lawyer", scope=("salaries",))
    with pytest.raises(WrongUseError, match="no dataset 'salaries' here"):
        asked(firms, "customers", SAM, mandate=mandate)
    assert asked(firms, "employees", SAM, mandate=mandate)


def test_identifiers_are_sought_among_one_kind_of_people(firms: Office) -> None:
    reference = asked(firms, "employees", SAM)
    firms.verify(reference)
    found = identify_request(firms.desk("ada"), firms.with_progress(SilentProgress()), reference)
    assert (found.subject, found.people, found.held) == ("employees", 1, True)
    assert {r.identifier.kind for r in found.reached} == {"email", "employee_id"}


def test_an_address_of_somebody_of_another_kind_is_not_the_persons(office: Office, tmp_path: Path) -> None:
    """Both kinds of people are known by `number`: customer 7 is Sam, and employee 7 is Kim."""
    made = by_number(tmp_path)
    made.links += [CONTACT.format(kind="number", table=table) for table in ("customers", "employees")]
    here = at(office, written(made))
    given = [identifier("number=7")]
    for kind, address in (("customers", "sam@example.org"), ("employees", "kim@example.org")):
        found = contacts_on_file(here.services, "acme", kind, given, here.now)
        assert [contact.address for contact in found] == [address]
        reference = collected(here, kind, "number=7")
        ledger = draft_of(here.desk("ada"), stored(here, reference)).ledger
        assert {r.identifier.value for r in ledger.identity.known} == {"7", address}
        draft = draft_of(here.desk("ada"), stored(here, reference))
        assert [each.record for each in draft.page(NAME, 0, 9)] == []


def test_nobody_handles_a_request_about_themself_by_the_rule_of_any_kind_of_people(
    office: Office, tmp_path: Path
) -> None:
    made = founded(tmp_path).change("register.toml", f"{CUSTOMERS}\n", f'{CUSTOMERS}\nmatch = "casefold"\n')
    here = at(office, made)
    state_own_identifiers(
        here.desk("ada"), here.services.register, "ada", [identifier("email=Sam@Example.org")]
    )
    for kind in ("customers", "employees"):
        with pytest.raises(NotPermittedError, match="themself"):
            asked(here, kind, "email=Sam@Example.org")
    with pytest.raises(WrongUseError, match="unknown kind of identifier"):
        state_own_identifiers(here.desk("ada"), here.services.register, "ada", [identifier("crm=1")])


def test_a_code_needs_an_address_of_the_kind_of_people(office: Office, tmp_path: Path) -> None:
    made = firm(tmp_path)
    made.links.append(CONTACT.format(kind="email", table="customers"))
    here = at(office, written(made))
    accepted = accept_code(here.desk("ada"), here.services.register, asked(here, "customers", SAM))
    assert accepted.subject == "customers"
    with pytest.raises(WrongUseError, match="a code needs"):
        accept_code(here.desk("ada"), here.services.register, asked(here, "employees", SAM))


def test_somebody_is_chosen_among_the_people_of_one_kind(office: Office, tmp_path: Path) -> None:
    made = founded(tmp_path)
    World(made.folder).run("UPDATE customers SET email = 'sam@example.org'")
    here = at(office, made)
    reference = asked(here, "customers", SAM)
    here.verify(reference)
    with pytest.raises(SubjectAmbiguousError):
        here.collect("ada", reference)
    choose_candidate(here.desk("ada"), here.with_progress(SilentProgress()), reference, ["8"], "known to us")
    here.collect("ada", reference)
    draft = draft_of(here.desk("ada"), stored(here, reference))
    assert [each.record["text"] for each in draft.page("orders", 0, 9)] == ["ROBIN-ORDER"]


def test_what_an_agent_does_not_get_is_that_of_the_kind_of_people(firms: Office) -> None:
    mandate = Mandate("a lawyer", scope=("salaries",))
    reference = asked(firms, "employees", SAM, mandate=mandate)
    firms.verify(reference)
    firms.collect("ada", reference)
    assert review(firms.desk("ray"), firms.services.register, reference).not_covered == (NAME,)
    other = MandateCorrection(scope=("orders",))
    with pytest.raises(WrongUseError, match="no dataset 'orders' here"):
        correct_mandate(firms.desk("ada"), firms.services.register, reference, other)


def test_a_reviewer_of_some_datasets_needs_those_of_the_kind_of_people(firms: Office) -> None:
    """`rex` may see `records` alone; here he may see `salaries` and earlier requests."""
    of_hr = Grant("rex", "acme", Role.REVIEWER, RECEIVED, None, ("salaries", NAME))
    with writing(firms.installation.engine) as connection:
        grant(connection, of_hr)
    references = {subject: collected(firms, subject, SAM) for subject in ("employees", "customers")}
    listed = requests_here(firms.desk("ada"), firms.services.register)
    approvers = {each.request.reference: each.approvers or () for each in listed}
    assert "rex" in approvers[references["employees"]]
    assert "rex" not in approvers[references["customers"]]


def test_a_letter_names_what_was_searched_of_the_kind_of_people(firms: Office) -> None:
    reference = asked(firms, "employees", "email=nobody@example.org")
    firms.verify(reference)
    firms.collect("ada", reference)
    close(firms.desk("ada"), reference)
    order = LetterOrder(LetterKind.NOTHING_HELD)
    letter = letter_for(firms.desk("ada"), firms.services.register, reference, order)
    assert "salaries" in str(letter.paragraphs)
    assert "orders" not in str(letter.paragraphs)


def test_a_source_that_could_not_be_read_lacks_the_datasets_of_the_kind_of_people(
    office: Office, tmp_path: Path
) -> None:
    here = at(office, with_hr(tmp_path))
    hr = here.services.collectors["hr"]
    here.collectors["hr"] = Flaky(hr, "snapshot", 99, SourceUnreadableError)
    reference = collected(here, "employees", SAM)
    shown = review(here.desk("ray"), here.services.register, reference)
    assert shown.blockers == (Blocker("hr", ("salaries",), accepted=False),)
