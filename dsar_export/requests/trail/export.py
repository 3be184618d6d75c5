"""The trail as lines of JSON, which `docs/verify_trail.py` verifies without this program."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from dsar_export.requests.trail import anchor as anchors
from dsar_export.requests.trail.chain import Mark, Purpose, Sealed, canonical, sealed
from dsar_export.requests.trail.reading import opened

FORMAT: Final = "dsar-export trail 1"


def exported(connection: Connection, key: bytes, anchor: Path) -> Iterator[bytes]:
    """The lines: the anchor and where the chain starts, each entry with its MAC, and the end.

    Everything is as it is stored, also in a broken trail; only the end is sealed here, so that a cut file is noticed.
    The connection is in a new transaction that has read nothing yet, as for `verify`.
    """
    seen = anchors.read(anchor)
    with opened(connection) as trail:
        last = trail.start
        start = trail.checkpoint or Sealed(last, "")
        yield _line(
            {"format": FORMAT, "chain_start": start.as_json(), "anchor": seen.as_json() if seen else None}
        )
        for entry in trail.entries:
            yield _line({"entry": entry.as_json(), "mac": entry.mac})
            last = Mark(entry.number, entry.mac)
    yield _line({"end": sealed(key, Purpose.END, last).as_json()})


def _line(value: object) -> bytes:
    return canonical(value) + b"\n"
