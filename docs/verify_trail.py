"""Verifies an exported audit trail without dsar-export: python verify_trail.py TRAIL.ndjson KEY_FILE

KEY_FILE holds the trail's key alone, as 64 hexadecimal digits. The exit code is 0 if the trail is as it was written.
"""

import hmac
import json
import pathlib
import sys

NOTHING = {"number": 0, "mac": "", "seal": ""}
FIRST = {**NOTHING, "mac": "c66ab4a5b7f470925bc53e0bb29fe38fbe64e2f311fe66b3ae3c11846963672e"}


def check(right, problem):
    if not right:
        sys.exit(f"NOT as it was written: {problem}")


def check_seal(key, purpose, mark):
    message = f"dsar-export trail {purpose} 1\n{mark['number']} {mark['mac']}".encode()
    check(mark["seal"] == hmac.digest(key, message, "sha256").hex(), f"the {purpose} is missing or false")


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(lines):
    for text in lines:
        line = json.loads(text)
        check(text == canonical(line) + "\n", "a line has another form")
        yield line


def verify(lines, key):
    header = next(lines)
    check(header["format"] == "dsar-export trail 1", "this program does not know the format")
    start, anchor = header["chain_start"], header["anchor"] or NOTHING
    if start != FIRST:
        check_seal(key, "checkpoint", start)
    number, mac, at_anchor = start["number"], start["mac"], start["mac"]
    while "end" not in (line := next(lines, {"end": NOTHING})):
        number += 1
        check(line["entry"]["number"] == number, f"entry {number} is missing")
        mac = hmac.digest(key, bytes.fromhex(mac) + canonical(line["entry"]).encode(), "sha256").hex()
        check(line["mac"] == mac, f"entry {number} was changed, moved or put in")
        at_anchor = mac if anchor["number"] == number else at_anchor
    check_seal(key, "end", line["end"])
    check(line["end"]["mac"] == mac and not any(lines), f"the end does not follow entry {number}")
    check_seal(key, "anchor", anchor)
    check(anchor["number"] <= number, f"the end was cut off after entry {number}")
    check(
        anchor["number"] < start["number"] or anchor["mac"] == at_anchor, "the anchor has seen another entry"
    )
    sys.stdout.write(f"{number - start['number']} entries, each follows the one before\n")


with pathlib.Path(sys.argv[1]).open(encoding="utf-8", newline="\n") as trail:
    verify(read(trail), bytes.fromhex(pathlib.Path(sys.argv[2]).read_text(encoding="ascii")))
