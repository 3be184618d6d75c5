"""A server that hands the page over, and one that only listens for who connects."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.renderers.opener.node import BUILT


class Listener:
    """Counts the connections to a port."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.port: int = listening.getsockname()[1]
        self.connections = 0

    @property
    def address(self) -> str:
        """Where a page that connects would go."""
        return f"http://127.0.0.1:{self.port}"

    def listen(self) -> None:
        """Accepts until the socket is closed."""
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()


@contextmanager
def listening() -> Iterator[Listener]:
    """A server that answers nobody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server)
        threading.Thread(target=listener.listen, daemon=True).start()
        yield listener
        server.shutdown(socket.SHUT_RDWR)


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/open.html"
        body = BUILT.read_bytes() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Nothing is logged."""


@contextmanager
def served_page() -> Iterator[str]:
    """The address of the page on a server of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/open.html"
        server.shutdown()
