"""Real receivers of webhooks on loopback, each with the faults that a test names."""

import socketserver
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

from tests.mail_servers import authority

HOST = "127.0.0.1"
OK = "204 No Content"
FAILS = "500 Internal Server Error"


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: str


@dataclass
class Receiver:
    """What a receiver got, and how it answers: in turn, and at the end always by the last one.

    An answer is a status with its text, with header lines after it perhaps; `cut` ends the connection, `hang` never
    answers, `drip` sends headers without end and `endless` a body.
    """

    answers: list[str] = field(default_factory=lambda: [OK])
    connections: int = 0
    received: list[Received] = field(default_factory=list)
    stopped: Event = field(default_factory=Event)
    port: int = 0
    scheme: str = "http"

    def url(self, host: str = HOST, path: str = "/hook") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def ids(self) -> list[str]:
        return [each.headers["webhook-id"] for each in self.received]

    def answer(self) -> str:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiver(*answers: str, certified: str | None = None) -> Iterator[Receiver]:
    """A receiver that listens; with a name, it speaks TLS by a certificate for it."""
    state = Receiver(list(answers) or [OK], scheme="http" if certified is None else "https")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certified is not None:
        authority().issue_cert(certified).configure_cert(context)

    class Handler(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            state.connections += 1
            if certified is not None:
                self.request = context.wrap_socket(
                    self.request, server_side=True, do_handshake_on_connect=False
                )
            super().setup()

        def finish(self) -> None:
            super().finish()
            self.request.close()  # the server knows the socket below TLS alone

        def handle(self) -> None:
            with suppress(OSError):
                _served(self, state)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, request: object, client_address: object) -> None: ...

    with Server((HOST, 0), Handler) as server:
        state.port = server.server_address[1]
        running = Thread(target=server.serve_forever, args=(0.02,))
        running.start()
        try:
            yield state
        finally:
            state.stopped.set()
            server.shutdown()
            running.join()


def _served(handler: socketserver.StreamRequestHandler, state: Receiver) -> None:
    line = handler.rfile.readline().decode().strip()
    if not line:  # whoever did not trust the certificate goes
        return
    headers = {}
    while (read := handler.rfile.readline().decode().strip()) != "":
        name, _, value = read.partition(":")
        headers[name.lower()] = value.strip()
    body = handler.rfile.read(int(headers.get("content-length", 0))).decode()
    state.received.append(Received(line, headers, body))
    match state.answer():
        case "cut":
            return
        case "hang":
            state.stopped.wait(30)
        case "drip":
            _drip(handler, state, b"HTTP/1.1 204 No Content\r\n", b"x-more: 1\r\n")
        case "endless":
            _drip(handler, state, b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n")
        case answer:
            handler.wfile.write(
                f"HTTP/1.1 {answer}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".encode()
            )


def _drip(handler: socketserver.StreamRequestHandler, state: Receiver, first: bytes, then: bytes) -> None:
    handler.wfile.write(first)
    while not state.stopped.is_set():
        handler.wfile.write(then)
        handler.wfile.flush()
        time.sleep(0.05)
