"""The texts of the pictures of ways."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message

WAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "datasets": message("Each dataset, from the person to the file"),
        "way_of": message("From the person to the file"),
        "way_as_text": message("The same as text"),
        "identifier": message("Identifier"),
        "link_table": message("Link table"),
        "table": message("Table of the source"),
        "files": message("Files in the package"),
        "no_way": message("No way leads to this dataset from this kind of people."),
        "back_to_register": message("Back to the register"),
    }
)
