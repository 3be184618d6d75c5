"""What a schema says of data for which nobody has written words yet."""

import re
from collections.abc import Iterator
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.dataset import Dataset
from dsar_export.model.schema import DatasetSchema

OF_FIELD: Final = message("What our system holds under this name.")
OF_DATASET: Final = message("What our system holds about you under this name.")
_BOUNDARY: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|\W+|_+")


def readable(name: str) -> str:
    """A name as a title: `first_name` and `FirstName` become `First name`."""
    words = [w if w.isupper() and len(w) > 1 else w.lower() for w in _BOUNDARY.split(name) if w]
    text = " ".join(words) or name
    return text[:1].upper() + text[1:]


def own_texts(dataset: Dataset, schema: DatasetSchema) -> frozenset[str]:
    """The texts of a made schema that are the register's: the others are in the catalogues of this program."""
    texts = {schema.title, schema.description} if dataset.schema is None else set[str]()
    for field in schema.fields:
        if field.name in dataset.described:
            texts |= {field.title, field.description}
            texts |= {text for code in field.codes for text in (code.title, code.description)}
    return frozenset(texts - {OF_FIELD, OF_DATASET})


def made_titles(dataset: Dataset) -> Iterator[tuple[tuple[str, ...], str]]:
    """The titles that were made from names, each with the key of the dataset's file that would say another one."""
    if dataset.schema is None and dataset.title is None:
        yield ("title",), readable(dataset.name)
    for name, mapping in dataset.fields.items():
        if name in dataset.described:
            if mapping.title is None:
                yield ("fields", name, "title"), readable(name)
            meanings = mapping.meanings or {}
            for code, value in (mapping.codes or {}).items():
                if code not in meanings:
                    yield ("fields", name, "meanings", code), readable(value)
