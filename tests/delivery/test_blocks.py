"""Blocks of a package have hashes of their own, each at its place."""

import hashlib
import random

import pytest

from dsar_export.delivery.blocks import BLOCK, hashed, is_block

BLOCKS = [random.Random(number).randbytes(BLOCK if number < 2 else 7) for number in range(3)]  # noqa: S311 # any bytes


def test_the_whole_has_its_sha256() -> None:
    assert hashed(BLOCKS).sha256 == hashlib.sha256(b"".join(BLOCKS)).hexdigest()
    assert hashed([]).sha256 == hashlib.sha256().hexdigest()


def test_a_block_counts_at_its_own_place_alone() -> None:
    blocks = hashed(BLOCKS).blocks
    found = [[is_block(blocks, number, content) for content in BLOCKS] for number in range(3)]
    assert found == [[True, False, False], [False, True, False], [False, False, True]]


@pytest.mark.parametrize("content", [b"", BLOCKS[2][:-1], BLOCKS[2] + b"x"])
def test_other_bytes_are_no_block_of_it(content: bytes) -> None:
    assert not is_block(hashed(BLOCKS).blocks, 2, content)


def test_behind_its_end_there_is_none() -> None:
    assert not is_block(hashed(BLOCKS).blocks, 3, b"")
    assert not is_block(b"", 0, BLOCKS[0])
