"""Tokens of other systems: shown once, for some scopes at some controllers, until a day."""

from datetime import timedelta

import pytest

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.api import Scope
from dsar_export.model.people import Role
from dsar_export.requests.database import writing
from dsar_export.requests.installation import begin_epoch
from dsar_export.requests.people import may
from dsar_export.use_cases import staff
from dsar_export.use_cases.api_tokens import (
    Caller,
    TokenOrder,
    caller_of,
    known_tokens,
    make_token,
    revoke_token,
)
from tests.use_cases.offices import START, Office

UNTIL = START + timedelta(days=30)
PERSON = "api:portal"


def made(office: Office, *scopes: Scope, name: str = "portal", by: str = "fay") -> str:
    order = TokenOrder(name, frozenset(scopes or Scope), ("acme",), UNTIL)
    return make_token(office.desk(by), office.services.register, order)


def caller(office: Office, token: str) -> Caller | None:
    return caller_of(office.desk("nia"), token)


def test_a_token_stands_for_a_person_of_its_own_name(office: Office) -> None:
    found = caller(office, made(office, Scope.READ))
    assert found is not None
    assert found.desk.person.name == PERSON
    found.require(Scope.READ)
    with pytest.raises(NotPermittedError, match="requests:open"):
        found.require(Scope.OPEN)


@pytest.mark.parametrize(
    ("scope", "role", "other"),
    [
        (Scope.READ, Role.AUDITOR, Role.AGENT),
        (Scope.OPEN, Role.AGENT, Role.REVIEWER),
        (Scope.DELIVER, Role.AGENT, Role.REVIEWER),
    ],
)
def test_a_scope_brings_a_role_at_the_tokens_controllers_alone(
    office: Office, scope: Scope, role: Role, other: Role
) -> None:
    made(office, scope)
    with office.desk("nia").looking() as act:
        assert may(act.connection, PERSON, "acme", role, act.at)
        assert not may(act.connection, PERSON, "beta", role, act.at)
        assert not may(act.connection, PERSON, "acme", other, act.at)
        assert not may(act.connection, PERSON, "acme", role, UNTIL)


def test_a_token_is_kept_nowhere(office: Office) -> None:
    token = made(office)
    assert token not in str(office.rows())
    assert token.removeprefix("dsar_") not in str(office.rows())


def test_one_that_is_wrong_expired_or_revoked_stands_for_nobody(office: Office) -> None:
    token, other, third = made(office), made(office, name="other"), made(office, name="third")
    assert caller(office, token + "x") is None
    revoke_token(office.desk("fay"), "portal")
    assert caller(office, token) is None
    staff.disable_colleague(office.desk("fay"), "api:other")
    assert caller(office, other) is None
    assert [each.revoked_at is None for each in known_tokens(office.desk("fay"))] == [False, False, True]
    assert caller(office, third) is not None
    office.now = UNTIL
    assert caller(office, third) is None


def test_none_of_before_a_restore_counts(office: Office) -> None:
    token = made(office)
    with writing(office.installation.engine) as connection:
        begin_epoch(connection, office.now)
    assert caller(office, token) is None
    assert known_tokens(office.desk("fay"))[0].revoked_at is not None


def test_only_administrators_make_and_revoke_them(office: Office) -> None:
    with pytest.raises(NotPermittedError):
        made(office, by="ada")
    made(office)
    with pytest.raises(NotPermittedError):
        revoke_token(office.desk("ada"), "portal")


def test_a_name_is_used_once(office: Office) -> None:
    made(office)
    revoke_token(office.desk("fay"), "portal")
    with pytest.raises(WrongUseError, match="choose another name"):
        made(office)
    with pytest.raises(WrongUseError, match="no token"):
        revoke_token(office.desk("fay"), "shop")


@pytest.mark.parametrize(
    "wrong",
    [
        TokenOrder("a:b", frozenset(Scope), ("acme",), UNTIL),
        TokenOrder("a", frozenset(), ("acme",), UNTIL),
        TokenOrder("a", frozenset(Scope), (), UNTIL),
        TokenOrder("a", frozenset(Scope), ("nobody",), UNTIL),
        TokenOrder("a", frozenset(Scope), ("acme",), START),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(office: Office, wrong: TokenOrder) -> None:
    with pytest.raises(WrongUseError):
        make_token(office.desk("fay"), office.services.register, wrong)
    assert known_tokens(office.desk("fay")) == ()
