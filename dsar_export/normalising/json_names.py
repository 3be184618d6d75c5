"""Searches whole columns of parsed JSON for names that may be of credentials, which is much faster (see ADR 20)."""

import re
from typing import Final

import orjson

from dsar_export.model.source import Column
from dsar_export.normalising.embedded_credentials import is_suspicious, may_hold_members

_TEXTS: Final = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"(:?)')
"""Every text in JSON without blanks, with a colon if it is a name. Each match ends where its text does."""


def structures_may_hold_one(values: Column) -> bool:
    """Whether a value may contain a credential; False is certain, True needs a closer look.

    Values that are the same object are searched once.
    """
    distinct = list({id(value): value for value in values if value is not None}.values())
    if not distinct:
        return False
    try:
        found = set(_TEXTS.findall(orjson.dumps(distinct)))
    except orjson.JSONEncodeError:
        return True
    return any(map(_may_be_one, found))


def _may_be_one(found: tuple[bytes, bytes]) -> bool:
    text, colon = found
    if colon:
        return is_suspicious(_unescaped(text))
    # Without these signs, a text has no members.
    signs = b"{" in text or b"[" in text or b"=>" in text
    return signs and may_hold_members(_unescaped(text))


def _unescaped(text: bytes) -> str:
    return str(orjson.loads(b'"%b"' % text)) if b"\\" in text else text.decode()
