"""Decides when two identifiers are equal, by one rule for SQL statements and for the assertion of ownership."""

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
from dsar_export.model.booleans import SPELLINGS, boolean
from dsar_export.model.comparison import Comparison, Constant, Match

KeyRing = Mapping[str, bytes]
"""The keys for hashed identifiers, by their name in the register."""

NOBODY: Final = ""
"""The folded form of a value that identifies nobody: it equals no identifier, not even itself."""

_UUID: Final = re.compile(
    r"(?:urn:uuid:)?(\{)?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})(?(1)\})",
    re.IGNORECASE | re.ASCII,
)
# Shorter texts that differ only in case may belong to two people.
_LONG_HEXADECIMAL: Final = re.compile(r"(?:[0-9a-f]{2}){8,}", re.IGNORECASE | re.ASCII)
_INEXACT: Final = 2.0**53
"""From here on, a floating-point number may be another, neighbouring number that was rounded."""
_EXACT: Final = Comparison()
REGION_END: Final = "\x1f"
"""Stands between a telephone number and its row's region, where a key or link has a `region_column`."""
MOST_REMEMBERED: Final = 4096
"""The most folded texts that are remembered: about 1 MB."""
_LONGEST_REMEMBERED: Final = 100  # characters; identifiers are shorter
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?", re.ASCII)


def as_text(stored: object) -> str:
    """An identifier as text: numbers without redundant digits, bytes as hexadecimal, null as NOBODY."""
    if stored is None:
        return NOBODY
    if isinstance(stored, bytes | bytearray | memoryview):
        return bytes(stored).hex()
    if isinstance(stored, bool):
        return str(stored).lower()
    if isinstance(stored, float) and math.isfinite(stored):
        stored = Decimal(repr(stored))
    return _plain_decimal(stored) if isinstance(stored, Decimal) and stored.is_finite() else str(stored)


def folded(stored: object, comparison: Comparison) -> str:
    """The form that a stored identifier shares with all equal ones; NOBODY if it identifies nobody.

    Numbers are equal by value. A text equals a number only in the form of `as_text`. A UUID equals its 16 bytes and
    its hexadecimal in any spelling.
    """
    text = as_text(stored)
    if not text.strip() or (isinstance(stored, float) and abs(stored) >= _INEXACT):
        return NOBODY
    if comparison.match is Match.E164:
        return e164(text, comparison.region)
    hexadecimal = _hexadecimal(text.strip() if comparison.match is Match.CASEFOLD else text)
    if hexadecimal is not None:
        return hexadecimal
    if comparison.match is Match.CASEFOLD:
        return _casefolded(text)
    return text.lower() if comparison.match is Match.HMAC else text


class Fold:
    """`folded` for one comparison, with recent results remembered: parsing a telephone number takes long (see ADR 20).

    It belongs to what is read for one person and is dropped with it, and it holds few values, whatever is read.
    """

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        # By type, because 1 equals True. Values of other types are rare, or can't be remembered.
        self._known: Mapping[type[object], dict[object, str]] = {str: {}, int: {}}

    def __call__(self, stored: object) -> str:
        known = self._known.get(type(stored))
        if known is None:
            return folded(stored, self._comparison)
        found = known.get(stored)
        if found is None:
            found = folded(stored, self._comparison)
            if not isinstance(stored, str) or len(stored) <= _LONGEST_REMEMBERED:
                if len(known) >= MOST_REMEMBERED:
                    known.clear()
                known[stored] = found
        return found


def search_value(value: str, comparison: Comparison, keys: KeyRing) -> str:
    """The folded form of every stored identifier that equals this one; raises RegisterError if its key is missing."""
    if comparison.match is not Match.HMAC:
        return folded(value, comparison)
    key = keys.get(comparison.hmac_key or "")
    if not key:
        raise RegisterError(f"hmac_key {comparison.hmac_key!r}: the environment has no such variable; set it")
    if not value.strip():
        return NOBODY
    return hmac.new(key, one_case(value).encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


def equals_constant(stored: object, constant: Constant) -> bool:
    """Whether a cell equals a constant of the register's `where`; null never does."""
    if stored is None:
        return False
    if isinstance(stored, bool) or isinstance(constant, bool):
        truth = boolean(as_text(stored))
        return truth is not None and truth is boolean(as_text(constant))
    return as_text(stored) == as_text(constant) or NOBODY != folded(stored, _EXACT) == folded(
        constant, _EXACT
    )


def spellings(constant: Constant) -> Sequence[str]:
    """The ways in which databases write a constant: several for a boolean, one for any other."""
    return SPELLINGS[constant] if isinstance(constant, bool) else (as_text(constant),)


def is_number(text: str) -> bool:
    """Whether `as_text` returns this text for some finite number, so that a number may equal it."""
    return _NUMBER.fullmatch(text) is not None and text != "-0"


def e164(text: str, region: str | None) -> str:
    """A telephone number in E.164 form; NOBODY for text that is not a possible number.

    A region in front of it, up to REGION_END, decides instead of `region`; if that is no region, only an
    international number is possible.
    An extension makes it a different number, because many people share a switchboard.
    """
    own_region, separator, local = text.rpartition(REGION_END)
    if separator:
        text, region = local, own_region.strip().upper() or region
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return NOBODY
    words = number.extension is None and any(map(str.isalpha, text))
    possible = (
        phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    )
    if words or not possible or len(set(str(number.national_number))) == 1:  # 0000000000 fills a form
        return NOBODY
    found = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return found if number.extension is None else f"{found};ext={number.extension}"


def one_case(text: str) -> str:
    """A text in one case, letter by letter. No letter becomes two, so `ß` does not become `ss`."""
    return text.lower() if text.isascii() else "".join(map(_one_letter, text))


def _one_letter(letter: str) -> str:
    return next((one for one in (letter.casefold(), letter.lower()) if len(one) == 1), letter)


def _casefolded(text: str) -> str:
    """A text in one case, in Unicode NFC and stripped; the domain of an email address in IDNA 2008 form (UTS 46)."""
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
    except UnicodeError:  # such as an underscore or a long label: convert label by label, where IDNA can
        labels = _composed(domain).split(".")
        return ".".join(label if label.isascii() else _ascii_label(label) for label in labels)


def _ascii_label(label: str) -> str:
    try:
        return idna.encode(label, uts46=True).decode()
    except UnicodeError:
        return label


def _hexadecimal(text: str) -> str | None:
    """The digits of a UUID or of other long hexadecimal; None for any other text."""
    if len(text) < 16:
        return None
    if _LONG_HEXADECIMAL.fullmatch(text):
        return text.lower()
    found = _UUID.fullmatch(text)
    return None if found is None else "".join(found.groups()[1:]).lower()


def _plain_decimal(number: Decimal) -> str:
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
