"""Whether this worker lives and what waits will be done, for a supervisor on this machine: HTTP on loopback."""

import json
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from dsar_export.errors import DsarExportError
from dsar_export.use_cases.workforce import Workforce

_LOOPBACK: Final = "127.0.0.1"
LIVE: Final = "/live"
READY: Final = "/ready"


def serve_health(port: int, force: Callable[[], Workforce]) -> bool:
    """Answers `/live` and `/ready` until the process ends; False if another process has the port.

    `/ready` is 503 if the database does not answer, no worker shows a sign of life, or work waits for too long.
    """
    try:
        server = ThreadingHTTPServer((_LOOPBACK, port), _handler(force))
    except OSError:
        return False
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return True


def _handler(force: Callable[[], Workforce]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            if self.path == LIVE:
                self._answer(HTTPStatus.OK, {"live": True})
            elif self.path == READY:
                self._ready()
            else:
                self._answer(HTTPStatus.NOT_FOUND, {})

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the library's name
            """Logs nothing: it is asked every few seconds."""

        def _ready(self) -> None:
            try:
                found = force()
            except DsarExportError as error:
                self._answer(HTTPStatus.SERVICE_UNAVAILABLE, {"ready": False, "reason": type(error).__name__})
                return
            status = HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE
            counted = ("alive", "waiting", "for_a_place", "parked")
            facts = {name: len(getattr(found, name)) for name in counted}
            waited = int(found.waited.total_seconds())
            self._answer(status, {"ready": found.ready, "waited_seconds": waited, **facts})

        def _answer(self, status: HTTPStatus, body: dict[str, object]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
