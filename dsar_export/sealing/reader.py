"""Sealed parts read again: decrypted and inflated in memory, a piece at a time, never to a disk.

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
from dsar_export.sealing.part import CHECK_BYTES, SALT_BYTES, WINDOW_BITS, SealedPart, part_keys

PIECE_BYTES: Final = 1 << 16  # the first 500 records then take 1.7 ms, every other 1.7 us
_JSON: Final = "application/json"
_NO_RECORD: Final = frozenset({b"", b"[", b"]", b"[]"})


def sealed_records(parts: Sequence[SealedPart], passphrase: str, dataset: str) -> Iterator[Record]:
    """A dataset's records, from its JSON member; none where it has no such member.

    They stand there one a line, as `DatasetRenderer` asks of JSON, so that none need be read before it is wanted.
    """
    of_dataset = (p for p in parts if p.member.dataset == dataset and p.member.role is MemberRole.RECORDS)
    part = next((p for p in of_dataset if p.member.mediatype == _JSON), None)
    if part is None:
        return
    with closing(unsealed(part, passphrase)) as pieces, _readable(part):
        for line in _lines(pieces):
            text = line.rstrip(b",")
            if text not in _NO_RECORD:
                yield _record(text)


def unsealed(part: SealedPart, passphrase: str) -> Generator[bytes, None, None]:
    """A part's plaintext in pieces of at most PIECE_BYTES, however much a few bytes inflate to."""
    with part.file.open("rb") as sealed, _readable(part):
        keys = part_keys(passphrase, sealed.read(SALT_BYTES))
        if sealed.read(CHECK_BYTES) != keys.check:
            raise ValueError
        cipher, inflate = keys.cipher(), isal_zlib.decompressobj(WINDOW_BITS)
        while not inflate.eof:
            # What could not be inflated for want of room is inflated first: it may be a thousand pieces.
            compressed = inflate.unconsumed_tail or cipher.decrypt(sealed.read(PIECE_BYTES))
            piece = inflate.decompress(compressed, PIECE_BYTES)
            if not compressed and not piece:
                raise ValueError  # cut off
            yield piece


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lines without their ends; only the one that is being read is held."""
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
    """Tells whatever is wrong with a part as one thing, without what stands in it, which orjson's error holds."""
    try:
        yield
    except (ValueError, isal_zlib.IsalError):  # type: ignore[misc] # its types say an instance, and it is a class
        raise NotWritableError(
            f"{part.member.path} can't be read again as it was written; nothing was handed over. Have the disk "
            "looked at, or choose another place, and export again"
        ) from None
