"""Recognises names that look like credentials: a safety net under the rule that no schema has a field for one."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from dsar_export.model.credential_words import LONGEST, Beside, credential_words, words_of

_WORDS: Final = 24  # from the end of a name, because a name of a hundred short words would take long
_IN_A_PHRASE: Final = 5
_NOTHING: Final = ""  # replaces innocent words, so that the words around them are not taken for neighbours


def looks_like_credential(name: str) -> bool:
    """Whether a column, a JSON member or a key of a value has a name like a password, hash, token or key."""
    return _looks_like_one(name[-LONGEST:])


def counts_tokens(name: str) -> bool:
    """Whether a number of this name counts a language model's tokens. In the singular, it may be a token itself."""
    return words_of(name)[-1].endswith("tokens")


@lru_cache(maxsize=4096)
def _looks_like_one(name: str) -> bool:
    known, words = credential_words(), words_of(name)
    if len(words) > 1 and words[-1] in known.about:
        return False
    if "".join(words) in known.names:
        return True
    rest = _without_innocents(words[-_WORDS:])
    text = "_".join(rest)
    return (
        not known.words.isdisjoint(rest)
        or rest[-1] in known.last_words
        or rest[-1].endswith(known.last_endings)
        or known.parts.search(text) is not None
        or any(run in known.phrases for _, _, run in _runs(rest))
        or (known.nouns.search(text) is not None and any(_is_beside(rest, at) for at in range(len(rest))))
    )


def _without_innocents(words: Sequence[str]) -> Sequence[str]:
    innocent = credential_words().innocent
    found = {at for start, end, run in _runs(words) if run in innocent for at in range(start, end)}
    return [_NOTHING if at in found else word for at, word in enumerate(words)] if found else words


def _is_beside(words: Sequence[str], at: int) -> bool:
    return any(
        _is_qualified(group, words, at)
        for group in credential_words().beside
        if words[at].endswith(group.nouns)
    )


def _is_qualified(group: Beside, words: Sequence[str], at: int) -> bool:
    """Whether the word is a noun of the group with a qualifier before it, within it, or after a leading noun."""
    word, known = words[at], credential_words()
    if any(word.endswith(noun) and word.removesuffix(noun) in group.qualifiers for noun in group.nouns):
        return True
    if word not in group.nouns:
        return False
    before = at - 1 if at and words[at - 1] in known.fillers else at
    if any(
        "".join(words[before - length : before]) in group.qualifiers
        for length in range(1, min(before, 3) + 1)
    ):
        return True
    behind = {at + 1, at + 2} if words[at + 1 : at + 2] and words[at + 1] in known.fillers else {at + 1}
    return word in group.leading and any(
        "".join(words[start : start + length]) in group.qualifiers for start in behind for length in (1, 2, 3)
    )


def _runs(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Every run of up to `_IN_A_PHRASE` words: its start, its end, and the words run together."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + _IN_A_PHRASE, len(words)) + 1):
            yield start, end, "".join(words[start:end])
