"""Requests are taken in and corrected by those whom they are not about."""

import pytest

from dsar_export.errors import NotPermittedError
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
