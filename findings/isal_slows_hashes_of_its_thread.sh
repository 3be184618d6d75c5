#!/usr/bin/env bash
# isal 1.9.1: after it has compressed or summed, SHA-1, SHA-256 and AES of the same thread take up to three times as long.
#
# Input: 60 KB, compressed once; before and after it, PBKDF2 with SHA-1 is timed by the processor time of the thread.
# A function that used the upper halves of vector registers must end with VZEROUPPER (Intel 64 and IA-32 Architectures
# Optimization Reference Manual, "Mixing AVX code with SSE code"), or the SSE instructions that follow wait for them.
#
# Seen on 2026-11-30, Python 3.11, Linux, an Intel Xeon with AVX-512 and SHA instructions, in ms:
#   before isal                                 0.52
#   after isal_zlib.compress, and ever after    1.51   (crc32, adler32, decompress and compressobj leave the same)
#   after hashlib.sha512(b"").digest()          0.52   (OpenSSL's SHA-512 ends with VZEROUPPER)
# Hashes, ciphers and the encryption of the same thread suffer; Python's own arithmetic hardly does.
# Our sealing clears the registers before it hashes and encrypts (dsar_export/sealing/registers.py).
set -euo pipefail
grep -qw avx512f /proc/cpuinfo || { echo "this processor has no AVX-512: nothing to see here"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check isal==1.9.1 2>/dev/null
"$folder/venv/bin/python" - <<'END'
import hashlib
import time

from isal import isal_zlib


def milliseconds():
    taken = []
    for _ in range(20):
        started = time.thread_time()
        hashlib.pbkdf2_hmac("sha1", b"passphrase", b"salt", 1000, 66)
        taken.append(time.thread_time() - started)
    return min(taken) * 1000


milliseconds()
before = milliseconds()
isal_zlib.compress(b"hello world " * 5000)
after = milliseconds()
hashlib.sha512(b"").digest()
cleared = milliseconds()
print(f"before {before:.2f} ms, after isal {after:.2f} ms, after SHA-512 {cleared:.2f} ms")
assert after > 1.4 * before, "isal has changed"
assert cleared < 1.2 * before, "SHA-512 no longer clears the registers"
END
echo "as described: SHA-1 is slow after isal until something clears the registers"
