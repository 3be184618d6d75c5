"""The same pages over PostgreSQL and over packages in S3."""

import hashlib
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dsar_export.delivery.blocks import BLOCK
from dsar_export.delivery.s3_place import s3_place
from dsar_export.delivery.s3_store import open_s3
from dsar_export.requests.states import State
from tests.delivery.test_object_stores import login
from tests.web.conftest import parcels_in
from tests.web.served import Served, served
from tools.servers.postgres import PostgresServer
from tools.servers.seaweedfs import BUCKET, S3Server

CONTENT = secrets.token_bytes(2 * BLOCK + 99)


@pytest.fixture(scope="module")
def elsewhere(
    reached: Path, postgres: PostgresServer, s3: S3Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """An office with nothing on this machine but its key file."""
    store = open_s3(s3_place(f"s3://{BUCKET}/{secrets.token_hex(8)}", "DSAR_PACKAGE_STORE", login(s3)))
    with postgres.database("web") as url:
        parcels = parcels_in(tmp_path_factory.mktemp("elsewhere"), reached, url)
        with served(parcels, store) as made:
            yield made
        parcels.office.installation.engine.dispose()


def test_a_package_is_downloaded_resumed_and_counted(elsewhere: Served) -> None:
    reference = elsewhere.available(CONTENT)
    link = elsewhere.link(reference)
    download = elsewhere.started(link)
    assert elsewhere.parcels.state(reference) is State.DELIVERED
    assert elsewhere.get(download).body == CONTENT
    tag = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    rest = elsewhere.get(download, headers={"Range": f"bytes={BLOCK + 1}-", "If-Range": tag})
    assert (rest.status, rest.body) == (206, CONTENT[BLOCK + 1 :])
    assert "<dd>2</dd>" in elsewhere.get(link).text


def test_of_fifty_starts_at_once_three_count(elsewhere: Served) -> None:
    link = elsewhere.link(elsewhere.available(CONTENT))
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: elsewhere.post(f"{link}/download"), range(50)))
    assert sorted(answer.status for answer in answers) == [303] * 3 + [404] * 47


def test_a_changed_object_is_refused(elsewhere: Served) -> None:
    reference = elsewhere.available(CONTENT)
    link, file = elsewhere.link(reference), elsewhere.package(reference).file
    assert file is not None
    elsewhere.store.delete(file)
    elsewhere.store.put(file, [CONTENT[::-1]])
    answer = elsewhere.post(f"{link}/download")
    assert (answer.status, "The package is damaged" in answer.text) == (503, True)
