"""Identifiers are replaced before verification only, each with its own proof."""

import pytest

from dsar_export.errors import StaleError, StateError, TamperedError, WrongUseError
from dsar_export.requests.database import reading, writing
from dsar_export.requests.house import House
from dsar_export.requests.identifiers import identifiers_of, set_identifiers
from dsar_export.requests.requests import read_request
from dsar_export.requests.states import State
from dsar_export.requests.tables import IDENTIFIERS
from tests.requests.houses import LATER, REFERENCE, given, opened, put


def held(house: House) -> list[tuple[str, str | None]]:
    with reading(house.engine) as connection:
        found = identifiers_of(connection, REFERENCE, house.vault)
    return [(one.identifier.value, one.proven_by) for one in found]


def test_a_proof_belongs_to_one_identifier(house: House) -> None:
    version = opened(house)
    wanted = [given("sam@example.org", proven_by="code"), given("C-1", "customer_id")]
    with writing(house.engine) as connection:
        assert set_identifiers(connection, REFERENCE, version, wanted, LATER, house.vault) == version + 1
    assert held(house) == [("sam@example.org", "code"), ("C-1", None)]


def test_what_was_given_first_stays_known_after_a_correction(house: House) -> None:
    version = opened(house)
    with writing(house.engine) as connection:
        set_identifiers(connection, REFERENCE, version, [given("max@example.org")], LATER, house.vault)
        as_given = read_request(connection, REFERENCE, house.vault).subject.identifiers
    assert [i.value for i in as_given] == ["sam@example.org"]
    assert held(house) == [("max@example.org", None)]


@pytest.mark.parametrize("state", sorted(set(State) - {State.RECEIVED}))
def test_nothing_is_widened_after_verification(state: State, house: House) -> None:
    version = opened(house)
    with writing(house.engine) as connection:
        put(connection, house, state)
    with pytest.raises(StateError), writing(house.engine) as connection:
        set_identifiers(connection, REFERENCE, version, [given("max@example.org")], LATER, house.vault)
    assert held(house) == [("sam@example.org", None)]


def test_identifiers_of_a_stale_page_are_refused(house: House) -> None:
    version = opened(house)
    with pytest.raises(StaleError), writing(house.engine) as connection:
        set_identifiers(connection, REFERENCE, version - 1, [given("max@example.org")], LATER, house.vault)


def test_a_request_keeps_at_least_one(house: House) -> None:
    version = opened(house)
    with pytest.raises(WrongUseError, match="needs an identifier"), writing(house.engine) as connection:
        set_identifiers(connection, REFERENCE, version, [], LATER, house.vault)


def test_two_values_that_changed_places_do_not_open(house: House) -> None:
    opened(house, identifiers=(given("sam@example.org"), given("max@example.org")))
    with writing(house.engine) as connection:
        for number, other in ((1, 3), (2, 1), (3, 2)):
            place = IDENTIFIERS.c.number == number
            connection.execute(IDENTIFIERS.update().where(place).values(number=other))
    with pytest.raises(TamperedError):
        held(house)
