"""A part of a Draft opens block by block, and only as what was written."""

import hashlib
import hmac
import os
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.delivery.folder_store import FolderStore
from dsar_export.errors import DraftUnreadableError
from dsar_export.model.draft import PartFacts
from dsar_export.sealing.drafts.keys import DraftKey, new_draft_key
from dsar_export.sealing.drafts.reader import DraftPart, stored_part
from dsar_export.sealing.drafts.writer import Block, DraftPartWriter

KEY = new_draft_key()
BLOCKS = [Block(b"first " * 100, records=3, beside=1), Block(b"", records=0), Block(b"third", records=2)]


class MemoryStore:
    """Objects in memory, which notes what is read."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.reads: list[tuple[int, int]] = []

    def put(self, name: str, pieces: object) -> None:
        assert hasattr(pieces, "__iter__")
        self.objects[name] = b"".join(pieces)

    def adopt(self, name: str, file: Path) -> None:
        self.put(name, [file.read_bytes()])
        file.unlink()

    def place(self, name: str) -> str:
        return name

    def read(self, name: str, start: int, length: int) -> bytes:
        self.reads.append((start, length))
        return self.objects[name][start : start + length]

    def size(self, name: str) -> int:
        return len(self.objects[name])

    def names(self, prefix: str) -> list[str]:
        return [name for name in self.objects if name.startswith(prefix)]

    def delete(self, name: str) -> None:
        self.objects.pop(name, None)

    def sweep(self, needed: object) -> None:
        """Nothing is ever unfinished here."""


def stored(store: MemoryStore, blocks: list[Block], key: DraftKey = KEY, name: str = "R/1/a") -> PartFacts:
    writer = DraftPartWriter(key, name)
    store.put(name, writer.sealed(blocks))
    return writer.facts


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_every_block_comes_back(texts: list[bytes]) -> None:
    store = MemoryStore()
    part = DraftPart(store, KEY, stored(store, [Block(text, records=1) for text in texts]))
    part.verify()
    assert list(part.blocks()) == texts
    assert [entry.first_record for entry in part.index] == list(range(len(texts)))


def test_a_block_is_read_alone() -> None:
    store = MemoryStore()
    part = DraftPart(store, KEY, stored(store, BLOCKS))
    last = part.index[2]
    store.reads.clear()
    assert part.block(last) == b"third"
    assert store.reads == [(last.offset, last.length)]
    assert (last.first_record, last.records, last.beside) == (3, 2, 0)
    assert part.index[0].beside == 1


@pytest.mark.parametrize("at", [0, 10, 40, -1, -9])
def test_a_changed_byte_is_noticed_without_the_hash(at: int) -> None:
    store = MemoryStore()
    facts = stored(store, BLOCKS)
    changed = bytearray(store.objects[facts.name])
    changed[at] ^= 1
    store.objects[facts.name] = bytes(changed)
    with pytest.raises(DraftUnreadableError):
        list(DraftPart(store, KEY, facts).blocks())


def test_blocks_that_changed_places_are_noticed() -> None:
    store = MemoryStore()
    facts = stored(store, [Block(b"one"), Block(b"two")])
    first, second = DraftPart(store, KEY, facts).index
    whole = store.objects[facts.name]
    cut = [whole[e.offset : e.offset + e.length] for e in (first, second)]
    swapped = whole[: first.offset] + cut[1] + cut[0] + whole[second.offset + second.length :]
    store.objects[facts.name] = swapped
    with pytest.raises(DraftUnreadableError):
        list(DraftPart(store, KEY, facts).blocks())


def test_a_part_under_the_name_of_another_is_noticed() -> None:
    store = MemoryStore()
    stored(store, BLOCKS, name="R/1/a")
    facts = stored(store, BLOCKS, name="R/1/b")
    store.objects["R/1/b"] = store.objects["R/1/a"]
    with pytest.raises(DraftUnreadableError):
        list(DraftPart(store, KEY, facts).blocks())


def test_two_writings_of_the_same_share_no_byte_of_ciphertext() -> None:
    store = MemoryStore()
    once, again = stored(store, BLOCKS, name="R/1/a"), stored(store, BLOCKS, name="R/2/a")
    one, other = (store.objects[f.name][24:] for f in (once, again))
    assert sum(a == b for a, b in zip(one, other, strict=True)) < len(one) / 4
    assert once.salt != again.salt


def test_an_unfinished_part_has_no_facts() -> None:
    writer = DraftPartWriter(KEY, "R/1/a")
    pieces = writer.sealed(BLOCKS)
    next(pieces)
    with pytest.raises(ValueError, match="not finished"):
        _ = writer.facts


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    store = MemoryStore()
    facts = stored(store, BLOCKS)
    with pytest.raises(DraftUnreadableError, match=r"R/1/a in the Draft.* Collect the request again$"):
        DraftPart(FolderStore(tmp_path), KEY, facts).verify()


def test_the_key_shows_nothing_of_itself() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert repr(KEY) == "DraftKey()"
    assert len({new_draft_key().secret for _ in range(3)}) == 3
    with pytest.raises(ValueError, match=r"^a Draft's key has 32 bytes$"):
        DraftKey(b"short")


def derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF with SHA-256 and one block, as RFC 5869 has it."""
    return hmac.digest(hmac.digest(salt, secret, "sha256"), info + b"\1", "sha256")


def test_a_parts_key_is_derived_from_its_name_and_salt() -> None:
    salt, nonce = os.urandom(16), bytes(12)
    expected = AESGCM(derived(KEY.secret, salt, b"dsar-export draft part 1\0R/1/a"))
    sealed = KEY.of_part("R/1/a", salt).encrypt(nonce, b"text", None)
    assert expected.decrypt(nonce, sealed, None) == b"text"


def test_a_block_is_compressed_and_sealed_under_its_number() -> None:
    store = MemoryStore()
    facts = stored(store, [Block(b"one"), Block(b"two")])
    cipher = AESGCM(derived(KEY.secret, bytes.fromhex(facts.salt), b"dsar-export draft part 1\0R/1/a"))
    second = DraftPart(store, KEY, facts).index[1]
    sealed = store.objects[facts.name][second.offset : second.offset + second.length]
    assert zlib.decompress(cipher.decrypt(bytes(11) + b"\1", sealed, None)) == b"two"


def test_what_a_record_says_is_hashed_under_the_key_of_its_dataset() -> None:
    key = derived(KEY.secret, bytes(32), b"dsar-export draft content 1\0orders")
    hashed = KEY.content_hash("orders")
    assert hashed("ä1", b"text") == hmac.digest(key, b"3:\xc3\xa41text", hashlib.sha256).hex()
    others = {hashed("1", b"2text"), hashed("12", b"text"), KEY.content_hash("mails")("12", b"text")}
    assert len(others) == 3


def test_a_part_that_is_known_by_its_hash_is_verified_whole() -> None:
    store = MemoryStore()
    large = Block(os.urandom(600_000), records=1)
    facts = stored(store, [large, *BLOCKS])
    part = stored_part(store, KEY, facts.name, facts.sha256)
    assert part.facts == facts
    assert list(part.blocks()) == [large.text, *(block.text for block in BLOCKS)]
    changed = bytearray(store.objects[facts.name])
    changed[100] ^= 1
    store.objects[facts.name] = bytes(changed)
    with pytest.raises(DraftUnreadableError, match="R/1/a in the Draft is not the part"):
        stored_part(store, KEY, facts.name, facts.sha256)


def test_a_part_that_is_missing_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        DraftUnreadableError, match=r"^R/1/a is missing from the Draft; collect the request again$"
    ):
        stored_part(FolderStore(tmp_path), KEY, "R/1/a", "0" * 64)
