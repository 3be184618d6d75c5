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
    grants_ever,
    list_people,
    may,
    person_of_uid,
    refuse_own_request,
    requests_about,
    require,
    set_own_identifiers,
    subjects,
)
from tests.replacing import replace
from tests.requests.installations import AT, LATER, REFERENCE, given, opened

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
    ("wrong", "words"),
    [
        (
            replace(REVIEWER, role=Role.AGENT, datasets=("orders",)),
            "^only reviewers can be limited to datasets; leave the datasets out$",
        ),
        (replace(REVIEWER, until=AT), "^the period of a role ends after it begins; correct its end$"),
        (replace(REVIEWER, person="eve"), "^nobody is called 'eve' here; `dsar-export people list`"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(wrong: Grant, words: str, installation: Installation) -> None:
    known(installation)
    with pytest.raises(WrongUseError, match=words), writing(installation.engine) as connection:
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
        taken = "^the name or the user account is taken; `dsar-export people list` shows whose it is$"
        no_name = r"^a name here has letters, digits, '\.', '_' and '-', at most 64; such as a login$"
        for name, uid, words in (("ada", 7, taken), ("eve", 1000, taken), (" ", 8, no_name)):
            with pytest.raises(WrongUseError, match=words):
                add_person(connection, name, uid)
        add_person(connection, "eve", None)
        add_person(connection, "max", None)
        add_person(connection, "aaron", 9)
        assert [person.name for person in list_people(connection)] == ["aaron", "ada", "bob", "eve", "max"]


def test_a_role_comes_back_as_it_was_given_and_stays_known_after_its_end(installation: Installation) -> None:
    hers, his = replace(REVIEWER, until=LATER + INSTANT), replace(REVIEWER, person="bob", datasets=("mails",))
    known(installation, his, hers, replace(hers, role=Role.AGENT))
    with writing(installation.engine) as connection:
        assert grants_at(connection, AT) == (hers, replace(hers, role=Role.AGENT), his)
        end_grants(connection, "ada", "acme", Role.REVIEWER, LATER)
        ended = replace(hers, until=AT)
        assert grants_ever(connection) == (his, ended, replace(hers, role=Role.AGENT))


def test_a_role_that_has_ended_by_its_period_keeps_it(installation: Installation) -> None:
    over = replace(REVIEWER, until=LATER)
    known(installation, over)
    with writing(installation.engine) as connection:
        with pytest.raises(WrongUseError, match="ada is no reviewer of acme"):
            end_grants(connection, "ada", "acme", Role.REVIEWER, LATER)
        disable_person(connection, "ada", AT)
        disable_person(connection, "ada", LATER)
        assert grants_ever(connection) == (over,)
        assert list_people(connection)[0].disabled_at == AT


def test_a_role_elsewhere_or_another_one_is_not_enough(installation: Installation) -> None:
    known(installation, REVIEWER)
    with writing(installation.engine) as connection:
        with pytest.raises(NotPermittedError, match="ada is no reviewer of globex now"):
            require(connection, "ada", "globex", Role.REVIEWER, AT)
        with pytest.raises(NotPermittedError, match="ada is no agent of acme now"):
            require(connection, "ada", "acme", Role.AGENT, AT)


def test_the_person_whom_a_request_names_is_known_and_refused(installation: Installation) -> None:
    other = "DSAR-20261102-00000002"
    known(installation)
    opened(installation)
    opened(installation, other, identifiers=(given("robin@example.org"),))
    index = installation.vault.blind_index
    sam, phone = index("email", "sam@example.org"), index("phone", "+441632960001")
    with writing(installation.engine) as connection:
        set_own_identifiers(connection, "ada", {sam, phone})
        set_own_identifiers(connection, "bob", {index("email", "robin@example.org")})
        assert [*subjects(connection, REFERENCE), *subjects(connection, other)] == ["ada", "bob"]
        assert requests_about(connection, "ada") == {REFERENCE}
        refuse_own_request(connection, "ada", other)
        with pytest.raises(
            NotPermittedError, match=f"^{REFERENCE} is about ada, and nobody handles a request"
        ):
            refuse_own_request(connection, "ada", REFERENCE)
        set_own_identifiers(connection, "ada", {phone})
        assert subjects(connection, REFERENCE) == frozenset()
        assert requests_about(connection, "bob") == {other}
        set_own_identifiers(connection, "bob", ())
        assert requests_about(connection, "bob") == frozenset()
        with pytest.raises(WrongUseError, match="nobody is called 'eve'"):
            set_own_identifiers(connection, "eve", {sam})
