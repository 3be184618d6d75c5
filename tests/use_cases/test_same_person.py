"""Other requests about the same person are shown to those who may see them."""

from datetime import timedelta

import pytest

from dsar_export.errors import NotPermittedError
from dsar_export.model.people import Grant, Role
from dsar_export.requests.states import State
from dsar_export.use_cases import decide
from dsar_export.use_cases.possible_now import beside_now
from dsar_export.use_cases.same_person import same_person
from dsar_export.use_cases.staff import controllers_where, give_role, own_roles
from tests.use_cases.offices import Office


def test_requests_that_share_an_identifier_are_shown_also_when_they_have_ended(office: Office) -> None:
    first = office.opened("ada", "email=sam@example.org", "customer_id=C-1")
    second = office.opened("ada", "email=SAM@example.org")
    office.opened("ada", "email=robin@example.org")
    decide.cancel(office.desk("ada"), second)
    assert same_person(office.desk("ray"), first) == (second,)
    assert same_person(office.desk("aud"), second) == (first,)


def test_they_are_nobody_elses(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    for name in ("bea", "nia", "fay"):
        with pytest.raises(NotPermittedError):
            same_person(office.desk(name), reference)


def test_roles_are_those_at_the_controller_now(office: Office) -> None:
    register = office.services.register
    assert own_roles(office.desk("kim"), "acme") == {Role.AGENT, Role.REVIEWER}
    assert own_roles(office.desk("kim"), "beta") == frozenset()
    assert own_roles(office.desk("aud"), "acme") == {Role.AUDITOR}
    assert controllers_where(office.desk("kim"), register, Role.AGENT) == ("acme",)
    assert controllers_where(office.desk("bea"), register, Role.AGENT) == ()  # `beta` is not in the register
    give_role(office.desk("fay"), Grant("nia", "*", Role.AGENT, office.now, office.now + timedelta(days=1)))
    assert controllers_where(office.desk("nia"), register, Role.AGENT) == ("acme",)
    office.now += timedelta(days=2)
    assert controllers_where(office.desk("nia"), register, Role.AGENT) == ()
    assert own_roles(office.desk("nia"), "acme") == frozenset()


def test_what_moves_no_request_is_possible_as_long_as_the_use_case_allows_it(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")
    assert beside_now(office.listed(reference)) == {"hand-on", "mandate", "send-code", "verify-by-code"}
    office.verify(reference)
    assert beside_now(office.listed(reference)) == {"hand-on", "mandate", "identify"}
    decide.cancel(office.desk("ada"), reference)
    assert office.listed(reference).state is State.CANCELLED
    assert beside_now(office.listed(reference)) == frozenset()
