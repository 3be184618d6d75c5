"""A portal opens a request over the API, waits for staff and workers, and downloads what they made."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from socket import socket

import pytest

from dsar_export.model.request import Right
from examples.portal_api import portal
from tests.use_cases.reached import reached_register
from tests.web.api.conftest import portal as with_a_token
from tests.web.conftest import parcels_in
from tests.web.served import Served, served


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Served]:
    parcels = parcels_in(tmp_path, reached_register(tmp_path / "register"))
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with served(parcels, links_at=f"http://127.0.0.1:{port}", web_port=port) as made:
        yield made
    parcels.office.installation.engine.dispose()


def test_it_opens_polls_and_downloads(shop: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_TOKEN", with_a_token(shop).token)
    monkeypatch.delenv(
        "SSL_CERT_FILE", raising=False
    )  # the tests of MariaDB set it, and a client reads it without TLS too
    pauses = 0

    def answered() -> None:
        nonlocal pauses
        pauses += 1
        shop.parcels.office.verify(reference)
        shop.parcels.publish(reference, (Right.ACCESS,))

    with portal.portal_client(f"http://127.0.0.1:{shop.port}") as client:
        reference = portal.open_request(client, "C-1", "session-1")
        assert portal.open_request(client, "C-1", "session-1") == reference
        assert portal.waits(client, reference, answered)
        portal.download(client, reference, tmp_path / "package.zip")
    assert pauses == 1
    (package,) = shop.parcels.office.published(reference)
    assert (tmp_path / "package.zip").stat().st_size == package.size
    assert shop.parcels.state(reference) == "delivered"
