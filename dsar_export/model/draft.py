"""What the ledger of a Draft holds of each sealed part."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PartFacts:
    """A sealed part in the store: its name, its size in bytes, its SHA-256, and the salt of its key, both in hex."""

    name: str
    size: int
    sha256: str
    salt: str
