"""What kinds of identifiers are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "account_id": message("Account number"),
        "cookie_id": message("Cookie number"),
        "customer_id": message("Customer number"),
        "device_id": message("Device number"),
        "email": message("Email address"),
        "ip_address": message("IP address"),
        "order_id": message("Order number"),
        "phone": message("Phone number"),
    }
)


def identifier_words(kind: str, own: Mapping[str, str]) -> str:
    """A kind of identifier: in the register's own words, or ours, which catalogues have, or its name made readable."""
    return own.get(kind) or _KINDS.get(kind) or kind.replace("_", " ").capitalize()
