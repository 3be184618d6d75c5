"""A sealed value opens in its own cell, with its own key, and nowhere else."""

import hmac
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import characters, text

from dsar_export.errors import KeyFileError, TamperedError
from dsar_export.requests.key_file import KeyFile, KeyRing, new_key_file, with_new_key
from dsar_export.requests.vault import Cell, Vault

CELL = Cell("notes", "text_sealed", "DSAR-20261102-00000001", 1)
KEYS = KeyFile(
    KeyRing("00000001", {"00000001": bytes(32)}),
    KeyRing("00000002", {"00000002": b"d" * 32}),
    b"i" * 32,
    b"t" * 32,
)
VAULT = Vault(KEYS)


@given(text(characters()))
def test_any_text_comes_back(written: str) -> None:
    assert VAULT.open(VAULT.seal(written, CELL), CELL) == written


def test_half_of_a_surrogate_pair_comes_back() -> None:
    assert VAULT.open(VAULT.seal("J\udcfcrgen", CELL), CELL) == "J\udcfcrgen"


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert VAULT.seal("hello", CELL) != VAULT.seal("hello", CELL)


@pytest.mark.parametrize(
    "other",
    [
        replace(CELL, table="decisions"),
        replace(CELL, column="reason_sealed"),
        replace(CELL, reference="DSAR-20261102-00000002"),
        replace(CELL, number=11),
        Cell("notes", "text_sealed", "DSAR-20261102-000000011"),
    ],
)
def test_a_value_that_was_moved_does_not_open(other: Cell) -> None:
    with pytest.raises(TamperedError, match="moved from elsewhere"):
        VAULT.open(VAULT.seal("hello", CELL), other)


def test_a_value_with_any_byte_changed_does_not_open() -> None:
    sealed = VAULT.seal("hello", CELL)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises((TamperedError, KeyFileError)):
            VAULT.open(bytes(changed), CELL)
    for length in range(len(sealed)):
        with pytest.raises(TamperedError):
            VAULT.open(sealed[:length], CELL)


def test_after_a_rotation_old_values_open_and_new_ones_need_the_new_key() -> None:
    rotated = Vault(with_new_key(KEYS))
    assert rotated.open(VAULT.seal("earlier", CELL), CELL) == "earlier"
    later = rotated.seal("later", CELL)
    assert rotated.open(later, CELL) == "later"
    with pytest.raises(KeyFileError, match="restore the newest key file"):
        VAULT.open(later, CELL)
    assert rotated.blind_index("email", "sam@example.org") == VAULT.blind_index("email", "sam@example.org")
    assert rotated.fingerprint == VAULT.fingerprint


def test_the_key_of_a_draft_is_wrapped_by_a_ring_of_its_own_and_survives_a_rotation() -> None:
    wrapped = VAULT.wrap(b"k" * 32, CELL)
    rotated = Vault(with_new_key(KEYS))
    assert VAULT.unwrap(wrapped, CELL) == rotated.unwrap(wrapped, CELL) == b"k" * 32
    with pytest.raises(KeyFileError):
        VAULT.open(wrapped, CELL)
    with pytest.raises(TamperedError):
        VAULT.unwrap(wrapped, replace(CELL, number=2))


def test_the_index_differs_by_kind_value_and_key_file(tmp_path: Path) -> None:
    other = Vault(new_key_file(tmp_path / "keys.json"))
    indexes = {
        VAULT.blind_index("email", "sam@example.org"),
        VAULT.blind_index("login", "sam@example.org"),
        VAULT.blind_index("email", "max@example.org"),
        other.blind_index("email", "sam@example.org"),
        VAULT.fingerprint,
        other.fingerprint,
    }
    assert len(indexes) == 6


def test_a_value_that_names_nobody_has_no_index() -> None:
    with pytest.raises(ValueError, match=r"^a value that names nobody has no index$"):
        VAULT.blind_index("email", "")


def test_an_error_shows_no_part_of_the_value() -> None:
    with pytest.raises(TamperedError) as caught:
        VAULT.open(VAULT.seal("canary", CELL)[:-1], CELL)
    assert "canary" not in str(caught.value)
    assert "notes.text_sealed of DSAR-20261102-00000001" in str(caught.value)


def test_a_value_is_sealed_anew_only_if_an_earlier_key_sealed_it() -> None:
    newer = Vault(with_new_key(KEYS))
    text, key = VAULT.seal("hello", CELL), VAULT.wrap(b"k" * 32, CELL)
    again, wrapped = newer.seal_anew(text, CELL), newer.wrap_anew(key, CELL)
    assert (VAULT.seal_anew(text, CELL), VAULT.wrap_anew(key, CELL)) == (text, key)
    assert (newer.seal_anew(again, CELL), newer.wrap_anew(wrapped, CELL)) == (again, wrapped)
    assert again[:5] != text[:5]
    assert wrapped[:5] != key[:5]
    assert (newer.open(again, CELL), newer.unwrap(wrapped, CELL)) == ("hello", b"k" * 32)
    with pytest.raises(TamperedError):
        newer.seal_anew(text, replace(CELL, number=2))


def test_a_process_opens_what_was_sealed_after_a_rotation_and_seals_as_before() -> None:
    rotated = with_new_key(KEYS)
    earlier, newer = Vault(KEYS, lambda: rotated), Vault(rotated)
    assert earlier.open(newer.seal("hello", CELL), CELL) == "hello"
    assert earlier.unwrap(newer.wrap(b"k" * 32, CELL), CELL) == b"k" * 32
    assert earlier.open(earlier.seal("hello", CELL), CELL) == "hello"
    assert earlier.seal("hello", CELL)[1:5] == bytes.fromhex(KEYS.column.current)
    with pytest.raises(KeyFileError, match="sealed with a key that the key file lacks"):
        Vault(KEYS).unwrap(newer.wrap(b"k" * 32, CELL), CELL)
    with pytest.raises(KeyFileError, match="sealed with a key that the key file lacks"):
        Vault(KEYS).open(newer.seal("hello", CELL), CELL)


def test_the_key_file_is_read_again_only_for_a_key_that_is_new() -> None:
    def missing() -> KeyFile:
        raise KeyFileError("it is missing")

    vault = Vault(KEYS, missing)
    assert vault.open(VAULT.seal("hello", CELL), CELL) == "hello"
    with pytest.raises(KeyFileError, match="it is missing"):
        vault.open(Vault(with_new_key(KEYS)).seal("hello", CELL), CELL)


def test_what_is_no_sealed_value_is_named_as_that() -> None:
    with pytest.raises(
        TamperedError, match=r"^notes\.text_sealed of .* is no sealed value of this version; restore"
    ):
        VAULT.open(b"\x02" + VAULT.seal("hello", CELL)[1:], CELL)
    with pytest.raises(TamperedError, match="was changed"):
        VAULT.open(VAULT.seal("", CELL)[:17], CELL)


def test_each_kind_of_keyed_hash_is_of_its_own_parts_alone() -> None:
    def mac(*parts: str) -> str:
        return hmac.new(KEYS.index, json.dumps(parts).encode(), "sha256").hexdigest()

    assert VAULT.blind_index("email", "sam") == mac("identifier", "email", "sam")
    assert VAULT.manifest_hmac("R-1", "access", "ab") == mac("manifest", "R-1", "access", "ab")
    assert VAULT.code_mac("R-1", "123456") == mac("code", "R-1", "123456")
    assert VAULT.fingerprint == mac("fingerprint")
