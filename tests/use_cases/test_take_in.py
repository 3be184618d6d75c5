"""Requests are taken in and corrected by those whom they are not about."""

import pytest

from dsar_export.errors import NotPermittedError
from dsar_export.model.people import Role
from dsar_export.use_cases.staff import state_own_identifiers
from dsar_export.use_cases.take_in import correct
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
