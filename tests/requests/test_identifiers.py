"""Identifiers are replaced before verification only, each with its own proof."""

import pytest

from dsar_export.errors import StaleError, StateError, TamperedError, WrongUseError
from dsar_export.requests.database import reading, writing
from dsar_export.requests.identifiers import identifiers_of, set_identifiers
from dsar_export.requests.installation import Installation
from dsar_export.requests.requests import read_request
from dsar_export.requests.states import State
from dsar_export.requests.tables import IDENTIFIERS
from tests.requests.installations import LATER, REFERENCE, given, opened, put


def held(installation: Installation) -> list[tuple[str, str | None]]:
    with reading(installation.engine) as connection:
        found = identifiers_of(connection, REFERENCE, installation.vault)
    return [(one.identifier.value, one.proven_by) for one in found]


def test_a_proof_belongs_to_one_identifier(installation: Installation) -> None:
    version = opened(installation)
    wanted = [given("sam@example.org", proven_by="code"), given("C-1", "customer_id")]
    with writing(installation.engine) as connection:
        assert (
            set_identifiers(connection, REFERENCE, version, wanted, LATER, installation.vault) == version + 1
        )
    assert held(installation) == [("sam@example.org", "code"), ("C-1", None)]


def test_what_was_given_first_stays_known_after_a_correction(installation: Installation) -> None:
    version = opened(installation)
    with writing(installation.engine) as connection:
        set_identifiers(connection, REFERENCE, version, [given("max@example.org")], LATER, installation.vault)
        as_given = read_request(connection, REFERENCE, installation.vault).subject.identifiers
    assert [i.value for i in as_given] == ["sam@example.org"]
    assert held(installation) == [("max@example.org", None)]


@pytest.mark.parametrize("state", sorted(set(State) - {State.RECEIVED}))
def test_nothing_is_widened_after_verification(state: State, installation: Installation) -> None:
    version = opened(installation)
    with writing(installation.engine) as connection:
        put(connection, installation, state)
    with pytest.raises(StateError), writing(installation.engine) as connection:
        set_identifiers(connection, REFERENCE, version, [given("max@example.org")], LATER, installation.vault)
    assert held(installation) == [("sam@example.org", None)]


def test_identifiers_of_a_stale_page_are_refused(installation: Installation) -> None:
    version = opened(installation)
    with pytest.raises(StaleError), writing(installation.engine) as connection:
        set_identifiers(
            connection, REFERENCE, version - 1, [given("max@example.org")], LATER, installation.vault
        )


def test_a_request_keeps_at_least_one(installation: Installation) -> None:
    version = opened(installation)
    with (
        pytest.raises(WrongUseError, match="needs an identifier"),
        writing(installation.engine) as connection,
    ):
        set_identifiers(connection, REFERENCE, version, [], LATER, installation.vault)


def test_two_values_that_changed_places_do_not_open(installation: Installation) -> None:
    opened(installation, identifiers=(given("sam@example.org"), given("max@example.org")))
    with writing(installation.engine) as connection:
        for number, other in ((1, 3), (2, 1), (3, 2)):
            place = IDENTIFIERS.c.number == number
            connection.execute(IDENTIFIERS.update().where(place).values(number=other))
    with pytest.raises(TamperedError):
        held(installation)
