"""The configuration of nginx in the examples, before pages that are really served."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path

import pytest
import trustme

from tests.requests.installations import founded_installation
from tests.use_cases.offices import Office, quick_services
from tests.use_cases.parcels import Parcels
from tests.use_cases.reached import reached_register
from tests.web.served import OWN_SITE, Answer, Served, served

EXAMPLE = Path(__file__).parents[2] / "examples" / "nginx" / "dsar-export.conf"
NAME = "privacy.example.org"
CONTENT = os.urandom(3_000_000)
pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is missing")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("behind")
    register = reached_register(folder / "register")
    made = founded_installation(f"sqlite:///{folder / 'requests.db'}", folder / "keys.json")
    office = Office(made, quick_services(register), folder / "state", folder / "anchor.json")
    parcels = Parcels(office, office.services, register)
    with served(
        parcels, web_url=f"https://{NAME}", trusted_proxies="127.0.0.1", downloads_per_client=2
    ) as running:
        yield running
    made.engine.dispose()


class Front:
    """nginx, and a client that trusts its certificate."""

    def __init__(self, port: int, trusts: ssl.SSLContext) -> None:
        self.port, self.trusts = port, trusts

    def answer(self, method: str, path: str, headers: dict[str, str] | None = None) -> Answer:
        with closing(self.connection()) as connection:
            connection.request(method, path, headers={"Host": NAME, **(headers or {})})
            found = connection.getresponse()
            named = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, named, found.read())

    def connection(self) -> HTTPSConnection:
        return HTTPSConnection("localhost", self.port, timeout=30, context=self.trusts)


@pytest.fixture(scope="module")
def front(shop: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder, port, authority = tmp_path_factory.mktemp("nginx"), free_port(), trustme.CA()
    certificate = authority.issue_cert(NAME, "localhost")
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "both.pem")
    text = EXAMPLE.read_text(encoding="utf-8")
    for here, there in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("127.0.0.1:8080;", f"127.0.0.1:{shop.port};"),
        ("/etc/ssl/privacy.example.org/fullchain.pem", str(folder / "both.pem")),
        ("/etc/ssl/privacy.example.org/privkey.pem", str(folder / "both.pem")),
    ):
        assert text.count(here) == 1
        text = text.replace(here, there)
    (folder / "example.conf").write_text(text, encoding="utf-8")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;\n"
        f"events {{}} http {{ {places} access_log {folder}/access; include {folder}/example.conf; }}\n",
        encoding="utf-8",
    )
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "log")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        until = time.monotonic() + 20
        while time.monotonic() < until and not listens(port):
            time.sleep(0.05)
        trusts = ssl.create_default_context()
        authority.configure_trust(trusts)
        yield Front(port, trusts)
        process.terminate()
    for log in ("log", "access"):
        if (folder / log).exists():
            assert "/l/" not in (folder / log).read_text(encoding="utf-8")


def test_a_package_is_downloaded_and_resumed_through_it(shop: Served, front: Front) -> None:
    link = shop.link(shop.available(CONTENT))
    page = front.answer("GET", link)
    assert (page.status, page.headers["strict-transport-security"]) == (200, "max-age=31536000")
    started = front.answer("POST", f"{link}/download", {**OWN_SITE, "Origin": f"https://{NAME}"})
    download = started.headers["location"]
    assert download.startswith("/d/")
    whole = front.answer("GET", download)
    assert whole.body == CONTENT
    tag = whole.headers["etag"]
    assert not tag.startswith("W/")
    part = front.answer("GET", download, {"Range": "bytes=1000000-", "If-Range": tag})
    assert (part.status, part.body) == (206, CONTENT[1_000_000:])
    assert front.answer("HEAD", download).headers["content-length"] == str(len(CONTENT))
    assert "<dd>2</dd>" in front.answer("GET", link).text


def test_nobody_chooses_an_address_for_themself(shop: Served, front: Front) -> None:
    link = shop.link(shop.available(CONTENT))
    with shop.place.slots.one("127.0.0.1"), shop.place.slots.one("127.0.0.1"):
        refused = front.answer("POST", f"{link}/download", {**OWN_SITE, "X-Forwarded-For": "192.0.2.7"})
    assert refused.status == 429


def test_health_and_long_forms_stay_outside(front: Front) -> None:
    assert front.answer("GET", "/health/ready").status == 404
    assert front.answer("POST", "/again", {"Content-Length": "70000"}).status == 413
