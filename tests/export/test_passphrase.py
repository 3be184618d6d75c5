"""The passphrase carries the package's whole strength."""

from dsar_export.export.passphrase import WORDS, new_passphrase


def test_it_is_eight_ascii_words_of_a_long_list() -> None:
    passphrases = [new_passphrase() for _ in range(500)]
    words = {word for passphrase in passphrases for word in passphrase.split("-")}
    assert all(passphrase.isascii() and passphrase == passphrase.strip() for passphrase in passphrases)
    assert all(len(passphrase.split("-")) == WORDS == 8 for passphrase in passphrases)
    # 4000 draws of 7776 words show about 3130 different ones; of a list half as long, about 2500.
    assert len(words) > 2900


def test_no_two_are_alike() -> None:
    assert len({new_passphrase() for _ in range(200)}) == 200
