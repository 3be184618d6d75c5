"""SIGKILL while packages in S3 are handed out or taken back; `make chaos` tries each step on both databases."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dsar_export.delivery.s3_place import s3_place
from dsar_export.delivery.s3_store import open_s3
from dsar_export.requests.states import State
from dsar_export.use_cases.downloads import download, start_download
from dsar_export.use_cases.reissue import reissue
from tests.delivery.test_object_stores import login
from tests.requests.installations import founded_installation
from tests.use_cases.killing import KillPoint
from tests.use_cases.offices import START, Office, quick_services
from tests.use_cases.parcels import CONTENT, FIRST, WEB_PERSON, Parcels
from tests.use_cases.reached import reach, reached_register
from tests.use_cases.test_killed_delivery import check_office, left, passphrase_waits
from tools.servers.postgres import PostgresServer
from tools.servers.seaweedfs import BUCKET, S3Server

_REISSUE, _DOWNLOADS = "dsar_export.use_cases.reissue", "dsar_export.use_cases.downloads"
_LINKS, _TRAIL = "dsar_export.requests.download_links", "dsar_export.requests.trail"
_S3 = "dsar_export.delivery.s3_store:S3Store"
REISSUING = {
    "the row is written": (KillPoint(f"{_REISSUE}:move", "after"), False),
    "links are revoked": (KillPoint(f"{_REISSUE}:revoke_links", "after"), False),
    "packages are retired": (KillPoint(f"{_REISSUE}:retire_packages", "after"), False),
    "it is in the trail": (KillPoint(f"{_TRAIL}:append", "after"), False),
    "it is committed": (KillPoint(f"{_TRAIL}:advance", "after"), True),
    "the object is deleted": (KillPoint(f"{_S3}.delete", "before"), True),
    "the object is gone": (KillPoint(f"{_S3}.delete", "after"), True),
}
STARTING = {
    "its size is known": (KillPoint(f"{_S3}.size", "after"), False),
    "it is read": (KillPoint(f"{_S3}.read", "after"), False),
    "it is compared": (KillPoint("dsar_export.use_cases.compared:hashed", "after"), False),
    "it is counted": (KillPoint(f"{_LINKS}:start_download", "after"), False),
    "the request is delivered": (KillPoint(f"{_DOWNLOADS}:move", "after"), False),
    "it is committed": (KillPoint(f"{_TRAIL}:advance", "after"), True),
}
SHORT = {"the object is gone", "it is compared"}
"""What each run of the tests tries, on SQLite."""


@dataclass
class Site:
    """An office whose packages lie in S3, and the settings of another process that works there."""

    parcels: Parcels
    environment: Mapping[str, str]

    def killed(self, point: KillPoint, step: str, argument: str) -> None:
        given = (point.function, point.when, point.number, step, argument)
        command = [sys.executable, "-m", "tests.chaos.delivering", *map(str, given)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr
        self.parcels.office.now = datetime.now(UTC)


def on_each_database() -> list[object]:
    return ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)]


def of_each_step(points: Mapping[str, object]) -> list[object]:
    return [name if name in SHORT else pytest.param(name, marks=pytest.mark.long) for name in points]


@pytest.fixture(params=on_each_database())
def site(request: pytest.FixtureRequest, s3: S3Server, tmp_path: Path) -> Iterator[Site]:
    address = f"s3://{BUCKET}/{secrets.token_hex(8)}"
    variables = {name: value for name, value in os.environ.items() if not name.startswith("DSAR_")}
    variables |= {**s3.variables, "DSAR_STATE": str(tmp_path), "DSAR_PACKAGE_STORE": address}
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'requests.db'}"
        if request.param == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgres")
            url = stack.enter_context(server.database("delivery"))
            variables["DSAR_DATABASE_URL"] = url
        register = reached_register(tmp_path / "register")
        reach(register, "C-1", FIRST, (START - timedelta(days=400), None))
        made = founded_installation(url, tmp_path / "keys.json")
        stack.callback(made.engine.dispose)
        office = Office(made, quick_services(register), tmp_path, tmp_path / "trail-anchor.json")
        office.now = datetime.now(UTC)
        office.elsewhere = open_s3(s3_place(address, "DSAR_PACKAGE_STORE", login(s3)))
        yield Site(Parcels(office, office.services, register), variables)


@pytest.mark.parametrize("when", of_each_step(REISSUING))
def test_a_reissue(site: Site, when: str) -> None:
    parcels = site.parcels
    reference = parcels.ready()
    (token,) = parcels.send(reference)
    point, happened = REISSUING[when]
    site.killed(point, "reissue", reference)
    assert parcels.state(reference) is (State.APPROVED if happened else State.AVAILABLE)
    assert left(parcels, token) == (0 if happened else 3)
    assert passphrase_waits(parcels, reference) == bool(parcels.office.published(reference)) == (not happened)
    check_office(parcels, reference)
    if not happened:
        reissue(parcels.desk(), reference)
    assert parcels.actions(reference).count("reissue") == 1
    assert parcels.desk().packages.names("") == []


@pytest.mark.parametrize("when", of_each_step(STARTING))
def test_a_download_begins(site: Site, when: str) -> None:
    parcels = site.parcels
    reference = parcels.ready()
    (token,) = parcels.send(reference)
    point, happened = STARTING[when]
    site.killed(point, "start", token)
    assert parcels.state(reference) is (State.DELIVERED if happened else State.AVAILABLE)
    assert left(parcels, token) == 3 - happened
    check_office(parcels, reference)
    started = start_download(parcels.desk(WEB_PERSON), token)
    assert started is not None
    found = download(parcels.desk(WEB_PERSON), started)
    assert found is not None
    assert found.read(0, found.size) == CONTENT + b"access"
