#!/usr/bin/env bash
# obstore 0.12.1: the same failure is obstore's own exception from `put`, and the built-in OSError from `open_writer`.
#
# Input: a valid store on a port of this machine where nobody listens, and three bytes to write.
#
# obstore.exceptions has BaseError as "the base exception class", with PermissionDeniedError and others below it. Code
# that catches it, to name a wrong key or to wait for a server, works for put, head, get_range, list and delete. Through
# the writer the same failure passes by: it is a plain OSError without an errno, and whether the key was refused or
# nobody answered stands in its text alone.
#
# Seen on 2026-11-30, Python 3.11:
#   put           obstore.exceptions.GenericError, a BaseError
#   open_writer   OSError, no BaseError, errno None
# What we do about it: dsar_export/delivery/s3_store.py catches both and reads the status in the text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check obstore==0.12.1 2>/dev/null
"$folder/venv/bin/python" - <<'END'
import socket

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

with socket.create_server(("127.0.0.1", 0)) as probe:
    port = probe.getsockname()[1]
store = S3Store(
    "bucket",
    endpoint=f"http://127.0.0.1:{port}",
    region="us-east-1",
    access_key_id="key",
    secret_access_key="secret",
    client_options={"allow_http": True},
    retry_config={"max_retries": 0},
)


def failure(write):
    try:
        write()
    except Exception as error:
        return error
    raise SystemExit("it did not fail")


def through_a_writer():
    with obstore.open_writer(store, "name") as writer:
        writer.write(b"abc")


put = failure(lambda: obstore.put(store, "name", b"abc"))
writer = failure(through_a_writer)
assert isinstance(put, BaseError), f"put has changed: {type(put)}"
assert type(writer) is OSError, f"open_writer has changed: {type(writer)}"
assert not isinstance(writer, BaseError)
assert writer.errno is None
print(f"as described: put raises {type(put).__name__}, open_writer {type(writer).__name__}")
END
