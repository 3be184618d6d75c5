"""SQL statements and the assertion of ownership compare identifiers by one rule."""

import hashlib
import hmac
import uuid
from decimal import Decimal

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.errors import RegisterError
from dsar_export.folding import MOST_REMEMBERED, NOBODY, Fold, equals_constant, folded, one_case, search_value
from dsar_export.model.comparison import Comparison, Constant, Match

UUID = uuid.UUID("0188a1b2-c3d4-7e5f-8a9b-acbdcedfe0f1")
KEY = b"a key of the tests"
KEYS = {"env:MAIL_KEY": KEY}
EXACT = Comparison()
CASEFOLD = Comparison(Match.CASEFOLD)
BRITISH = Comparison(Match.E164, region="GB")
HASHED = Comparison(Match.HMAC, hmac_key="env:MAIL_KEY")

texts = st.text(st.characters(exclude_categories=())) | st.text(
    "0123456789+-() .#~;,xa\uff10\u0660", max_size=16
)


def equal(stored: object, value: str, comparison: Comparison) -> bool:
    return NOBODY != folded(stored, comparison) == search_value(value, comparison, KEYS)


def hashed(value: str) -> str:
    return hmac.new(KEY, value.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("stored", "value", "same"),
    [
        ("C-1", "C-1", True),
        (7, "7", True),
        (b"\x0f\xa0", "0fa0", True),
        ("07", "7", False),
        ("c-1", "C-1", False),
        ("C-1 ", "C-1", False),
        ("e\u0301", "\u00e9", False),
        (7.0, "7", True),
        (Decimal("7.00"), "7", True),
        (Decimal("7.50"), "7.5", True),
        ("7.0", "7", False),
        (" 7", "7", False),
        (True, "1", False),
        (UUID.bytes, str(UUID), True),
        (str(UUID).upper(), UUID.hex, True),
        (f"{{{UUID}}}", UUID.hex, True),
        (UUID.urn, str(UUID), True),
        (UUID.bytes, UUID.hex.upper(), True),
        (f"{{{UUID}", UUID.hex, False),
        (bytes.fromhex("0188a1b2c3d47e5f"), "0188A1B2C3D47E5F", True),
        ("ABCDEF", "abcdef", False),
    ],
)
def test_exact_is_character_by_character(stored: object, value: str, *, same: bool) -> None:
    assert equal(stored, value, EXACT) is same


@pytest.mark.parametrize(
    ("stored", "value", "same"),
    [
        ("SAM@Example.ORG", "sam@example.org", True),
        ("STRAẞE@x.org", "straße@x.org", True),
        ("strasse@x.org", "straße@x.org", False),
        ("  Sam@Example.org\n", "sam@example.org", True),
        ("jo\u0308rg@x.org", "JÖRG@x.org", True),
        ("jörg@BÜCHER.example", "jörg@xn--bcher-kva.example", True),
        ("sam@bu\u0308cher.example", "sam@bücher.example", True),
        ("sam@faß.example", "sam@fass.example", False),
        ("sam@faß.example", "sam@xn--fa-hia.example", True),
        ("sam@a_b.bücher.example", "SAM@A_B.xn--bcher-kva.example", True),
        ("sam@bücher.example.", "sam@bücher.example", False),
        ("<sam@example.org>", "sam@example.org", False),
        (f" {str(UUID).upper()} ", UUID.hex, True),
        ("ΣΊΣΥΦΟΣ", "σίσυφος", True),
        ("sam+shop@example.org", "sam@example.org", False),
        ("strase@x.org", "straße@x.org", False),
    ],
)
def test_casefold_is_blind_to_case_in_every_script(stored: str, value: str, *, same: bool) -> None:
    assert equal(stored, value, CASEFOLD) is same


LONDON = (
    "+442079460018", "+44 20 7946 0018", "+44 (0)20 7946 0018", "0044 20 7946 0018", "020 7946 0018",
    "(020) 7946-0018", "020.7946.0018", "+44-20-7946-0018", "20 7946 0018",
)  # fmt: skip


@pytest.mark.parametrize("stored", LONDON)
@pytest.mark.parametrize("value", LONDON)
def test_a_telephone_number_is_the_same_however_it_is_written(stored: str, value: str) -> None:
    assert equal(stored, value, BRITISH)
    assert folded(stored, BRITISH) == "+442079460018"


def test_a_national_number_is_one_of_the_region_that_the_register_names() -> None:
    assert folded("020 7946 0018", BRITISH) == "+442079460018"
    assert folded("01 23 45 67 89", Comparison(Match.E164, region="FR")) == "+33123456789"
    assert not equal("01 23 45 67 89", "+33 1 23 45 67 89", BRITISH)


def test_an_extension_is_a_number_of_its_own() -> None:
    # Behind one switchboard there are many people.
    for extended in (
        "020 7946 0018 x12",
        "020 7946 0018 ext. 12",
        "020 7946 0018#12",
        "020 7946 0018;ext=12",
    ):
        assert equal(extended, extended, BRITISH)
        assert not equal(extended, "020 7946 0018", BRITISH)
    assert not equal("020 7946 0018 x12", "020 7946 0018 x13", BRITISH)


def test_words_are_not_dialled() -> None:
    assert not equal("0800 FLOWERS", "0800 3569377", BRITISH)
    assert not equal("+44 20 7946 0018 Sam", "+44 20 7946 0018 726", BRITISH)
    assert not equal("+44 20 7946 0018 Sam", "+44 20 7946 0018", BRITISH)


@pytest.mark.parametrize("other", ["+44 20 7946 0019", "+33 20 7946 0018", "+1 207 946 0018", "7946 0018"])
def test_another_telephone_number_is_another(other: str) -> None:
    assert not equal(other, "+442079460018", BRITISH)


FILLERS = [
    "", "withheld", "n/a", "0", "00", "-", "+", "ask Sam", "\udcff", "0" * 40, "+44", "0000000000", "1111111111", "123",
    "7946 0018", "0800 FLOWERS",
]  # fmt: skip


@pytest.mark.parametrize("text", FILLERS, ids=range(len(FILLERS)))
def test_text_that_is_not_a_possible_telephone_number_identifies_nobody(text: str) -> None:
    assert folded(text, BRITISH) == NOBODY


@pytest.mark.parametrize("comparison", [EXACT, CASEFOLD, BRITISH, HASHED])
@pytest.mark.parametrize("blank", [None, "", " ", "\t\n", "\u00a0"])
def test_a_blank_identifies_nobody(blank: str | None, comparison: Comparison) -> None:
    assert folded(blank, comparison) == NOBODY
    assert search_value(blank or "", comparison, KEYS) == NOBODY


@pytest.mark.parametrize(
    ("stored", "constant", "same"),
    [
        ("customer", "customer", True),
        ("Customer", "customer", False),
        ("customer ", "customer", False),
        (12, 12, True),
        ("12", 12, True),
        (Decimal("12.00"), 12, True),
        (1, True, True),
        (True, True, True),
        ("t", True, True),
        (True, "true", True),
        (0, True, False),
        (None, False, False),
        (None, "", False),
        ("", "", True),
        (UUID.bytes, str(UUID), True),
    ],
)
def test_a_cell_holds_a_constant(stored: object, constant: Constant, *, same: bool) -> None:
    assert equals_constant(stored, constant) is same


def test_a_hash_is_that_of_the_folded_value_under_the_registers_key() -> None:
    assert equal(hashed("sam@example.org"), "Sam@Example.org", HASHED)
    assert not equal(hashed("Sam@Example.org"), "Sam@Example.org", HASHED)
    assert not equal(hashlib.sha256(b"sam@example.org").hexdigest(), "sam@example.org", HASHED)


def test_a_hash_is_found_in_either_case_and_as_bytes() -> None:
    digest = hashed("sam@example.org")
    for stored in (digest, digest.upper(), bytes.fromhex(digest)):
        assert equal(stored, "sam@example.org", HASHED)


def test_the_value_itself_is_not_its_hash() -> None:
    assert not equal("sam@example.org", "sam@example.org", HASHED)


@pytest.mark.parametrize("keys", [{}, {"env:OTHER": KEY}, {"env:MAIL_KEY": b""}])
def test_a_key_that_the_environment_lacks_is_named_and_no_value_is(keys: dict[str, bytes]) -> None:
    with pytest.raises(RegisterError, match=r"hmac_key 'env:MAIL_KEY': .*set it") as caught:
        search_value("sam@example.org", HASHED, keys)
    assert "sam" not in str(caught.value)


@given(texts, st.sampled_from([EXACT, CASEFOLD, BRITISH]))
def test_the_search_value_is_the_folded_form_of_the_stored_one(value: str, comparison: Comparison) -> None:
    assert folded(value, comparison) == search_value(value, comparison, KEYS)


@given(texts, st.sampled_from([EXACT, CASEFOLD, BRITISH]))
def test_folding_twice_is_folding_once(value: str, comparison: Comparison) -> None:
    once = folded(value, comparison)
    assert folded(once, comparison) == once


@given(st.text())
def test_every_value_is_found_by_its_hash(value: str) -> None:
    assert equal(hashed(one_case(value)), value, HASHED) == bool(value.strip())


@given(st.text())
def test_one_case_is_one_whichever_case_it_was_and_no_letter_becomes_two(value: str) -> None:
    assert len(one_case(value)) == len(value)
    assert one_case(one_case(value)) == one_case(value)


@pytest.mark.parametrize(
    ("match", "region", "key", "problem"),
    [
        (Match.E164, None, None, "region"),
        (Match.EXACT, "GB", None, "region"),
        (Match.HMAC, None, None, "hmac_key"),
        (Match.CASEFOLD, None, "env:KEY", "hmac_key"),
        (Match.HMAC, None, "the key itself", "env:NAME"),
    ],
)
def test_a_rule_and_what_it_needs_go_together(
    match: Match, region: str | None, key: str | None, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        Comparison(match, region, key)
    assert "the key itself" not in str(caught.value).replace("the key itself stays out", "")


# Remembered


@given(st.lists(texts | st.integers() | st.booleans() | st.floats() | st.none() | st.binary(), max_size=8))
def test_what_is_remembered_equals_what_is_folded_again(cells: list[object]) -> None:
    for comparison in (EXACT, CASEFOLD, BRITISH, HASHED):
        fold = Fold(comparison)
        for cell in (*cells, *cells):
            assert fold(cell) == folded(cell, comparison)


@pytest.mark.parametrize("cells", [(1, True, 1.0, "1"), (True, 1, "1", 1.0), (0, False, "0", None)])
def test_cells_that_python_calls_equal_are_remembered_apart(cells: tuple[object, ...]) -> None:
    fold = Fold(EXACT)
    assert [fold(cell) for cell in cells] == [folded(cell, EXACT) for cell in cells]


def test_a_number_is_parsed_once_however_often_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = list[str]()
    parse = phonenumbers.parse

    def counting(text: str, region: str | None) -> phonenumbers.PhoneNumber:
        parsed.append(text)
        return parse(text, region)

    monkeypatch.setattr(phonenumbers, "parse", counting)
    fold = Fold(BRITISH)
    for _ in range(3):
        assert fold("07700 900123") == "+447700900123"
        assert fold("no number") == NOBODY
    assert parsed == ["07700 900123", "no number"]


def test_few_values_are_remembered_and_no_long_ones() -> None:
    fold = Fold(EXACT)
    for number in range(3 * MOST_REMEMBERED):
        fold(str(number))
        fold(f"{number:0200d}")
    held = fold._known[str]
    assert len(held) <= MOST_REMEMBERED
    assert max(map(len, map(str, held))) < 200
