"""Requests are taken in and corrected by those whom they are not about."""

import pytest
from sqlalchemy import select

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.comparison import Strength
from dsar_export.model.link import Link
from dsar_export.model.people import Role
from dsar_export.model.place import LinkTable
from dsar_export.requests.database import reading
from dsar_export.requests.tables import FOUND_IDENTIFIERS
from dsar_export.use_cases.staff import state_own_identifiers
from dsar_export.use_cases.take_in import correct
from tests.replacing import replace
from tests.use_cases.offices import Office, identifier

ROBIN = "email=robin@example.org"


def test_nobody_takes_in_a_request_about_themself_or_makes_one_of_another(office: Office) -> None:
    register = office.services.register
    reference = office.opened("ada", "email=sam@example.org")
    state_own_identifiers(office.desk("ada"), register, "ada", [identifier(ROBIN)])
    before = office.rows()
    with pytest.raises(NotPermittedError, match="themself"):
        office.opened("ada", "email=ROBIN@example.org")
    with pytest.raises(NotPermittedError, match="themself"):
        correct(office.desk("ada"), register, reference, [identifier("email=ROBIN@example.org")])
    assert office.rows() == before
    correct(office.desk("abe"), register, reference, [identifier(ROBIN)])


def test_nobody_handles_a_request_that_leads_to_themself_by_what_it_does_not_name(office: Office) -> None:
    """Kim knows Robin as `C-2`; the request names only Robin's email address, from which collecting finds it."""
    register = office.services.register
    state_own_identifiers(office.desk("kim"), register, "kim", [identifier("customer_id=C-2")])
    reference = office.verified(ROBIN)
    office.collect("ada", reference)
    with office.desk("kim").looking() as act, pytest.raises(NotPermittedError, match="themself"):
        act.request(reference, Role.REVIEWER)
    with office.desk("ray").looking() as act:
        act.request(reference, Role.REVIEWER)
    correct(office.desk("ada"), register, reference, [identifier("email=sam@example.org")])
    with office.desk("kim").looking() as act:  # what was found under other identifiers is forgotten
        act.request(reference, Role.REVIEWER)


def test_what_a_persons_row_refers_to_does_not_make_the_request_somebody_elses_own(office: Office) -> None:
    register, home = office.services.register, Link(
        given="customer_id", leads_to="home", source="main", at=LinkTable(table="customers"),
        given_column="id", leads_to_column="email", strength=Strength.REFERENCE,
    )  # fmt: skip
    organisation = replace(register.organisation, links=(*register.organisation.links, home))
    office.services = replace(office.services, register=replace(register, organisation=organisation))
    reference = office.verified(ROBIN)
    office.collect("ada", reference)
    with reading(office.installation.engine) as connection:
        found = connection.execute(select(FOUND_IDENTIFIERS.c.value_index)).scalars().all()
    vault = office.installation.vault
    own = {vault.blind_index("customer_id", "C-2"), vault.blind_index("email", "robin@example.org")}
    assert set(found) == own
    with pytest.raises(WrongUseError, match="unknown kind of identifier 'home'"):
        office.opened("ada", "home=robin@example.org")
