"""What the ledger of a Draft holds of each sealed part, and where the parts of an attempt lie."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PartFacts:
    """A sealed part in the store: its name, its size in bytes, its SHA-256, and the salt of its key, both in hex."""

    name: str
    size: int
    sha256: str
    salt: str


def attempt_folder(reference: str, attempt: int) -> str:
    """Where all parts of an attempt lie."""
    return f"{reference}/{attempt}"


def attempt_of(name: str) -> str:
    """The same folder, from the name of any part in it."""
    return "/".join(name.split("/")[:2])
