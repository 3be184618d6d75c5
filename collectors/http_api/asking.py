"""One question and its answer: bounded in time and size, asked again only where that does no harm."""

import random
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import SplitResult

import httpcore

from collectors.http_api.answers import BrokenAnswerError, read_json
from collectors.http_api.credentials import Credentials
from collectors.http_api.hosts import Hosts, PinnedNetwork, RefusedAddressError, port_of
from dsar_export.errors import SourceUnreadableError

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS: Final = 3
_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
_PIECE: Final = 1 << 16


@dataclass(frozen=True)
class Patience:
    """How often a question is asked again, and how long is waited in between, in seconds."""

    tries: int = 4
    first: float = 0.5
    longest: float = 60.0
    together: float = 180.0


@dataclass(frozen=True)
class Question:
    """What is asked; `safe` questions change nothing and may be asked again."""

    url: SplitResult
    body: bytes | None = None
    safe: bool = True
    form: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back: JSON, and the header fields that matter."""

    url: SplitResult
    content: object
    links: tuple[str, ...] = ()


class _AgainError(Exception):
    """A failure that may pass; `wait` is what the API asks for, if it does."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True)
class Limits:
    """What one answer may take: seconds, and bytes."""

    seconds: float
    largest: int


@dataclass(eq=False)
class Asking:
    """Asks one API, as long as a snapshot is open."""

    source: str
    hosts: Hosts
    network: PinnedNetwork
    credentials: Credentials
    headers: Mapping[str, str]
    limits: Limits
    patience: Patience = Patience()
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=self.context, network_backend=self.network, max_connections=2, http2=False
        )

    def close(self) -> None:
        self._pool.close()

    def cancel(self) -> None:
        """Ends what is waited for; called from another thread."""
        self.stopped.set()
        self.network.cut()

    def pause(self, seconds: float, what: str) -> None:
        """Waits, unless the reading is cancelled; SourceUnreadableError."""
        if self.stopped.wait(seconds):
            raise self.unreadable(what, "it was cancelled")

    def unreadable(self, what: str, reason: str) -> SourceUnreadableError:
        return SourceUnreadableError(f"source {self.source!r} could not be read: {what}: {reason}")

    def ask(self, question: Question, what: str) -> Answer:
        """The answer to a question; SourceUnreadableError names `what` was being read."""
        waited, tries = 0.0, 0
        while True:
            tries += 1
            try:
                return self._once(question, what)
            except _AgainError as error:
                wait = self._wait(error.wait, tries)
                last = tries >= self.patience.tries or waited + wait > self.patience.together
                if last or not question.safe:
                    raise self.unreadable(what, f"{error}, after {tries} tries; try again later") from None
            except (BrokenAnswerError, RefusedAddressError) as error:
                raise self.unreadable(what, str(error)) from None
            self.pause(wait, what)
            waited += wait

    def _wait(self, asked: float | None, tries: int) -> float:
        """What the API asks for, or twice as long each time, and never the same for all who wait."""
        if asked is not None:
            return min(max(asked, 0.0), self.patience.longest)
        longest: float = min(self.patience.first * 2.0 ** (tries - 1), self.patience.longest)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - it spreads questions, and protects nothing

    def _once(self, question: Question, what: str) -> Answer:
        renewed = False
        for _ in range(_MOST_REDIRECTS + 2):
            signed = self.hosts.is_own(question.url)
            status, headers, body = self._sent(question, self._token(what) if signed else {}, what)
            if status in _REDIRECTS and question.body is None:
                following = self.hosts.following(question.url, headers.get("location", ""))
                if (following.hostname, port_of(following)) != (question.url.hostname, port_of(question.url)):
                    raise RefusedAddressError("the API redirects to another host; correct the address")
                question = Question(following)
            elif status == HTTPStatus.UNAUTHORIZED and signed and self.credentials.renewable and not renewed:
                self.credentials.forget()
                renewed = True
            else:
                return self._judged(question, status, headers, body)
        raise BrokenAnswerError("the API redirects again and again; correct the address")

    def _token(self, what: str) -> Mapping[str, str]:
        request = self.credentials.token_request()
        if request is not None:
            url = self.hosts.allowed(request.address)
            status, headers, body = self._sent(
                Question(url, request.body, safe=True, form=True), request.headers, what
            )
            self.credentials.remember(self._judged(Question(url), status, headers, body).content)
        return self.credentials.headers()

    def _judged(self, question: Question, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
        if status in _AGAIN:
            raise _AgainError(f"the API answers with {status}", _retry_after(headers.get("retry-after")))
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise BrokenAnswerError(
                f"the API answers with {status}; see whether auth has the right to read this"
            )
        if status not in range(200, 300):
            raise BrokenAnswerError(f"the API answers with {status}; see whether the address fits the API")
        return Answer(question.url, read_json(body), _links(headers.get("link", "")))

    def _sent(
        self, question: Question, signed: Mapping[str, str], what: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        url = question.url
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        kind = "application/x-www-form-urlencoded" if question.form else "application/json"
        sent = {"Accept": "application/json", "Accept-Encoding": "gzip", "Host": url.netloc, **self.headers}
        sent |= {**signed, **({} if question.body is None else {"Content-Type": kind})}
        until = time.monotonic() + self.limits.seconds
        if self.stopped.is_set():
            raise self.unreadable(what, "it was cancelled")
        try:
            with self._pool.stream(
                "GET" if question.body is None else "POST",
                httpcore.URL(
                    scheme=url.scheme.encode("ascii"),
                    host=str(url.hostname).encode("ascii"),
                    port=port_of(url),
                    target=target.encode("ascii"),
                ),
                headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in sent.items()],
                content=question.body,
                extensions={
                    "timeout": dict.fromkeys(("connect", "read", "write", "pool"), self.limits.seconds)
                },
            ) as response:
                headers = _fields(response.headers)
                return response.status, headers, self._body(response, headers, until)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
            if self.stopped.is_set():
                raise self.unreadable(what, "it was cancelled") from None
            raise _AgainError(f"the API does not answer in full ({type(error).__name__})") from None
        except UnicodeError:
            raise BrokenAnswerError(
                "an address or header has letters that HTTP has not; encode them"
            ) from None

    def _body(self, response: httpcore.Response, headers: Mapping[str, str], until: float) -> bytes:
        body = bytearray()
        for piece in _unpacked(response.iter_stream(), headers.get("content-encoding", "identity")):
            body += piece
            if len(body) > self.limits.largest:
                raise BrokenAnswerError(
                    "the answer has more bytes than largest_answer; ask for smaller pages"
                )
            if time.monotonic() > until:
                raise _AgainError("the API takes longer than timeout for an answer")
        return bytes(body)


def _fields(headers: list[tuple[bytes, bytes]]) -> Mapping[str, str]:
    made: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        made[key] = f"{made[key]}, {text}" if key in made else text
    return made


def _unpacked(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The pieces as they were before they were packed; never much more at once than came."""
    if encoding.strip().lower() in {"", "identity"}:
        yield from pieces
        return
    if encoding.strip().lower() not in {"gzip", "x-gzip"}:
        raise BrokenAnswerError("the answer is packed in a way that was not asked for")
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        for piece in pieces:
            rest = piece
            while rest:
                yield unpacking.decompress(rest, _PIECE)
                rest = unpacking.unconsumed_tail
        yield unpacking.flush()
    except zlib.error:
        raise BrokenAnswerError("the answer is damaged") from None
    if not unpacking.eof:
        raise _AgainError("the answer breaks off")


def _links(text: str) -> tuple[str, ...]:
    """The addresses of a header Link with rel="next" (RFC 8288)."""
    found = []
    for part in text.split("<")[1:]:
        address, _, rest = part.partition(">")
        parameters = [p.strip().lower().replace('"', "") for p in rest.split(";")]
        if any(p.rstrip(",").strip() == "rel=next" for p in parameters):
            found.append(address)
    return tuple(found)


def _retry_after(text: str | None) -> float | None:
    """Seconds, from a number or a date; None if the API says nothing that can be read."""
    if text is None:
        return None
    if text.strip().isascii() and text.strip().isdigit():
        return float(text.strip()[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - datetime.now(UTC).timestamp()
