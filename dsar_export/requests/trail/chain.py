"""How an entry is chained to the one before, and how a place in the chain is sealed."""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dsar_export.errors import WrongUseError

_KEY_BYTES: Final = 32
_MAC: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Mark:
    """A place in the chain. Numbers have no gaps, so the number is also the count of entries up to there."""

    number: int
    mac: str


BEGINNING: Final = Mark(0, hashlib.sha256(b"dsar-export trail 1").hexdigest())
"""What the first entry of all is chained to."""


class Purpose(StrEnum):
    """What a seal is for: one made for an anchor must not pass for a checkpoint."""

    ANCHOR = "anchor"
    CHECKPOINT = "checkpoint"
    END = "end"


@dataclass(frozen=True)
class Sealed:
    """A mark that only somebody with the key can have made."""

    mark: Mark
    seal: str

    @classmethod
    def read(cls, number: object, mac: object, seal: object) -> "Sealed":
        """What was stored; whatever was not made by `sealed` holds for no key."""
        fits = type(number) is int and all(isinstance(m, str) and _MAC.fullmatch(m) for m in (mac, seal))
        return (
            cls(Mark(number, str(mac)), str(seal)) if fits and isinstance(number, int) else cls(BEGINNING, "")
        )

    def holds(self, key: bytes, purpose: Purpose) -> bool:
        return same(self.seal, _seal(key, purpose, self.mark))

    def as_json(self) -> dict[str, str | int]:
        return {"number": self.mark.number, "mac": self.mark.mac, "seal": self.seal}


def sealed(key: bytes, purpose: Purpose, mark: Mark) -> Sealed:
    return Sealed(mark, _seal(key, purpose, mark))


def canonical(value: object) -> bytes:
    """JSON with sorted keys and without spaces, in UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(key: bytes, previous: str, entry: bytes) -> str:
    """The MAC of an entry in its canonical form, chained to the MAC before."""
    return _hmac(key, bytes.fromhex(previous) + entry)


def same(one: str, other: str) -> bool:
    """Compares two MACs in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _seal(key: bytes, purpose: Purpose, mark: Mark) -> str:
    # No entry begins like this: it would have to follow a MAC made of these letters.
    return _hmac(key, f"dsar-export trail {purpose} 1\n{mark.number} {mark.mac}".encode())


def _hmac(key: bytes, message: bytes) -> str:
    if len(key) != _KEY_BYTES:
        raise WrongUseError("the trail's key has 32 bytes; take it from the key file")
    return hmac.new(key, message, hashlib.sha256).hexdigest()
