"""The rights under each basis: as the W3C maps them, and for Art. 9 as this project reads the law."""

from collections.abc import Iterable

import pytest

from dsar_export.model.legal import LEGAL_BASES
from dsar_export.model.rights import RIGHTS_BY_BASIS, rights_of

# DPV 2.3, EU-GDPR, module legal_basis_rights_mapping: the oracle, as it stands there.
W3C = {
    "A6-1-a": {"A13", "A14", "A15", "A16", "A17", "A18", "A20", "A22", "A7-3", "A77"},
    "A6-1-b": {"A13", "A14", "A15", "A16", "A17", "A18", "A20", "A22", "A77"},
    "A6-1-c": {"A13", "A15", "A16", "A18", "A77"},
    "A6-1-d": {"A13", "A14", "A15", "A16", "A17", "A18", "A22", "A77"},
    "A6-1-e": {"A13", "A14", "A15", "A16", "A18", "A21", "A22", "A77"},
    "A6-1-f": {"A13", "A14", "A15", "A16", "A17", "A18", "A21", "A22", "A77"},
}
FULFILLED_UNASKED = {"A13", "A14"}
ART_9 = sorted(basis for basis in LEGAL_BASES if basis.startswith("A9-"))


def having(right: str, bases: Iterable[str] = LEGAL_BASES) -> set[str]:
    return {basis for basis in bases if right in rights_of([basis])}


def test_every_basis_that_a_register_may_name_has_its_rights() -> None:
    assert set(RIGHTS_BY_BASIS) == set(LEGAL_BASES)


@pytest.mark.parametrize("basis", W3C)
def test_a_basis_of_art_6_leaves_the_rights_that_the_w3c_maps(basis: str) -> None:
    assert set(rights_of([basis])) == W3C[basis] - FULFILLED_UNASKED


def test_the_oracle_speaks_of_all_bases_of_art_6() -> None:
    assert set(W3C) == {basis for basis in LEGAL_BASES if basis.startswith("A6-")}


def test_only_consent_and_contract_can_be_taken_elsewhere_also_explicit_consent_which_the_w3c_leaves_out() -> (
    None
):
    assert having("A20") == {"A6-1-a", "A6-1-b", "A9-2-a"}


def test_only_a_public_task_and_a_legitimate_interest_can_be_objected_to() -> None:
    assert having("A21") == {"A6-1-e", "A6-1-f"}


def test_only_consent_can_be_withdrawn() -> None:
    assert having("A7-3") == {"A6-1-a", "A9-2-a"}


def test_explicit_consent_for_special_data_is_as_consent() -> None:
    assert rights_of(["A9-2-a"]) == rights_of(["A6-1-a"])


def test_special_data_is_erased_on_request_except_under_art_17_3() -> None:
    assert having("A17", ART_9) == {"A9-2-a", "A9-2-c", "A9-2-d", "A9-2-e"}


def test_special_data_decides_alone_only_where_a_law_may_allow_it() -> None:
    assert set(ART_9) - having("A22", ART_9) == {"A9-2-b", "A9-2-g"}


@pytest.mark.parametrize("bases", [(), ("A6-1-c",), ("no such basis",)])
def test_some_rights_hold_whatever_the_basis(bases: tuple[str, ...]) -> None:
    assert rights_of(bases) == ("A15", "A16", "A18", "A77")


def test_several_bases_have_the_rights_of_each_once_and_in_one_order() -> None:
    together = ("A15", "A16", "A17", "A18", "A20", "A21", "A22", "A7-3", "A77")
    assert rights_of(["A6-1-a", "A6-1-c", "A6-1-f"]) == together
    assert rights_of(iter(["A6-1-f", "A6-1-f", "A6-1-a"])) == together
