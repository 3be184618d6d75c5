"""The package is only as strong as its passphrase."""

from math import log2

import pytest

from dsar_export.delivery.passphrases import WORDS, new_passphrase, word_list
from dsar_export.language.catalogue import languages

LANGUAGES = languages()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_eight_ascii_words_of_a_long_list(language: str) -> None:
    passphrases = [new_passphrase(language) for _ in range(500)]
    words = {word for passphrase in passphrases for word in passphrase.split("-")}
    assert all(passphrase.isascii() and passphrase == passphrase.strip() for passphrase in passphrases)
    assert all(len(passphrase.split("-")) == WORDS == 8 for passphrase in passphrases)
    # 4000 draws from 7776 words give about 3130 different ones; from a list half as long, about 2500.
    assert len(words) > 2900


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_103_bits(language: str) -> None:
    words = word_list(language)
    assert len(set(words)) == len(words)
    assert WORDS * log2(len(words)) >= 103


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_can_be_typed_on_any_keyboard_and_has_no_hyphen(language: str) -> None:
    assert [
        word for word in word_list(language) if not (word.isascii() and word.isalpha() and word.islower())
    ] == []


def test_each_language_has_words_of_its_own() -> None:
    assert len({word_list(language) for language in LANGUAGES}) == len(LANGUAGES)
    assert {"dankbar", "besser"} <= set(word_list("de"))
    assert {"escalier", "livraison"} <= set(word_list("fr"))


def test_a_region_changes_nothing_and_an_unknown_language_gets_english_words() -> None:
    assert set(new_passphrase("de-AT").split("-")) <= set(word_list("de"))
    assert set(new_passphrase("nl").split("-")) <= set(word_list("en"))


def test_no_passphrase_has_an_offensive_word() -> None:
    assert not {"arsch", "kotzen"} & set(word_list("de"))
    assert not {"enculer", "nazi", "nazis", "salaud", "viol", "pute", "merde"} & set(word_list("fr"))


def test_no_two_passphrases_are_the_same() -> None:
    assert len({new_passphrase("en") for _ in range(200)}) == 200
