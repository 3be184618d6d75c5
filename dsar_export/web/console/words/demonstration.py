"""The texts of the pages that only a demo has."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.language.catalogue import message

DEMONSTRATION: Final[Mapping[str, str]] = MappingProxyType(
    {
        "demo": message("The colleagues of this demo"),
        "demo_is": message("All people here are invented. Each code counts once, for half a minute."),
        "demo_code": message("Code of now"),
        "demo_next": message("Show the next code"),
        "demo_outbox": message("The outbox of this demo"),
        "demo_outbox_is": message("Nobody receives these mails. Whoever opens this page sends what waits."),
        "demo_no_mail": message("No mail yet. Deliver a request by link, and look here again."),
        "demo_to": message("To"),
    }
)
