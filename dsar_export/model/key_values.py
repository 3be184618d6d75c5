"""Tables of keys and values: which column holds what another column's values are called."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from dsar_export.model.credential_words import LONGEST, credential_words, words_of
from dsar_export.model.dataset import Dataset


def key_columns(dataset: Dataset) -> Mapping[str, Sequence[str]]:
    """The mapped columns that hold values, each with the columns that are read and say what they are called.

    The register names them in `key_values`, or else their names do, in the source or in the schema.
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
    """Whether a column or member is called as one that holds the values of many things."""
    return _holds_values(name[-LONGEST:])


def names_values(key: str, value: str) -> bool:
    """Whether columns of these names are a pair, such as `meta_key` and `meta_value`, `field` and `old_value`."""
    return holds_values(value) and _names_values(key[-LONGEST:], value[-LONGEST:])


@lru_cache(maxsize=4096)
def _holds_values(name: str) -> bool:
    return any(word.endswith(tuple(credential_words().pairs.values)) for word in _said(name)[-1:])


@lru_cache(maxsize=4096)
def _names_values(key: str, value: str) -> bool:
    pairs, words = credential_words().pairs, words_of(key)
    kinds = pairs.keys | pairs.names
    if _said(value)[-1] not in pairs.values:  # `configvalue`
        return not {""}.issuperset(_before(kinds, words) & _before(pairs.values, words_of(value)))
    if words[-1] not in kinds:
        return False
    before = _said(value)[:-1]
    if before in (words, words[:-1]):
        return True
    double = len(words) > 1 and words[-2] in kinds  # `field_name`
    return (double or words[-1] in pairs.keys) and (not before or _without(kinds, words) in ((), before))


def _before(kinds: frozenset[str], words: tuple[str, ...]) -> set[str]:
    """What stands before one of the words at the end, in whatever way both are run together."""
    together = "".join(words)
    return {together.removesuffix(kind) for kind in kinds if together.endswith(kind)}


def _said(value: str) -> tuple[str, ...]:
    return tuple(word for word in words_of(value) if word not in credential_words().pairs.which)


def _without(kinds: frozenset[str], words: tuple[str, ...]) -> tuple[str, ...]:
    """What stands before `key`, or before `attribute_name`."""
    while words and words[-1] in kinds:
        words = words[:-1]
    return words
