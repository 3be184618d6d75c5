"""How two identifiers are found to be equal: the same rule for the statement and for the ownership assertion."""

import hashlib
import hmac
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

import idna
import phonenumbers

from dsar_export.errors import RegisterError
from dsar_export.model.comparison import Comparison, Constant, Match

KeyRing = Mapping[str, bytes]
"""The keys of hashed identifiers, by the name that the register gives them."""

NOBODY: Final = ""
"""What a value folds to that names nobody: it equals no identifier, not even itself."""

_UUID: Final = re.compile(
    r"(?:urn:uuid:)?(\{)?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})(?(1)\})",
    re.IGNORECASE | re.ASCII,
)
# Below this length, two texts that differ in case only may be two people's.
_LONG_HEXADECIMAL: Final = re.compile(r"(?:[0-9a-f]{2}){8,}", re.IGNORECASE | re.ASCII)
_INEXACT: Final = 2.0**53
"""From here on a floating number may be a neighbour's, rounded."""
_EXACT: Final = Comparison()
_TRUTH: Final = {True: ("1", "true", "t"), False: ("0", "false", "f")}
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?", re.ASCII)


def written(stored: object) -> str:
    """An identifier as text: numbers without needless digits, bytes as hexadecimal; nothing for null."""
    if stored is None:
        return NOBODY
    if isinstance(stored, bytes | bytearray | memoryview):
        return bytes(stored).hex()
    if isinstance(stored, bool):
        return str(stored).lower()
    if isinstance(stored, float) and math.isfinite(stored):
        stored = Decimal(repr(stored))
    return _plain(stored) if isinstance(stored, Decimal) and stored.is_finite() else str(stored)


def folded(stored: object, comparison: Comparison) -> str:
    """What a stored identifier has in common with every equal one; NOBODY where it names nobody.

    Numbers are equal by value, and a text equals a number only as `written`. A UUID equals its 16 bytes and its
    hexadecimal in any spelling.
    """
    text = written(stored)
    if not text.strip() or (isinstance(stored, float) and abs(stored) >= _INEXACT):
        return NOBODY
    if comparison.match is Match.E164:
        return e164(text, comparison.region)
    hexadecimal = _hexadecimal(text.strip() if comparison.match is Match.CASEFOLD else text)
    if hexadecimal is not None:
        return hexadecimal
    if comparison.match is Match.CASEFOLD:
        return _spelling(text)
    return text.lower() if comparison.match is Match.HMAC else text


def sought(value: str, comparison: Comparison, keys: KeyRing) -> str:
    """What a stored identifier folds to if it is equal to this one; RegisterError without its key."""
    if comparison.match is not Match.HMAC:
        return folded(value, comparison)
    key = keys.get(comparison.hmac_key or "")
    if not key:
        raise RegisterError(f"hmac_key {comparison.hmac_key!r}: the environment has no such variable; set it")
    if not value.strip():
        return NOBODY
    return hmac.new(key, one_case(value).encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


def holds(stored: object, constant: Constant) -> bool:
    """Whether a cell is a constant of the register's `where`; null is none."""
    if stored is None:
        return False
    if isinstance(stored, bool) or isinstance(constant, bool):
        return _truth(stored) is not None and _truth(stored) is _truth(constant)
    return written(stored) == written(constant) or NOBODY != folded(stored, _EXACT) == folded(
        constant, _EXACT
    )


def spellings(constant: Constant) -> Sequence[str]:
    """How databases write a constant; a truth value in several ways."""
    return _TRUTH[constant] if isinstance(constant, bool) else (written(constant),)


def _truth(held: object) -> bool | None:
    text = written(held).lower()
    return next((truth for truth, texts in _TRUTH.items() if text in texts), None)


def is_number(text: str) -> bool:
    """Whether a text is how `written` writes some finite number, so that a number may be equal to it."""
    return _NUMBER.fullmatch(text) is not None and text != "-0"


def e164(text: str, region: str | None) -> str:
    """A telephone number as E.164 writes it; NOBODY for text that is no possible number.

    An extension makes it another number: behind one switchboard there are many people.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return NOBODY
    words = number.extension is None and any(c.isalpha() for c in text)
    possible = (
        phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    )
    if words or not possible or len(set(str(number.national_number))) == 1:  # 0000000000 fills a form
        return NOBODY
    found = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return found if number.extension is None else f"{found};ext={number.extension}"


def one_case(text: str) -> str:
    """A text in one case, letter by letter: none is written with two, so that `ß` is not `ss`."""
    return text.lower() if text.isascii() else "".join(map(_one_letter, text))


def _one_letter(letter: str) -> str:
    return next((one for one in (letter.casefold(), letter.lower()) if len(one) == 1), letter)


def _spelling(text: str) -> str:
    """One case, Unicode NFC, without blanks around; the domain of an address as IDNA 2008 writes it (UTS 46)."""
    text = text.strip()
    if text.isascii():
        return text.lower()
    name, at, domain = unicodedata.normalize("NFC", text).rpartition("@")
    if at and not domain.isascii():
        return f"{_composed(name)}@{_ascii_domain(domain)}"
    return _composed(f"{name}{at}{domain}")


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", one_case(text))


def _ascii_domain(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except UnicodeError:  # an underscore, a label that is too long: label by label, as far as IDNA has them
        labels = _composed(domain).split(".")
        return ".".join(label if label.isascii() else _ascii_label(label) for label in labels)


def _ascii_label(label: str) -> str:
    try:
        return idna.encode(label, uts46=True).decode()
    except UnicodeError:
        return label


def _hexadecimal(text: str) -> str | None:
    """The digits of a UUID or of other hexadecimal that is long enough; None for any other text."""
    if len(text) < 16:
        return None
    if _LONG_HEXADECIMAL.fullmatch(text):
        return text.lower()
    found = _UUID.fullmatch(text)
    return None if found is None else "".join(found.groups()[1:]).lower()


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
