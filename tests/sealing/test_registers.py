"""What isal leaves in the vector registers slows no hash and no cipher (on processors with AVX-512)."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from time import thread_time
from typing import Final

from isal import isal_zlib

from dsar_export.model.package import MemberRole
from dsar_export.sealing.part import Keyring, new_salt
from dsar_export.sealing.registers import clear_registers
from dsar_export.sealing.writer import Sealer
from tests.worlds import PASSPHRASE

PAGE: Final = b"1 0 0 1 46.00 780.00 Tm <0102> Tj\n" * 2000


def times_slower(before: Callable[[], object], act: Callable[[], object]) -> float:
    """How much longer an act takes after something than with clear registers: the least of twenty turns each."""
    clear, after = [], []
    for _ in range(20):
        clear_registers()
        clear.append(seconds(act))
        before()
        after.append(seconds(act))
    return min(after) / min(clear)


def seconds(act: Callable[[], object]) -> float:
    started = thread_time()
    act()
    return thread_time() - started


def test_a_key_takes_no_longer_after_a_page_was_compressed() -> None:
    # Three times as long if this is broken.
    assert times_slower(lambda: isal_zlib.compress(PAGE), lambda: Keyring(PASSPHRASE).of(new_salt())) < 1.8


def test_a_hash_takes_no_longer_after_a_member_was_sealed(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, PASSPHRASE)

    def seal() -> None:
        with sealer.member("a", MemberRole.DOCUMENT, "text/plain") as part:
            part.write(PAGE)

    assert times_slower(seal, lambda: hashlib.pbkdf2_hmac("sha1", b"any", b"salt", 1000, 66)) < 1.8
