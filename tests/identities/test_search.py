"""Identifiers are found over declared links only, until nothing new is found; two people stop everything."""

from pathlib import Path

import pytest

from dsar_export.errors import SubjectAmbiguousError, WrongUseError
from dsar_export.model.periods import ALWAYS
from dsar_export.model.request import Identifier
from tests.identities.identifying import identity_of
from tests.worlds import World

SAM = Identifier("email", "sam@example.org")
ORDERS = """
[[links]]
given = "customer_id"
leads_to = "order_id"
source = "main"
table = "records"
given_column = "customer_id"
leads_to_column = "text"
"""


def world(tmp_path: Path, *, extra_links: str = "") -> World:
    made = World(tmp_path / "register")
    made.register_text += extra_links
    return made.write([{"text": "O-1"}, {"text": "O-2"}], [{"text": "O-9"}])


def identified(of: World, *verified: Identifier, searched: bool = True) -> frozenset[Identifier]:
    """What is known of the person, all of it theirs for ever."""
    identity = identity_of(of, *verified, searched=searched)
    assert {reached.periods for reached in identity.known} <= {ALWAYS}
    return frozenset(reached.identifier for reached in identity.known)


def test_an_email_leads_to_the_customer_and_back_to_the_email_as_it_is_stored(tmp_path: Path) -> None:
    assert identified(world(tmp_path), SAM) == {
        SAM,
        Identifier("customer_id", "C-1"),
        Identifier("email", "Sam@example.org"),
    }


def test_a_found_identifier_is_followed_further(tmp_path: Path) -> None:
    found = identified(world(tmp_path, extra_links=ORDERS), SAM)
    assert {i.value for i in found if i.kind == "order_id"} == {"O-1", "O-2"}


def test_a_link_that_is_not_declared_is_not_followed(tmp_path: Path) -> None:
    assert not [i for i in identified(world(tmp_path), SAM) if i.kind == "order_id"]


def test_a_link_of_a_source_that_is_not_searched_is_not_followed(tmp_path: Path) -> None:
    assert identified(world(tmp_path), SAM, searched=False) == {SAM}


def test_somebody_unknown_leads_to_nobody(tmp_path: Path) -> None:
    nobody = Identifier("email", "nobody@example.org")
    assert identified(world(tmp_path), nobody) == {nobody}


def test_links_that_lead_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    back = ORDERS.replace('given = "customer_id"\nleads_to = "order_id"', "").replace(
        "[[links]]", '[[links]]\ngiven = "order_id"\nleads_to = "customer_id"'
    )
    back = back.replace(
        'given_column = "customer_id"\nleads_to_column = "text"',
        'given_column = "text"\nleads_to_column = "customer_id"',
    )
    found = identified(world(tmp_path, extra_links=ORDERS + back), SAM)
    assert {i.value for i in found} == {"sam@example.org", "Sam@example.org", "C-1", "O-1", "O-2"}


def test_an_address_of_two_people_is_ambiguous_and_the_error_names_neither(tmp_path: Path) -> None:
    made = world(tmp_path)
    made.run("UPDATE customers SET email = 'SAM@example.org' WHERE id = 'C-2'")
    with pytest.raises(SubjectAmbiguousError, match="match 2 customer_id values") as caught:
        identified(made, SAM)
    assert not [text for text in ("C-1", "C-2", "sam", "SAM") if text in str(caught.value)]


def test_an_address_that_leads_back_to_a_second_person_is_ambiguous(tmp_path: Path) -> None:
    # Given the customer number, the address is only found; a second holder of it is a second person.
    made = world(tmp_path)
    made.run("INSERT INTO customers VALUES ('C-3', 'sam@EXAMPLE.org')")
    with pytest.raises(SubjectAmbiguousError):
        identified(made, Identifier("customer_id", "C-1"))


def test_identifiers_of_two_people_given_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SubjectAmbiguousError):
        identified(world(tmp_path), SAM, Identifier("email", "robin@example.org"))


def test_an_account_that_two_people_share_is_ambiguous(tmp_path: Path) -> None:
    made = world(tmp_path, extra_links=ORDERS)
    made.insert("C-2", [{"text": "O-1"}])
    with pytest.raises(SubjectAmbiguousError, match="match 2 customer_id values"):
        identified(made, SAM)


@pytest.mark.parametrize("number", ["O-9", "O-77"])
def test_an_order_number_given_with_an_address_is_ambiguous_if_it_is_someone_elses_or_unknown(
    tmp_path: Path, number: str
) -> None:
    with pytest.raises(SubjectAmbiguousError) as caught:
        identified(world(tmp_path, extra_links=ORDERS), SAM, Identifier("order_id", number))
    assert number not in str(caught.value)


def test_an_order_number_of_the_same_person_given_with_an_address_is_accepted(tmp_path: Path) -> None:
    made = world(tmp_path, extra_links=ORDERS)
    assert identified(made, SAM, Identifier("order_id", "O-2")) == identified(made, SAM)


def test_an_unknown_kind_of_identifier_is_wrong_use_and_its_value_is_not_shown(
    tmp_path: Path,
) -> None:
    with pytest.raises(WrongUseError, match=r"unknown kind of identifier; .*customer_id, email") as caught:
        identified(world(tmp_path), Identifier("phone", "+44 20 7946 0000"))
    assert "7946" not in str(caught.value)


def test_an_identifier_does_not_show_its_value_when_it_is_printed() -> None:
    assert "sam" not in repr(SAM)
    assert "sam" not in f"{SAM}"
