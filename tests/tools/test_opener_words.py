"""The opener's page knows the words that passphrases are made of."""

from pathlib import Path

from tools.opener_words import LANGUAGES, PAGE, paired, shortened, words_module

WORDS = {"abbey", "abbot", "abbots", "zebra"}


def test_the_page_has_the_words_of_today() -> None:
    assert PAGE.read_text(encoding="ascii") == words_module(), "run: .venv/bin/python -m tools.opener_words"


def test_a_word_is_shortened_by_what_it_shares_with_the_one_before() -> None:
    assert shortened(sorted(WORDS)) == "AabbeyDotFsAzebra"


def test_signs_give_the_text_back() -> None:
    text = shortened(sorted(WORDS)) * 9
    pairs, short = paired(text)
    for at in range(len(pairs) - 3, -1, -3):
        short = short.replace(pairs[at], pairs[at + 1 : at + 3])
    assert short == text
    assert len(paired(text)[1]) < len(text) / 2


def test_every_language_of_the_product_has_a_list() -> None:
    catalogues = Path(__file__).parents[2] / "dsar_export" / "language" / "catalogues"
    languages = {folder.name for folder in catalogues.iterdir() if (folder / "LC_MESSAGES").is_dir()}
    assert set(LANGUAGES) == {"en", *languages}
