"""Names that look like those of credentials: a net under the rule that no schema has a field for one."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from dsar_export.model.credential_words import LONGEST, Beside, credential_words, words_of

_WORDS: Final = 24  # at the end of a name: one of a hundred letters each would be asked for long
_IN_A_PHRASE: Final = 5
_NOTHING: Final = ""  # in place of words that are innocent: those around them are no neighbours


def looks_like_credential(name: str) -> bool:
    """Whether a column, a member of JSON or a key of a value is called as a password, a hash, a token or a key is."""
    return _looks_like_one(name[-LONGEST:])


def counts_tokens(name: str) -> bool:
    """Whether a number of this name counts what a language model read: one token may be a number, several are not."""
    return words_of(name)[-1].endswith("tokens")


@lru_cache(maxsize=4096)
def _looks_like_one(name: str) -> bool:
    known, words = credential_words(), words_of(name)
    if len(words) > 1 and words[-1] in known.about:
        return False
    if "".join(words) in known.names:
        return True
    asked = _without_innocents(words[-_WORDS:])
    told = "_".join(asked)
    return (
        not known.words.isdisjoint(asked)
        or asked[-1] in known.last_words
        or asked[-1].endswith(known.last_endings)
        or known.parts.search(told) is not None
        or any(run in known.phrases for _, _, run in _runs(asked))
        or (known.nouns.search(told) is not None and any(_is_beside(asked, at) for at in range(len(asked))))
    )


def _without_innocents(words: Sequence[str]) -> Sequence[str]:
    innocent = credential_words().innocent
    found = {at for start, end, told in _runs(words) if told in innocent for at in range(start, end)}
    return [_NOTHING if at in found else word for at, word in enumerate(words)] if found else words


def _is_beside(words: Sequence[str], at: int) -> bool:
    return any(
        _is_of(group, words, at) for group in credential_words().beside if words[at].endswith(group.nouns)
    )


def _is_of(group: Beside, words: Sequence[str], at: int) -> bool:
    """Whether the word is a noun of the group with a qualifier before it, in one word with it, or behind it."""
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
    """Every few words in a row, run together, with where they begin and end."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + _IN_A_PHRASE, len(words)) + 1):
            yield start, end, "".join(words[start:end])
