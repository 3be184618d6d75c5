"""Vector registers as isal leaves them, which make SHA-1, SHA-256 and AES of the same thread slow."""

import hashlib


def clear_registers() -> None:
    """Makes hashes and ciphers fast again after isal; takes a microsecond.

    On processors with AVX-512, isal 1.9 leaves the upper halves of vector registers in use, and all SSE instructions
    of the thread then take up to three times as long (findings/isal_slows_hashes_of_its_thread.sh). SHA-512 in OpenSSL
    ends with VZEROUPPER, the instruction that isal leaves out.
    """
    hashlib.sha512(b"").digest()
