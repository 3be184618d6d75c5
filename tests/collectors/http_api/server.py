"""A real HTTP server on loopback that answers as a test says, and remembers what it was asked."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Asked:
    """A question as the server got it; names of headers in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Mapping[str, str]:
        found: Mapping[str, str] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Reply:
    """An answer; `cut` bytes of it are promised and never sent."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0


def reply(content: object, status: int = 200, **headers: str) -> Reply:
    return Reply(
        json.dumps(content).encode(), status, {name.replace("_", "-"): v for name, v in headers.items()}
    )


Answering = Callable[[Asked], Reply]


@dataclass
class ApiServer:
    """What it answers can be changed while it runs."""

    port: int
    answering: Answering = lambda _: Reply(status=404)
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [each.path for each in self.asked]


@contextmanager
def serving(answering: Answering | None = None, context: ssl.SSLContext | None = None) -> Iterator[ApiServer]:
    """Serves until the block ends; over TLS with a context."""
    server = _Quiet((LOOPBACK, 0), _handler(lambda: api))
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    api = ApiServer(server.server_address[1])
    if answering is not None:
        api.answering = answering
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are what the tests want."""


def _handler(api: Callable[[], ApiServer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet for head and body
        timeout = 10

        def _answer(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(url.query, keep_blank_values=True))
            asked = Asked(self.command, url.path, query, headers, body)
            api().asked.append(asked)
            made = api().answering(asked)
            self.send_response(made.status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(made.body) + made.cut),
                **made.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(made.body)
            self.wfile.flush()
            if made.cut:
                self.close_connection = True

        do_GET = _answer  # noqa: N815 - the library's name
        do_POST = _answer  # noqa: N815 - the library's name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    return Handler
