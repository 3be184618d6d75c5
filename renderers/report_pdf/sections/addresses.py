"""Addresses of the register that a reader may follow."""

import re
from typing import Final

from renderers.report_pdf.blocks import Link

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WEB: Final = re.compile(r"https?://[^\s<>\"]+")


def reachable(text: str) -> str | Link:
    """A text that is an address for email or on the web as a link; any other as it stands."""
    if _EMAIL.fullmatch(text):
        return Link(text, f"mailto:{text}")
    return Link(text, text) if _WEB.fullmatch(text) else text


def named_address(name: str, url: str) -> str | Link:
    """A name with its address on the web."""
    told = f"{name}, {url}"
    return Link(told, url) if _WEB.fullmatch(url) else told
