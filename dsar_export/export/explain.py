"""Uses jsonschema to explain why a record does not conform; imported only once a record has been rejected."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from dsar_export.model.outcome import Record

Explain = Callable[[Record], Iterator[tuple[Iterable[object], object]]]
"""A record -> the path and the keyword of each error; never the message, which quotes the value."""


def explainer(schema: Mapping[str, Any]) -> Explain:
    """A function that explains the errors of a record by a JSON Schema of draft 2020-12, including formats."""
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return lambda record: ((e.absolute_path, e.validator) for e in validator.iter_errors(record))
