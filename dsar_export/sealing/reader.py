"""Reads sealed parts again: decrypts and inflates in memory, piece by piece, never on a disk.

The HMAC at a part's end is not looked at: this process wrote the part moments ago, in a folder that is its user's
alone, and whoever could change it there could change the process as well.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final

import orjson
from isal import isal_zlib

from dsar_export.errors import NotWritableError
from dsar_export.model.outcome import Record
from dsar_export.model.package import MemberRole
from dsar_export.sealing.part import CHECK_BYTES, SALT_BYTES, WINDOW_BITS, Keyring, SealedPart

PIECE_BYTES: Final = 1 << 16  # see ADR 21
_JSON: Final = "application/json"
_NO_RECORD: Final = frozenset({b"", b"[", b"]", b"[]"})


def sealed_records(parts: Sequence[SealedPart], keyring: Keyring, dataset: str) -> Iterator[Record]:
    """The records of a dataset from its JSON member; no records if it has no such member.

    They stand there one a line, as `DatasetRenderer` asks of JSON, so that none need be read before it is wanted.
    """
    of_dataset = (p for p in parts if p.member.dataset == dataset and p.member.role is MemberRole.RECORDS)
    part = next((p for p in of_dataset if p.member.mediatype == _JSON), None)
    if part is None:
        return
    with closing(unsealed(part, keyring)) as pieces, _readable(part):
        for line in _lines(pieces):
            text = line.rstrip(b",")
            if text not in _NO_RECORD:
                yield _record(text)


def unsealed(part: SealedPart, keyring: Keyring) -> Generator[bytes, None, None]:
    """A part's plaintext in pieces of at most PIECE_BYTES, even if a few bytes inflate to much more."""
    with part.opened() as sealed, _readable(part):
        keys = keyring.of(sealed.read(SALT_BYTES))
        if sealed.read(CHECK_BYTES) != keys.check:
            raise ValueError
        cipher, inflate = keys.cipher(), isal_zlib.decompressobj(WINDOW_BITS)
        while not inflate.eof:
            # First the input that did not fit into the last piece: it may inflate to a thousand pieces.
            compressed = inflate.unconsumed_tail or cipher.decrypt(sealed.read(PIECE_BYTES))
            piece = inflate.decompress(compressed, PIECE_BYTES)
            if not compressed and not piece:
                raise ValueError  # cut off
            yield piece


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lines without line ends; only the current one is in memory."""
    begun: list[bytes] = []
    for piece in pieces:
        end, *more = piece.split(b"\n")
        begun.append(end)
        if more:
            yield b"".join(begun)
            yield from more[:-1]
            begun = more[-1:]
    yield b"".join(begun)


def _record(text: bytes) -> Record:
    record = orjson.loads(text)
    if not isinstance(record, dict):
        raise ValueError
    return record


@contextmanager
def _readable(part: SealedPart) -> Iterator[None]:
    """Raises NotWritableError for any damage to a part, without its content, which orjson's error quotes."""
    try:
        yield
    except (ValueError, isal_zlib.IsalError):  # type: ignore[misc] # typed as an instance, but a class
        raise NotWritableError(
            f"{part.member.path} can't be read again as it was written; nothing was handed over. Check the "
            "disk or choose another folder, and export again"
        ) from None
