"""A role holds for its controller and its period, and ends with the person's account."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.people import Grant, Person, Role
from dsar_export.requests.database import writing
from dsar_export.requests.installation import Installation
from dsar_export.requests.people import (
    EVERY_CONTROLLER,
    add_person,
    disable_person,
    end_grants,
    grant,
    grants_at,
    list_people,
    may,
    person_of_uid,
    require,
)
from tests.replacing import replace
from tests.requests.installations import AT, LATER

INSTANT = timedelta(microseconds=1)
REVIEWER = Grant("ada", "acme", Role.REVIEWER, AT)
ADMINISTRATOR = Grant("ada", EVERY_CONTROLLER, Role.ADMINISTRATOR, AT)


def known(installation: Installation, *grants: Grant) -> None:
    with writing(installation.engine) as connection:
        for uid, name in enumerate(("ada", "bob"), start=1000):
            add_person(connection, name, uid)
        for one in grants:
            grant(connection, one)


def holds(
    installation: Installation, at: datetime = AT, controller: str = "acme", role: Role = Role.REVIEWER
) -> bool:
    with writing(installation.engine) as connection:
        return may(connection, "ada", controller, role, at)


def test_a_role_holds_at_its_controller_only(installation: Installation) -> None:
    known(installation, REVIEWER)
    assert holds(installation)
    assert not holds(installation, controller="globex")
    assert not holds(installation, role=Role.AGENT)
    with writing(installation.engine) as connection:
        assert not may(connection, "bob", "acme", Role.REVIEWER, AT)


def test_a_role_at_every_controller_holds_at_each(installation: Installation) -> None:
    known(installation, ADMINISTRATOR)
    assert holds(installation, controller="globex", role=Role.ADMINISTRATOR)
    assert not holds(installation, controller="globex")


def test_a_role_holds_from_its_beginning_until_its_end(installation: Installation) -> None:
    known(installation, replace(REVIEWER, until=LATER))
    assert [holds(installation, at) for at in (AT - INSTANT, AT, LATER - INSTANT, LATER)] == [
        False,
        True,
        True,
        False,
    ]


def test_whoever_is_disabled_has_no_role_from_then_on(installation: Installation) -> None:
    known(installation, REVIEWER)
    with writing(installation.engine) as connection:
        disable_person(connection, "ada", LATER)
        assert list_people(connection) == (Person("ada", 1000, LATER), Person("bob", 1001))
        with pytest.raises(NotPermittedError, match="ada is disabled"):
            person_of_uid(connection, 1000)
    assert holds(installation, LATER - INSTANT)
    assert not holds(installation, LATER)


def test_a_role_that_is_ended_holds_no_longer(installation: Installation) -> None:
    known(installation, REVIEWER, replace(REVIEWER, role=Role.AGENT))
    with writing(installation.engine) as connection:
        end_grants(connection, "ada", "acme", Role.REVIEWER, LATER)
    assert not holds(installation, LATER)
    assert holds(installation, LATER, role=Role.AGENT)


def test_a_role_that_is_ended_does_not_hold_again_when_the_clock_is_set_back(
    installation: Installation,
) -> None:
    known(installation, REVIEWER)
    with writing(installation.engine) as connection:
        end_grants(connection, "ada", "acme", Role.REVIEWER, LATER)
    assert not holds(installation, LATER - INSTANT)


def test_two_administrators_cannot_disable_each_other_at_the_same_time(installation: Installation) -> None:
    known(installation, ADMINISTRATOR, replace(ADMINISTRATOR, person="bob"))

    def disable(name: str) -> None:
        with writing(installation.engine) as connection:
            disable_person(connection, name, LATER)

    with ThreadPoolExecutor(1) as thread:
        with writing(installation.engine) as connection:
            disable_person(connection, "ada", LATER)
            second = thread.submit(disable, "bob")
            time.sleep(0.3)  # it waits for this transaction
            assert not second.done()
        with pytest.raises(WrongUseError, match="bob is the last administrator"):
            second.result()


@pytest.mark.parametrize("others", [(), (Grant("bob", EVERY_CONTROLLER, Role.ADMINISTRATOR, AT, LATER),)])
def test_the_last_administrator_stays(others: tuple[Grant, ...], installation: Installation) -> None:
    known(installation, ADMINISTRATOR, *others)
    with writing(installation.engine) as connection:
        with pytest.raises(WrongUseError, match="ada is the last administrator"):
            disable_person(connection, "ada", LATER)
        with pytest.raises(WrongUseError, match="make somebody else one first"):
            end_grants(connection, "ada", EVERY_CONTROLLER, Role.ADMINISTRATOR, LATER)


def test_one_of_two_administrators_may_leave(installation: Installation) -> None:
    known(installation, ADMINISTRATOR, replace(ADMINISTRATOR, person="bob"))
    with writing(installation.engine) as connection:
        disable_person(connection, "ada", LATER)
        assert [one.person for one in grants_at(connection, LATER, role=Role.ADMINISTRATOR)] == ["bob"]


def test_a_reviewer_may_be_limited_to_datasets(installation: Installation) -> None:
    known(installation, replace(REVIEWER, datasets=("orders", "mails")), REVIEWER)
    with writing(installation.engine) as connection:
        assert [one.datasets for one in grants_at(connection, AT)] == [("mails", "orders"), ()]


@pytest.mark.parametrize(
    "wrong",
    [
        replace(REVIEWER, role=Role.AGENT, datasets=("orders",)),
        replace(REVIEWER, until=AT),
        replace(REVIEWER, person="eve"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(wrong: Grant, installation: Installation) -> None:
    known(installation)
    with pytest.raises(WrongUseError), writing(installation.engine) as connection:
        grant(connection, wrong)


def test_whoever_lacks_a_role_learns_which(installation: Installation) -> None:
    known(installation, REVIEWER)
    with writing(installation.engine) as connection:
        require(connection, "ada", "acme", Role.REVIEWER, AT)
        with pytest.raises(NotPermittedError, match="bob is no reviewer of acme now"):
            require(connection, "bob", "acme", Role.REVIEWER, AT)


def test_a_user_account_is_one_person(installation: Installation) -> None:
    known(installation)
    with writing(installation.engine) as connection:
        assert person_of_uid(connection, 1001) == Person("bob", 1001)
        with pytest.raises(NotPermittedError, match="account 7 is nobody's here"):
            person_of_uid(connection, 7)
        for name, uid in (("ada", 7), ("eve", 1000), (" ", 8)):
            with pytest.raises(WrongUseError):
                add_person(connection, name, uid)
        add_person(connection, "eve", None)
        add_person(connection, "max", None)
        assert len(list_people(connection)) == 4
