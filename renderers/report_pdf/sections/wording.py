"""The words for the codes of the register and the outcomes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.register import RecipientRole
from dsar_export.model.request import Right
from dsar_export.model.schema import Origin
from renderers.report_pdf.sections.locale import Locale

# Titles of sections that other sections refer to.
NOT_HERE: Final = message("What is not here, and why")
YOUR_RIGHTS: Final = message("Your rights")

# The same sentence for all data that is absent, whether or not an exemption applies: where a rule lets the
# controller stay silent, a sentence of its own would reveal what must not be disclosed.
NOTHING_HELD: Final = message("We searched, and there is nothing that we must disclose.")

RIGHTS: Final[Mapping[Right, str]] = MappingProxyType(
    {
        Right.ACCESS: message("Access to your data (Art. 15 GDPR)"),
        Right.PORTABILITY: message("Your data to take with you (Art. 20 GDPR)"),
    }
)

ORIGINS: Final[Mapping[Origin, str]] = MappingProxyType(
    {
        Origin.PROVIDED: message("given by you"),
        Origin.OBSERVED: message("observed while you used our services"),
        Origin.DERIVED: message("worked out by us from other data"),
        Origin.ACQUIRED: message("obtained from somebody else"),
    }
)

FIELDS_BY_ORIGIN: Final[Mapping[Origin, str]] = MappingProxyType(
    {
        Origin.PROVIDED: message("Given by you: {fields}"),
        Origin.OBSERVED: message("Observed while you used our services: {fields}"),
        Origin.DERIVED: message("Worked out by us from other data: {fields}"),
        Origin.ACQUIRED: message("Obtained from somebody else: {fields}"),
    }
)

RECIPIENTS: Final[Mapping[RecipientRole, str]] = MappingProxyType(
    {
        RecipientRole.PROCESSOR: message(
            "{name} ({country}), a processor: processes it on our behalf. {description}"
        ),
        RecipientRole.CONTROLLER: message(
            "{name} ({country}), a controller: decides itself what it does with it. {description}"
        ),
        RecipientRole.JOINT: message(
            "{name} ({country}), a joint controller: decides together with us what is done with it. {description}"
        ),
    }
)

# Keys are the names of the fields with the marks.
PAST: Final = "past_storage_period"
MARKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "deleted_in_source": message(
            "Deleted in our system, shown to nobody any more and held all the same: {n}"
        ),
        "earlier_version": message("Earlier versions, as it stood before it was changed or put away: {n}"),
        PAST: message("Past the storage period: to be erased by now: {n}"),
    }
)

# The rule that a value breaks, by the keyword of JSON Schema.
RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "type": message("of another kind than it should be"),
        "format": message("not written in the form that it should have"),
        "pattern": message("not written in the form that it should have"),
        "const": message("none of the codes that we know"),
        "enum": message("none of the codes that we know"),
        "oneOf": message("none of the codes that we know"),
        "required": message("missing"),
        "minimum": message("smaller than it may be"),
        "maximum": message("larger than it may be"),
        "a field that is left out": message("it does not fit in a field that this right does not cover"),
        "minLength": message("shorter than it may be"),
        "maxLength": message("longer than it may be"),
    }
)

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "account_id": message("Account number"),
        "cookie_id": message("Cookie number"),
        "customer_id": message("Customer number"),
        "device_id": message("Device number"),
        "email": message("Email address"),
        "ip_address": message("Internet address"),
        "order_id": message("Order number"),
        "phone": message("Telephone number"),
    }
)


def identifier_label(kind: str, locale: Locale) -> str:
    """A kind of identifier in words: the register's, or ours, or its name made readable."""
    words = locale.identifiers.get(kind) or _KINDS.get(kind)
    return locale.phrase(words or kind.replace("_", " ").capitalize())
