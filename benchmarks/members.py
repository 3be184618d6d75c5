"""Unpacks, hashes and compares the two members with the subject's records."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyzipper

JSON_MEMBER: Final = "data/json/usage_events.json"
CSV_MEMBER: Final = "data/csv/usage_events.csv"
MEMBERS: Final = (JSON_MEMBER, CSV_MEMBER)
_PIECE: Final = 1 << 20

Hashes = dict[str, str]


def unpack(package: Path, passphrase: bytes, folder: Path | None = None) -> Hashes:
    """The SHA-256 of both members, computed from their content; with a folder, both are also written there."""
    found = {}
    with _opened(package, passphrase) as archive:
        for member in MEMBERS:
            copy_to = Path(os.devnull) if folder is None else folder / Path(member).name
            digest = hashlib.sha256()
            with archive.open(member) as source, copy_to.open("wb") as copy:
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    copy.write(piece)
            found[member] = digest.hexdigest()
    return found


def reported_hashes(package: Path, passphrase: bytes) -> Hashes:
    """The SHA-256 of both members, as stated in the package's own manifest."""
    with _opened(package, passphrase) as archive:
        lines = archive.read("manifest-sha256.txt").decode().splitlines()
    stated = {path: digest for digest, path in (line.split(maxsplit=1) for line in lines)}
    return {member: stated[member] for member in MEMBERS}


@contextmanager
def _opened(package: Path, passphrase: bytes) -> Iterator[pyzipper.AESZipFile]:
    with pyzipper.AESZipFile(package) as archive:
        archive.setpassword(passphrase)
        yield archive
