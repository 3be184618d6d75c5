"""A question is asked again where that does no harm, and an answer is taken only within its bounds."""

import gzip
import json
import threading
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from collectors.http_api.asking import Patience
from collectors.http_api.parts import Page, PageKind, Posted
from collectors.http_api.source_part import Auth, AuthKind
from dsar_export.errors import RegisterError, SourceUnreadableError
from dsar_export.model.source import Selection
from tests.collectors.http_api.apis import (
    EMAIL,
    api_rows,
    api_source,
    collector,
    dataset,
    mail,
    read,
    rows_of,
)
from tests.collectors.http_api.server import Answering, ApiServer, Asked, Reply, reply, serving

ONE = reply({"data": [mail(1)]})
NONE = reply({"data": []})
WHOLE = api_rows(page=None)


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with serving() as api:
        yield api


def in_turn(*replies: Reply) -> Answering:
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def refused(server: ApiServer, timeout: int = 5, **own: object) -> str:
    with pytest.raises(SourceUnreadableError) as caught:
        read(server, WHOLE, api_source(**own), timeout)
    text = str(caught.value)
    assert not any(private in text for private in ("PRIVATE", EMAIL, "sam%40"))
    return text


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_failure_that_may_pass_is_asked_again(server: ApiServer, status: int) -> None:
    server.answering = in_turn(Reply(status=status), Reply(status=status), ONE)
    assert len(read(server, WHOLE)) == 1
    assert len(server.asked) == 3


def test_four_tries_are_enough(server: ApiServer) -> None:
    server.answering = lambda _: Reply(b"PRIVATE", status=503)
    assert "503, after 4 tries" in refused(server)
    assert len(server.asked) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_a_refusal_is_not_asked_again(server: ApiServer, status: int) -> None:
    server.answering = lambda _: Reply(b"PRIVATE", status=status)
    assert f"answers with {status}" in refused(server)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_in_the_middle_of_a_list_names_the_page(server: ApiServer, status: int) -> None:
    server.answering = in_turn(ONE, Reply(status=status))
    with pytest.raises(
        SourceUnreadableError, match=f"page 2: the API answers with {status}; see whether auth"
    ):
        read(server)


def waited(server: ApiServer, after: str, longest: float = 60.0) -> float:
    server.answering = in_turn(reply({}, 429, Retry_After=after), ONE)
    patience = Patience(first=0.001, longest=longest)
    with collector(server.url, patience=patience).snapshot() as snapshot:
        started = time.monotonic()
        rows_of(snapshot, WHOLE)
        return time.monotonic() - started


def test_the_api_says_how_long_to_wait_in_seconds_or_until_when(server: ApiServer) -> None:
    assert waited(server, "1") >= 1
    assert waited(server, format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)) > 0.5


@pytest.mark.parametrize("after", ["86400", "Fri, 31 Dec 9999 23:59:59 GMT", "-1", "soon", "1" * 5000])
def test_no_wait_is_longer_than_ours(server: ApiServer, after: str) -> None:
    assert waited(server, after, longest=0.05) < 2


def test_a_question_that_may_change_something_is_asked_once(server: ApiServer) -> None:
    server.answering = lambda _: Reply(status=503)
    search = {"mail": "{key}"}
    for safe, asked in ((False, 1), (True, 4)):
        server.asked.clear()
        at = api_rows(page=None, list=Posted(post="/search", body=search, safe=safe))
        with pytest.raises(SourceUnreadableError):
            read(server, at)
        assert len(server.asked) == asked
    assert server.asked[0].json == {"mail": EMAIL}


def test_an_answer_that_breaks_off_is_asked_for_again_and_then_an_error(server: ApiServer) -> None:
    server.answering = in_turn(Reply(ONE.body[:20], cut=100), ONE)
    assert len(read(server, WHOLE)) == 1
    server.answering = lambda _: Reply(ONE.body[:20], cut=100)
    assert "does not answer in full" in refused(server)


def test_json_that_breaks_off_is_an_error(server: ApiServer) -> None:
    server.answering = lambda _: Reply(ONE.body[:-3])
    assert "the answer is not JSON, or breaks off" in refused(server)


def test_a_long_answer_is_not_read_to_its_end(server: ApiServer) -> None:
    server.answering = lambda _: Reply(b" " * 200_000 + ONE.body)
    assert "more bytes than largest_answer" in refused(server, largest_answer=100_000)


def test_a_small_answer_that_unpacks_to_a_large_one_is_not_unpacked(server: ApiServer) -> None:
    bomb = gzip.compress(b" " * (64 << 20) + ONE.body)
    server.answering = lambda _: Reply(bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        assert "more bytes than largest_answer" in refused(server, largest_answer=1 << 20)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    server.answering = lambda _: Reply(gzip.compress(ONE.body), headers={"Content-Encoding": "gzip"})
    assert len(read(server, WHOLE)) == 1
    server.answering = lambda _: Reply(gzip.compress(ONE.body)[:-9], headers={"Content-Encoding": "gzip"})
    assert "breaks off" in refused(server)
    server.answering = lambda _: Reply(b"x" * 100, headers={"Content-Encoding": "gzip"})
    assert "damaged" in refused(server)
    server.answering = lambda _: Reply(b"x" * 100, headers={"Content-Encoding": "br"})
    assert "packed in a way that was not asked for" in refused(server)


def test_an_api_that_does_not_answer_in_time_is_an_error(server: ApiServer) -> None:
    gone = threading.Event()

    def answer(_: Asked) -> Reply:
        gone.wait(3)
        return ONE

    server.answering = answer
    with (
        collector(server.url, timeout=1, patience=Patience(tries=1)).snapshot() as snapshot,
        pytest.raises(SourceUnreadableError, match=r"does not answer in full \(ReadTimeout\)"),
    ):
        rows_of(snapshot, WHOLE)
    gone.set()


def test_a_wait_ends_when_the_reading_is_cancelled(server: ApiServer) -> None:
    server.answering = lambda _: reply({}, 429, Retry_After="30")
    asked = collector(server.url, patience=Patience())
    timer = threading.Timer(0.3, asked.cancel)
    timer.start()
    started = time.monotonic()
    with asked.snapshot() as snapshot, pytest.raises(SourceUnreadableError, match="it was cancelled"):
        rows_of(snapshot, WHOLE)
    assert time.monotonic() - started < 5
    timer.join()


def test_an_answer_that_is_waited_for_ends_too(server: ApiServer) -> None:
    reached, gone = threading.Event(), threading.Event()

    def answer(_: Asked) -> Reply:
        reached.set()
        gone.wait(30)
        return ONE

    def cancel() -> None:
        reached.wait(30)
        time.sleep(0.3)  # by then it waits for the answer
        asked.cancel()

    server.answering = answer
    asked = collector(server.url, timeout=30)
    canceller = threading.Thread(target=cancel)
    canceller.start()
    started = time.monotonic()
    with asked.snapshot() as snapshot, pytest.raises(SourceUnreadableError, match="it was cancelled"):
        rows_of(snapshot, WHOLE)
    assert time.monotonic() - started < 20
    gone.set()
    canceller.join()


def test_digits_are_kept_and_what_json_can_not_hold_is_seen(server: ApiServer) -> None:
    long, exact = "9" * 40, "0.1000000000000000000000000000010"
    body = f'{{"data": [{{"id": {long}, "to": "{EMAIL}", "subject": {{"n": [{exact}, {long}]}}}}]}}'
    server.answering = lambda _: Reply(body.encode())
    ((number, subject),) = read(server, WHOLE)
    assert number == int(long)
    assert subject == f'{{"n":[{exact},{long}]}}'
    twice = f'{{"data": [{{"id": 1, "to": "robin@example.org", "to": "{EMAIL}"}}]}}'
    server.answering = lambda _: Reply(twice.encode())
    assert "names a member twice" in refused(server)


def test_a_redirect_on_the_same_host_is_followed_three_times(server: ApiServer) -> None:
    def answer(asked: Asked) -> Reply:
        number = int(asked.path.removeprefix("/moved/")) if asked.path.startswith("/moved/") else 3
        return ONE if number == 0 else Reply(status=302, headers={"Location": f"/moved/{number - 1}"})

    server.answering = answer
    assert len(read(server, WHOLE)) == 1
    server.answering = lambda _: Reply(status=307, headers={"Location": "/again"})
    server.asked.clear()
    assert "redirects again and again" in refused(server)
    assert len(server.asked) <= 5


def test_a_redirect_to_another_host_is_refused_and_no_secret_goes_there(server: ApiServer) -> None:
    with serving(lambda _: ONE) as other:
        server.answering = lambda _: Reply(
            status=302, headers={"Location": f"http://localhost:{other.port}/x"}
        )
        assert "redirects to another host" in refused(server, hosts=("localhost",))
        assert other.asked == []


AUTHS = {
    AuthKind.BEARER: (Auth(kind=AuthKind.BEARER, secret="env:API_SECRET"), "authorization", "Bearer s3cret"),
    AuthKind.BASIC: (
        Auth(kind=AuthKind.BASIC, secret="env:API_SECRET", user="shop"),
        "authorization",
        "Basic c2hvcDpzM2NyZXQ=",
    ),
    AuthKind.API_KEY: (
        Auth(kind=AuthKind.API_KEY, secret="env:API_SECRET", header="X-Api-Key"),
        "x-api-key",
        "s3cret",
    ),
}


@pytest.mark.parametrize("kind", AUTHS)
def test_the_secret_is_sent_and_never_shown(
    server: ApiServer, kind: AuthKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_SECRET", "s3cret")
    auth, header, value = AUTHS[kind]
    server.answering = lambda _: NONE
    read(server, WHOLE, api_source(auth=auth))
    assert server.asked[0].headers[header] == value
    server.answering = lambda _: Reply(status=401)
    assert "s3cret" not in refused(server, auth=auth)


def test_the_secret_is_sent_to_no_other_host_that_may_be_asked(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_SECRET", "s3cret")
    auth = AUTHS[AuthKind.BEARER][0]
    with serving(lambda _: reply({"data": [mail(2)]})) as other:
        following = f'<http://localhost:{other.port}/mails>; rel="next"'
        server.answering = lambda _: reply({"data": [mail(1)]}, Link=following)
        own = api_source(auth=auth, hosts=("localhost",), private=("127.0.0.1/32", "::1/128"))
        assert len(read(server, api_rows(page=Page(kind=PageKind.LINK)), own)) == 2
        assert "authorization" in server.asked[0].headers
        assert "authorization" not in other.asked[0].headers


def test_a_secret_may_be_in_a_file(server: ApiServer, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")
    server.answering = lambda _: NONE
    auth = Auth(kind=AuthKind.BEARER, secret=f"file:{tmp_path / 'token'}")
    read(server, WHOLE, api_source(auth=auth))
    assert server.asked[0].headers["authorization"] == "Bearer from-file"


def test_a_missing_secret_is_named(server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("API_SECRET", raising=False)
    for secret, named in (("env:API_SECRET", "no variable API_SECRET"), ("file:/nowhere/x", "can't be read")):
        auth = Auth(kind=AuthKind.BEARER, secret=secret)
        with pytest.raises(RegisterError, match=rf"sources\.api\.auth\.secret: .*{named}"):
            read(server, WHOLE, api_source(auth=auth))
    assert server.asked == []


def test_a_token_is_asked_for_once_and_again_when_it_is_refused(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_SECRET", "s3cret")
    tokens = iter(("first", "second", "third"))
    valid = "first"

    def answer(asked: Asked) -> Reply:
        if asked.path == "/token":
            return reply({"access_token": next(tokens), "expires_in": 3600})
        if asked.headers["authorization"] != f"Bearer {valid}":
            return Reply(status=401)
        return reply({"data": [mail(int(asked.query["page"]))] if asked.query["page"] in "12" else []})

    server.answering = answer
    address = f"{server.url}/token"
    auth = Auth(
        kind=AuthKind.CLIENT_CREDENTIALS,
        secret="env:API_SECRET",
        user="shop",
        token_address=address,
        scope="read",
    )
    with collector(server.url, api_source(auth=auth)).snapshot() as snapshot:
        assert len(rows_of(snapshot)) == 2
        assert server.paths == ["/token", "/mails", "/mails", "/mails"]
        assert server.asked[0].body == b"grant_type=client_credentials&scope=read"
        assert server.asked[0].headers["content-type"] == "application/x-www-form-urlencoded"
        valid = "second"
        assert len(rows_of(snapshot)) == 2
        valid = "another"
        with pytest.raises(SourceUnreadableError, match="answers with 401"):
            rows_of(snapshot)


def test_the_probe_asks_for_nobody(server: ApiServer) -> None:
    server.answering = lambda _: reply({})
    asked = collector(server.url, api_source(probe="/account"))
    at = api_rows()
    assert [table.name for table in asked.describe_parts([at]).tables] == ["mails"]
    assert server.paths == ["/account"]
    server.answering = lambda _: Reply(status=401)
    with pytest.raises(SourceUnreadableError, match="the probe: the API answers with 401"):
        asked.describe()


def test_identifiers_change_no_question(server: ApiServer) -> None:
    key = "a&page=9/../?x#y%41+\u00fc@example.org"
    server.answering = lambda _: NONE
    with collector(server.url).snapshot() as snapshot:
        for at in (WHOLE, api_rows(page=None, list="/people/{key}/mails")):
            list(snapshot.chunks(Selection(dataset(at), ((key,),))))
        with pytest.raises(SourceUnreadableError, match="a step of a path"):
            list(snapshot.chunks(Selection(dataset(api_rows(page=None, list="/p/{key}/x")), (("..",),))))
    assert dict(server.asked[0].query) == {"to": key}
    assert server.asked[1].path.startswith("/people/a%26page%3D9%2F..%2F%3Fx%23y%2541%2B%C3%BC%40")
    assert len(server.asked) == 2
    body = {"filter": {"mail": "is:{key}"}, "size": 5}
    posted = api_rows(page=None, list=Posted(post="/search", body=body, safe=True))
    with collector(server.url).snapshot() as snapshot:
        list(snapshot.chunks(Selection(dataset(posted), (('"}, "all": true',),))))
    assert json.loads(server.asked[2].body) == {"filter": {"mail": 'is:"}, "all": true'}, "size": 5}
