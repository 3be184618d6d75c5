"""The words for the codes of the register and the outcomes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.language.identifier_words import identifier_words
from dsar_export.model.request import Right
from dsar_export.model.schema import Origin
from renderers.report_pdf.sections.locale import Locale

# Titles of sections that other sections refer to.
NOT_HERE: Final = message("What is not here, and why")
YOUR_RIGHTS: Final = message("Your rights")

# The title of a record on each further page.
CONTINUED: Final = message("{record} (continued)")

# The same sentence for all data that is absent, whether or not an exemption applies: where a rule lets the
# controller stay silent, a sentence of its own would reveal what must not be disclosed.
NOTHING_HELD: Final = message("We searched, and there is nothing that we must disclose.")

# Also where nothing is held: nobody looked.
NOT_COVERED: Final = message(
    "Not included, because the mandate of whoever asked on your behalf does not cover it. You can ask us for it "
    "yourself: {contact}."
)

RIGHTS: Final[Mapping[Right, str]] = MappingProxyType(
    {
        Right.ACCESS: message("Access to your data (Art. 15 {gdpr})"),
        Right.PORTABILITY: message("Your data to take with you (Art. 20 {gdpr})"),
    }
)

FIELDS_BY_ORIGIN: Final[Mapping[Origin, str]] = MappingProxyType(
    {
        Origin.PROVIDED: message("From you: {fields}"),
        Origin.OBSERVED: message("From your use of our services: {fields}"),
        Origin.DERIVED: message("Worked out by us: {fields}"),
        Origin.ACQUIRED: message("From someone else: {fields}"),
    }
)

# Keys are the names of the fields with the marks.
PAST: Final = "past_storage_period"
MARKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "deleted_in_source": message("Deleted in our system, but still stored: {n}"),
        "earlier_version": message("Earlier versions, from before a change or archiving: {n}"),
        PAST: message("Should already have been erased: {n}"),
    }
)

# The rule that a value breaks, by the keyword of JSON Schema.
RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "type": message("unexpected type"),
        "format": message("unexpected format"),
        "pattern": message("unexpected format"),
        "const": message("unknown code"),
        "enum": message("unknown code"),
        "oneOf": message("unknown code"),
        "required": message("missing"),
        "minimum": message("too small"),
        "maximum": message("too large"),
        "a field that is left out": message("does not match, in a field that this right does not cover"),
        "minLength": message("too short"),
        "maxLength": message("too long"),
    }
)


def identifier_label(kind: str, locale: Locale) -> str:
    """A kind of identifier in words: the register's, or ours, or its name made readable."""
    return locale.phrase(identifier_words(kind, locale.identifiers))
