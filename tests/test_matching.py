"""Two identifiers are equal by one rule, which the statement and the ownership assertion share."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.errors import RegisterError
from dsar_export.matching import folded, sought
from dsar_export.model.matching import Comparison, Match

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
    return folded(stored, comparison) == sought(value, comparison, KEYS)


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
    ],
)
def test_exact_is_character_by_character(stored: object, value: str, *, same: bool) -> None:
    assert equal(stored, value, EXACT) is same


@pytest.mark.parametrize(
    ("stored", "value", "same"),
    [
        ("SAM@Example.ORG", "sam@example.org", True),
        ("STRASSE@x.org", "straße@x.org", True),
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


@pytest.mark.parametrize("other", ["+44 20 7946 0019", "+33 20 7946 0018", "+1 207 946 0018", "7946 0018"])
def test_another_telephone_number_is_another(other: str) -> None:
    assert not equal(other, "+442079460018", BRITISH)


@pytest.mark.parametrize("text", ["", "withheld", "n/a", "+", "ask Sam", "\udcff", "0" * 40, "+44"])
def test_text_that_is_no_telephone_number_is_equal_to_itself_alone(text: str) -> None:
    assert folded(text, BRITISH) == text
    assert equal(text, text, BRITISH)
    assert not equal(text, "+442079460018", BRITISH)


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
        sought("sam@example.org", HASHED, keys)
    assert "sam" not in str(caught.value)


@given(texts, st.sampled_from([EXACT, CASEFOLD, BRITISH]))
def test_what_is_sought_is_what_the_stored_one_folds_to(value: str, comparison: Comparison) -> None:
    assert equal(value, value, comparison)


@given(texts, st.sampled_from([EXACT, CASEFOLD, BRITISH]))
def test_folding_twice_is_folding_once(value: str, comparison: Comparison) -> None:
    once = folded(value, comparison)
    assert folded(once, comparison) == once


@given(st.text())
def test_every_value_is_found_by_its_hash(value: str) -> None:
    assert equal(hashed(value.casefold()), value, HASHED)


@pytest.mark.parametrize(
    ("match", "region", "key", "told"),
    [
        (Match.E164, None, None, "region"),
        (Match.EXACT, "GB", None, "region"),
        (Match.HMAC, None, None, "hmac_key"),
        (Match.CASEFOLD, None, "env:KEY", "hmac_key"),
        (Match.HMAC, None, "the key itself", "env:NAME"),
    ],
)
def test_a_rule_and_what_it_needs_go_together(
    match: Match, region: str | None, key: str | None, told: str
) -> None:
    with pytest.raises(ValueError, match=told) as caught:
        Comparison(match, region, key)
    assert "the key itself" not in str(caught.value).replace("the key itself stays out", "")
