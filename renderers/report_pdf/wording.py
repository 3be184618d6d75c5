"""The words for what the register and the ledgers say in codes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.model.outcome import Answer
from dsar_export.model.register import RecipientRole
from dsar_export.model.request import Right
from dsar_export.model.schema import Origin

# One sentence for all that is absent, used or not: where a rule lets a controller be silent, a sentence of
# its own would tell what must not be told.
NOTHING_HELD: Final = "We searched, and there is nothing that we must disclose."

RIGHTS: Final[Mapping[Right, str]] = MappingProxyType(
    {
        Right.ACCESS: "Access to your data (Art. 15 GDPR)",
        Right.PORTABILITY: "Your data to take with you (Art. 20 GDPR)",
    }
)

ORIGINS: Final[Mapping[Origin, str]] = MappingProxyType(
    {
        Origin.PROVIDED: "given by you",
        Origin.OBSERVED: "observed while you used our services",
        Origin.DERIVED: "worked out by us from other data",
        Origin.ACQUIRED: "obtained from somebody else",
    }
)

ROLES: Final[Mapping[RecipientRole, str]] = MappingProxyType(
    {
        RecipientRole.PROCESSOR: "processes it on our behalf",
        RecipientRole.CONTROLLER: "decides itself what it does with it",
        RecipientRole.JOINT: "decides together with us what is done with it",
    }
)

ANSWERS: Final[Mapping[Answer, str]] = MappingProxyType(
    {
        Answer.PRESENT: "Present: it is in this package.",
        Answer.NONE_HELD: NOTHING_HELD,
        Answer.WITHHELD: "Withheld: see “What is not here, and why”.",
        Answer.NOT_OBTAINED: "Not obtained: we could not read every place where it is kept; "
        "see “What is not here, and why”.",
        Answer.NOT_SEARCHED: "Not searched.",
    }
)

# By the names of the fields that hold the marks.
PAST: Final = "past_storage_period"
MARKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "deleted_in_source": "Deleted in our system, shown to nobody any more and held all the same",
        "earlier_version": "Earlier versions, as it stood before it was changed or put away",
        PAST: "Past the storage period: to be erased by now",
    }
)

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "account_id": "Account number",
        "cookie_id": "Cookie number",
        "customer_id": "Customer number",
        "device_id": "Device number",
        "email": "Email address",
        "ip_address": "Internet address",
        "order_id": "Order number",
        "phone": "Telephone number",
    }
)


def kind_of_identifier(kind: str) -> str:
    """A kind of identifier in words; a register may have kinds of its own."""
    return _KINDS.get(kind) or kind.replace("_", " ").capitalize()
