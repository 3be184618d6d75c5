"""Only hosts that the register names are asked, at addresses that are public or listed, over TLS."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpcore
import pytest
import trustme

from collectors.http_api import HttpApi
from collectors.http_api.hosts import Hosts, PinnedNetwork, RefusedAddressError
from dsar_export.errors import RegisterError, SourceUnreadableError
from dsar_export.model.register import Source
from tests.collectors.http_api.apis import AT_ONCE, api_rows, api_source, collector, mail, rows_of
from tests.collectors.http_api.server import LOOPBACK, ApiServer, reply, serving

HOSTS = Hosts(urlsplit("https://api.example.org/v3"), frozenset({"tokens.example.org"}))


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example.org/",
        "https://api.example.org.elsewhere.example.org/",
        "https://api.example.org:8443/",
        "http://api.example.org/",
        "http://tokens.example.org/",
        "https://tokens.example.org@elsewhere.example.org/",
        "https://user@api.example.org/",
        "ftp://api.example.org/",
        "https:///x",
        "https://[::1/",
        "https://api.example.org:port/",
    ],
)
def test_an_address_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(RefusedAddressError):
        HOSTS.allowed(address)


def test_addresses_of_the_register_lie_below_its_own() -> None:
    assert HOSTS.absolute("/mails").geturl() == "https://api.example.org/v3/mails"
    assert HOSTS.absolute("https://tokens.example.org/t").geturl() == "https://tokens.example.org/t"
    assert HOSTS.following(urlsplit("https://api.example.org/v3/a?b"), "?page=2").query == "page=2"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::a00:1",
        "2002:7f00:1::",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    network = PinnedNetwork((), lambda *_: [address])
    with pytest.raises(RefusedAddressError, match="list it under private"):
        network.connect_tcp("api.example.org", 443)


def test_one_public_address_does_not_excuse_a_private_one() -> None:
    network = PinnedNetwork((), lambda *_: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(RefusedAddressError):
        network.connect_tcp("api.example.org", 443, timeout=0.1)


def test_the_address_that_was_looked_at_is_the_one_that_is_asked() -> None:
    """A name that leads elsewhere the second time it is looked up leads nowhere else: it is looked up once."""
    looked_up: list[str] = []

    def resolve(host: str, _: int) -> list[str]:
        looked_up.append(host)
        return [LOOPBACK] if len(looked_up) == 1 else ["10.0.0.1"]

    with serving(lambda _: reply({"data": [mail(1)]})) as server:
        source = Source(
            kind="http_api", url=f"http://localhost:{server.port}", controllers=("acme",), at=api_source()
        )
        asked = HttpApi("api", source, Path(), AT_ONCE, resolve)
        with asked.snapshot() as snapshot:
            assert len(rows_of(snapshot, api_rows(page=None))) == 1
        assert looked_up == ["localhost"]
        assert server.asked[0].headers["host"] == f"localhost:{server.port}"


def test_this_machine_is_asked_only_if_it_is_listed() -> None:
    with serving(lambda _: reply({"data": []})) as server:
        with (
            collector(server.url, api_source(private=())).snapshot() as snapshot,
            pytest.raises(SourceUnreadableError, match="list it under private"),
        ):
            rows_of(snapshot, api_rows(page=None))
        assert server.asked == []


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return made


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[ApiServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("api.example.org").configure_cert(context)
    with serving(lambda _: reply({"data": [mail(1)]}), context) as server:
        yield server


def over_tls(server: ApiServer, host: str) -> HttpApi:
    source = Source(
        kind="http_api", url=f"https://{host}:{server.port}", controllers=("acme",), at=api_source()
    )
    return HttpApi("api", source, Path(), AT_ONCE, lambda *_: [LOOPBACK])


def test_the_certificate_is_that_of_the_name_and_not_of_the_address(secure: ApiServer) -> None:
    with over_tls(secure, "api.example.org").snapshot() as snapshot:
        assert len(rows_of(snapshot, api_rows(page=None))) == 1
    with (
        over_tls(secure, "other.example.org").snapshot() as snapshot,
        pytest.raises(SourceUnreadableError, match="does not answer in full"),
    ):
        rows_of(snapshot, api_rows(page=None))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://api.example.org", "no TLS"),
        ("https://user:x@api.example.org", "names no host, or a user"),
        ("https://api.example.org/?key=1", r"drop what follows \?"),
        ("nonsense", "names no host"),
        ("https://[::1", "it is no address"),
    ],
)
def test_a_wrong_url_of_a_source_is_named(url: str, reason: str) -> None:
    with pytest.raises(RegisterError, match=rf"sources\.api\.url: .*{reason}"):
        collector(url)


def test_a_host_without_an_address_does_not_answer() -> None:
    def resolve(*_: object) -> list[str]:
        raise OSError

    with pytest.raises(httpcore.ConnectError):
        PinnedNetwork((), resolve).connect_tcp("api.example.org", 443)
