"""How two identifiers are found to be equal: the same rule for the statement and for the ownership assertion."""

import hashlib
import hmac
from collections.abc import Mapping

import phonenumbers

from dsar_export.errors import RegisterError
from dsar_export.model.matching import Comparison, Match

KeyRing = Mapping[str, bytes]
"""The keys of hashed identifiers, by the name that the register gives them."""


def folded(stored: object, comparison: Comparison) -> str:
    """What a stored identifier has in common with every equal one."""
    text = stored.hex() if isinstance(stored, bytes) else str(stored)
    if comparison.match is Match.CASEFOLD:
        return text.casefold()
    if comparison.match is Match.E164:
        return e164(text, comparison.region)
    return text.lower() if comparison.match is Match.HMAC else text


def sought(value: str, comparison: Comparison, keys: KeyRing) -> str:
    """What a stored identifier folds to if it is equal to this one; RegisterError without its key."""
    if comparison.match is not Match.HMAC:
        return folded(value, comparison)
    key = keys.get(comparison.hmac_key or "")
    if not key:
        raise RegisterError(f"hmac_key {comparison.hmac_key!r}: the environment has no such variable; set it")
    return hmac.new(key, value.casefold().encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


def e164(text: str, region: str | None) -> str:
    """A telephone number as E.164 writes it; text that is none stays as it is.

    A number with words or an extension stays too: behind one switchboard there are many people.
    """
    if any(c.isalpha() for c in text):
        return text
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return text
    if number.extension is not None:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
