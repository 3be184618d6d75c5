"""A message is signed, goes to one looked-up address, and counts as delivered by a 2xx in time alone."""

import base64
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from dsar_export.delivery.webhook_address import fit_url, may_reach, may_reach_all
from dsar_export.delivery.webhook_post import WebhookPost, shown_secret, signed
from dsar_export.errors import WrongUseError
from dsar_export.model.webhook import WebhookCall, listed_networks
from tests.mail_servers import free_port, trusting
from tests.webhook_receivers import FAILS, HOST, Receiver, receiver

LOOPBACK = listed_networks("127.0.0.0/8,::1")
SECRET = bytes(range(32))
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
BODY = json.dumps({"type": "request.state_changed"})
PATIENT, SHORT = 8.0, 0.4
LOOKED_UP: list[object] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        LOOKED_UP.append(arguments[0])


sys.addaudithook(_note)


def posted(
    to: Receiver | str, *, listed: Sequence[object] = LOOPBACK, host: str = HOST, seconds: float = PATIENT
) -> str | None:
    url = to if isinstance(to, str) else to.url(host)
    post = WebhookPost(listed, trusting(), seconds)  # type: ignore[arg-type] # networks
    return post(WebhookCall(url, SECRET, "msg_1", AT, BODY))


def test_a_message_is_signed_as_standard_webhooks_has_it() -> None:
    with receiver() as running:
        assert posted(running) is None
        (found,) = running.received
    assert (found.line, found.body) == ("POST /hook HTTP/1.1", BODY)
    assert found.headers["host"] == f"{HOST}:{running.port}"
    assert found.headers["content-type"] == "application/json"
    assert (found.headers["webhook-id"], found.headers["webhook-timestamp"]) == (
        "msg_1",
        str(int(AT.timestamp())),
    )
    secret = base64.b64decode(shown_secret(SECRET).removeprefix("whsec_"))  # as the receiver has it
    text = f"msg_1.{int(AT.timestamp())}.{BODY}".encode()
    expected = base64.b64encode(hmac.new(secret, text, hashlib.sha256).digest()).decode()
    assert found.headers["webhook-signature"] == f"v1,{expected}"


def test_the_signature_is_that_of_the_published_libraries() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")  # their own example
    at = datetime.fromtimestamp(1614265330, UTC)
    call = WebhookCall("", secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')
    assert signed(call)["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("200 OK", None),
        ("299 Fine", None),
        (FAILS, "http_500"),
        ("404 Not Found", "http_404"),
        ("410 Gone", "http_410"),
        ("cut", "connection"),
        ("hang", "timeout"),
        ("drip", "timeout"),
        ("endless", None),  # nobody reads it
        ("999 Odd", "http_999"),
        ("nonsense", "connection"),
    ],
)
def test_only_2xx_in_time_is_delivered(answer: str, code: str | None) -> None:
    begun = time.monotonic()
    with receiver(answer) as running:
        assert posted(running, seconds=SHORT if code == "timeout" else PATIENT) == code
    assert time.monotonic() - begun < 6


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_nobody_follows_it(status: int) -> None:
    with receiver() as other, receiver(f"{status} Moved\r\nlocation: {other.url()}") as running:
        assert posted(running) == f"http_{status}"
        assert len(running.received) == 1
        assert other.connections == 0


def test_nobody_listens() -> None:
    assert posted(f"http://{HOST}:{free_port()}/hook") == "connection"


def test_a_name_that_leads_nowhere_is_a_failure() -> None:
    assert posted("https://nowhere.invalid/hook") == "host_unknown"


def test_tls_is_verified_by_the_name_although_the_address_is_connected_to() -> None:
    with receiver(certified="localhost") as running:
        LOOKED_UP.clear()
        assert posted(running, host="localhost") is None
        assert LOOKED_UP.count("localhost") == 1
        assert set(LOOKED_UP) <= {"localhost", None}
        assert running.received[0].headers["host"] == f"localhost:{running.port}"
        assert posted(running, host=HOST) == "tls"
    with receiver(certified="elsewhere.example.org") as running:
        assert posted(running, host="localhost") == "tls"
        assert running.received == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as proxy, receiver() as running:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
        assert posted(running) is None
        assert proxy.connections == 0


def test_what_is_not_listed_is_not_even_connected_to() -> None:
    with receiver() as running:
        assert posted(running, listed=()) == "address_refused"
        assert posted(running, listed=listed_networks("10.0.0.0/8")) == "address_refused"
        assert running.connections == 0
    with receiver(certified="localhost") as running:
        assert posted(running, host="localhost", listed=()) == "address_refused"
        assert posted(running, host="2130706433", listed=()) == "address_refused"  # 127.0.0.1 as one number
        assert running.connections == 0


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "239.255.255.255", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1",
        "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused_unless_it_is_listed(address: str) -> None:
    assert not may_reach(address, "https", ())
    assert not may_reach(address, "https", listed_networks("203.0.113.0/24"))
    plain = address.removeprefix("::ffff:")
    assert may_reach(address, "https", listed_networks(plain))


def test_a_name_with_one_address_that_is_refused_is_refused_whole() -> None:
    public, inside = "93.184.215.14", "10.0.0.1"
    assert may_reach_all([public], "https", ())
    assert not may_reach_all([public, inside], "https", ())
    assert not may_reach_all([inside, public], "https", ())
    assert may_reach_all([inside, public], "https", listed_networks(inside))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e"])
def test_a_public_address_is_reached_by_https_alone(address: str) -> None:
    assert may_reach(address, "https", ())
    assert not may_reach(address, "http", listed_networks("0.0.0.0/0,::/0"))


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example.org/", "http://127.0.0.1/", "ftp://example.org/", "https://", "portal", "", "https:///x",
        "https://user:SECRET@example.org/", "https://user@example.org/", "https://example.org/#part",
        "https://exa mple.org/", "https://example.org:99999/", "https://example.org/" + "x" * 2000, "\x00",
    ],
)  # fmt: skip
def test_a_url_that_nothing_may_be_sent_to_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(WrongUseError, match=r"^URL: ") as refused:
        fit_url(url, ())
    assert "SECRET" not in str(refused.value)


def test_http_is_for_listed_loopback_alone() -> None:
    for url in ("http://127.0.0.1:1/x", "http://localhost:1/x", "http://[::1]:1/x"):
        assert fit_url(url, LOOPBACK).scheme == "http"
        with pytest.raises(WrongUseError):
            fit_url(url, listed_networks("10.0.0.0/8"))
    with pytest.raises(WrongUseError):
        fit_url("http://10.0.0.1/x", listed_networks("10.0.0.0/8"))
