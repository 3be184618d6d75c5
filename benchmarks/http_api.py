"""`python -m benchmarks.http_api`: 5,000 rows in pages of 100 from a server on this machine, against the goals."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from rich.console import Console

from collectors.http_api import HttpApi
from collectors.http_api.parts import ApiRows, Page, PageKind
from collectors.http_api.source_part import ApiSource
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.register import Source
from dsar_export.model.source import Selection
from dsar_export.model.subject_key import SubjectKey

ROWS: Final = 5_000
PAGE: Final = 100
SECONDS: Final = 2.6
MEGABYTES: Final = 70
_LOOPBACK: Final = "127.0.0.1"
_PERSON: Final = "sam@example.org"
_RUNS: Final = 5


class _Rows(BaseHTTPRequestHandler):
    """Pages of rows of about 1 kB, each fourth one somebody else's."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_GET(self) -> None:
        start = int(dict(parse_qsl(urlsplit(self.path).query)).get("skip", "0"))
        rows = [_row(n) for n in range(start, min(start + PAGE, ROWS))]
        body = json.dumps({"data": rows, "total": ROWS}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def _row(number: int) -> dict[str, object]:
    to = "robin@example.org" if number % 4 == 3 else _PERSON
    return {"id": number, "to": to, "amount": 12.50, "text": "x" * 900, "at": {"day": "2026-03-01"}}


def _measured(url: str) -> dict[str, float]:
    """Seconds of one reading, and by how many megabytes the peak of this process grew."""
    at = ApiRows(
        table="mails",
        columns=("id", "to", "amount", "text", "at.day"),
        id="id",
        list="/mails?to={key}",
        rows="data",
        page=Page(kind=PageKind.OFFSET, parameter="skip", total="total"),
    )
    dataset = Dataset(
        name="mails",
        source="api",
        at=at,
        subject_keys=(SubjectKey(column="to", identifier="email"),),
        fields={name: FieldMapping(column=name) for name in at.columns},
    )
    own = ApiSource(private=(f"{_LOOPBACK}/32",))
    api = HttpApi("api", Source(kind="http_api", url=url, controllers=("acme",), at=own), Path())
    before, started = _peak(), time.perf_counter()
    with api.snapshot() as snapshot:
        rows = sum(len(chunk.rows) for chunk in snapshot.chunks(Selection(dataset, ((_PERSON,),))))
    if rows != ROWS - ROWS // 4:
        raise RuntimeError(f"{rows} rows were read")
    return {"seconds": time.perf_counter() - started, "megabytes": (_peak() - before) / 1000}


def _peak() -> int:
    """In kB; ru_maxrss would begin with the peak of the process that started this one."""
    return int(Path("/proc/self/status").read_text(encoding="ascii").partition("VmHWM:")[2].split()[0])


def _run(console: Console) -> bool:
    server = ThreadingHTTPServer((_LOOPBACK, 0), _Rows)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    command = [sys.executable, "-m", "benchmarks.http_api", f"http://{_LOOPBACK}:{server.server_address[1]}"]
    runs = [json.loads(subprocess.check_output(command, text=True)) for _ in range(_RUNS)]  # noqa: S603 - this module
    server.shutdown()
    seconds = min(float(run["seconds"]) for run in runs)
    megabytes = min(float(run["megabytes"]) for run in runs)
    console.print(
        f"{ROWS:,} rows in pages of {PAGE}: {seconds:.2f} s (goal {SECONDS}), {megabytes:.0f} MB (goal {MEGABYTES})"
    )
    return seconds <= SECONDS and megabytes <= MEGABYTES


def main(arguments: Sequence[str]) -> int:
    """With an address, one reading as JSON; without, all of them and the goals."""
    console = Console()
    if arguments:
        console.print_json(data=_measured(arguments[0]))
        return 0
    return 0 if _run(console) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
