"""The note in a schema that ships: what it describes, and which of its keywords JSON Schema does not define."""

from collections.abc import Iterator, Mapping
from typing import Final

_ONE_RECORD: Final = "This schema describes one record; the file in data/json is an array of such records."
_OWN_KEYWORDS: Final = (
    "JSON Schema does not define these keywords, so declare them to a validator in strict mode: {keywords}."
)
_NAMED: Final = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
_VALUES: Final = frozenset({"const", "default", "enum", "examples"})


def with_note(document: Mapping[str, object]) -> dict[str, object]:
    """The schema with the note as its `$comment`, after a comment that it has already."""
    keywords = sorted(set(_own_keywords(document)))
    own = document.get("$comment")
    parts = [
        *([own] if isinstance(own, str) else []),
        _ONE_RECORD,
        *([_OWN_KEYWORDS.format(keywords=", ".join(keywords))] if keywords else []),
    ]
    address = {key: document[key] for key in ("$schema", "$id") if key in document}
    return {**address, "$comment": " ".join(parts)} | {k: v for k, v in document.items() if k != "$comment"}


def _own_keywords(part: object) -> Iterator[str]:
    """The keywords with `x-` in a schema and in those inside it; names and values of the data are no keywords."""
    if isinstance(part, list):
        for each in part:
            yield from _own_keywords(each)
    elif isinstance(part, Mapping):
        for key, value in part.items():
            if key.startswith("x-"):
                yield key
            elif key in _NAMED and isinstance(value, Mapping):
                yield from _own_keywords(list(value.values()))
            elif key not in _VALUES:
                yield from _own_keywords(value)
