"""Tables of keys and values: which column holds the names of another column's values."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from dsar_export.model.credential_words import LONGEST, credential_words, words_of
from dsar_export.model.dataset import Dataset


def key_columns(dataset: Dataset) -> Mapping[str, Sequence[str]]:
    """The mapped columns of values, each with the columns that are read and name the values.

    The register's `key_values` decides, or else the names of columns and fields do.
    """
    mapped = [(name, f.column) for name, f in dataset.fields.items() if f.column is not None]
    found: dict[str, Sequence[str]] = {}
    for value, column in mapped:
        if column in dataset.key_values:
            found[column] = [key for key in (dataset.key_values[column],) if key]
            continue
        keys = [key for name, key in mapped if names_values(key, column) or names_values(name, value)]
        if keys:
            found[column] = list(dict.fromkeys([*found.get(column, ()), *keys]))
    return found


def holds_values(name: str) -> bool:
    """Whether a column or member has a name such as `meta_value`, for values of many kinds."""
    return _holds_values(name[-LONGEST:])


def names_values(key: str, value: str) -> bool:
    """Whether columns with these names form a pair, such as `meta_key` and `meta_value`, `field` and `old_value`."""
    return holds_values(value) and _names_values(key[-LONGEST:], value[-LONGEST:])


@lru_cache(maxsize=4096)
def _holds_values(name: str) -> bool:
    return any(word.endswith(tuple(credential_words().pairs.values)) for word in _value_words(name)[-1:])


@lru_cache(maxsize=4096)
def _names_values(key: str, value: str) -> bool:
    pairs, words = credential_words().pairs, words_of(key)
    kinds = pairs.keys | pairs.names
    if _value_words(value)[-1] not in pairs.values:  # `configvalue`
        return not {""}.issuperset(_before(kinds, words) & _before(pairs.values, words_of(value)))
    if words[-1] not in kinds:
        return False
    before = _value_words(value)[:-1]
    if before in (words, words[:-1]):
        return True
    double = len(words) > 1 and words[-2] in kinds  # `field_name`
    return (double or words[-1] in pairs.keys) and (not before or _without(kinds, words) in ((), before))


def _before(kinds: frozenset[str], words: tuple[str, ...]) -> set[str]:
    """The beginnings of a name that ends in one of these kinds, however its words are run together."""
    together = "".join(words)
    return {together.removesuffix(kind) for kind in kinds if together.endswith(kind)}


def _value_words(value: str) -> tuple[str, ...]:
    return tuple(word for word in words_of(value) if word not in credential_words().pairs.which)


def _without(kinds: frozenset[str], words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without those of these kinds at the end, such as `key` or `attribute_name`."""
    while words and words[-1] in kinds:
        words = words[:-1]
    return words
