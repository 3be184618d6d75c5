"""`/.well-known/security.txt` (RFC 9116): whom to write to about a weakness."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dsar_export.interfaces import Clock

SECURITY_PATH: Final = "/.well-known/security.txt"
_LASTS: Final = timedelta(days=180)
"""The RFC recommends less than a year; whoever asks later gets a later end."""


@dataclass(frozen=True)
class SecurityTxt:
    """The file of an installation that has a contact."""

    contact: str
    clock: Clock

    async def page(self, _: Request) -> Response:
        """GET /.well-known/security.txt"""
        day = (self.clock() + _LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
        lines = (
            f"Contact: {self.contact}",
            f"Expires: {day:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: en, de, fr",
        )
        return PlainTextResponse("".join(f"{line}\n" for line in lines))
