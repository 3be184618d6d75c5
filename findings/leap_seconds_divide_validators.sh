#!/usr/bin/env bash
# jsonschema 4.26.0 with rfc3339-validator 0.1.4, and jsonschema-rs 0.60.3: a leap second conforms to `date-time` in one
# and not in the other.
#
# Input: {"type": "string", "format": "date-time"} with 2016-12-31T23:59:60Z, a leap second that took place, and the
# same moment with an offset. RFC 3339, section 5.7, allows second 60 there, and JSON Schema 2020-12 refers to it.
#
# Seen on 2026-11-30, Python 3.11:
#   jsonschema     both rejected (the pattern of rfc3339-validator ends at second 59)
#   jsonschema-rs  both accepted
# Whoever lets one library decide and the other explain must expect a rejection without an explanation, or the reverse.
# We let jsonschema-rs decide (docs/adr/0004-who-validates.md).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check \
    jsonschema==4.26.0 rfc3339-validator==0.1.4 jsonschema-rs==0.60.3 2>/dev/null
"$folder/venv/bin/python" - <<'END'
import jsonschema
import jsonschema_rs

schema = {"type": "string", "format": "date-time"}
one = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
other = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
for moment in ("2016-12-31T23:59:60Z", "2016-12-31T18:59:60-05:00"):
    assert not one.is_valid(moment), "jsonschema has changed"
    assert other.is_valid(moment), "jsonschema-rs has changed"
ordinary = "2016-12-31T23:59:59Z"
assert one.is_valid(ordinary) and other.is_valid(ordinary)
print("as described: jsonschema rejects a leap second that jsonschema-rs accepts")
END
