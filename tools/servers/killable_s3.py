"""A SeaweedFS that a test kills and starts again; what it has stored stays."""

import http.client
import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.servers.killable import KillableServer, keeper_of
from tools.servers.seaweedfs import (
    BUCKET,
    FOLDER_PREFIX,
    WEED,
    S3Server,
    S3Start,
    s3_start,
    wait_until_it_stores,
)
from tools.servers.starting import Account, server_folder

_UPLOADS: Final = f"/buckets/{BUCKET}/.uploads/?limit=10000"
_CLEAN: Final = "lock\ns3.clean.uploads -timeAgo=0s\nunlock\nexit\n"


@dataclass(frozen=True)
class KillableS3(KillableServer):
    """Answers again about a quarter of a minute after it was started again."""

    started: S3Start
    folder: Path

    @property
    def server(self) -> S3Server:
        return self.started.server

    def unfinished(self) -> Sequence[str]:
        """The uploads that were begun and not finished, which no client sees in a list."""
        filer = http.client.HTTPConnection("127.0.0.1", self.started.ports["filer.port"], timeout=5)
        with closing(filer):
            filer.request("GET", _UPLOADS, headers={"Accept": "application/json"})
            answer = filer.getresponse()
            found = json.loads(answer.read()) if answer.status == http.client.OK else {}
        return [entry["FullPath"] for entry in found.get("Entries") or ()]

    def clean(self) -> None:
        """Removes them, as a rule of the bucket does elsewhere."""
        ports = self.started.ports
        master = f"-master=127.0.0.1:{ports['master.port']}.{ports['master.port.grpc']}"
        subprocess.run([WEED, "shell", master], input=_CLEAN, text=True, check=True, capture_output=True)

    def stored(self) -> Iterator[Path]:
        """All files of the server, whatever lies in them."""
        yield from (file for file in (self.folder / "data").rglob("*") if file.is_file())


@contextmanager
def killable_s3() -> Iterator[KillableS3]:
    """A server with one bucket, in a new folder."""
    account = Account()
    with server_folder(FOLDER_PREFIX, account) as folder:
        start = s3_start(folder)
        keeper = keeper_of(start.command, account, folder)
    with keeper:
        wait_until_it_stores(start.server)
        port = start.ports["s3.port"]
        yield KillableS3(keeper, start.server.endpoint, port, b"GET / HTTP/1.0\r\n\r\n", start, folder)
