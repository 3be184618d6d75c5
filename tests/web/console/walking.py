"""Every page of the console with somebody who may see it, by the table of its routes: new ones come along."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dsar_export.model.people import Role
from dsar_export.web.console.pages import console_routes
from dsar_export.web.console.rendering import Console
from dsar_export.web.place import Place
from tests.web.console.consoles import BASE

_WHO: Final = (
    (Role.REVIEWER, "kim"),
    (Role.AGENT, "kim"),
    (Role.AUDITOR, "aud"),
    (Role.ADMINISTRATOR, "fay"),
)
_PARAMETERS: Final = {"dataset": "records"}
"""What stands in the path of a page beside the reference; say it here for a new one."""
_FAULTS: Final = (
    ("kim", "/requests/NONE"),
    ("kim", "/figures?since=yesterday"),
    ("kim", "/requests?q=NONE"),
    ("nia", "/inbox"),
    ("kim", "/sign-in"),
)
"""Pages of errors, without anything, and the door."""


@dataclass(frozen=True)
class Seen:
    """A page, by its path below the console's, and who sees it."""

    name: str
    path: str


def every_page(place: Place, reference: str) -> Iterator[Seen]:
    """The pages of all routes, and what else there is to see."""
    for route in console_routes(Console(place, BASE)):
        if route.method == "GET" and not route.path.endswith((".csv", "/progress", "/packages/{right}")):
            who = next(name for role, name in _WHO if role in route.rule.roles)
            plain = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
            yield Seen(who, plain.format(reference=reference, **_PARAMETERS).removeprefix(BASE))
    for who, path in _FAULTS:
        yield Seen(who, path)
