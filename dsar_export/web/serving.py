"""Runs the application: one process that listens, and finishes running downloads when it is to end."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket
from types import FrameType
from typing import Final

import structlog
import uvicorn
from starlette.types import ASGIApp

from dsar_export.settings import Settings
from dsar_export.web.protocol import HttpProtocol

GRACE: Final = 30
"""Seconds that running downloads have when the process is to end; whoever is cut off may resume."""
_MOST_CONNECTIONS: Final = 1000
_IDLE: Final = 15
_log: Final = structlog.get_logger("dsar_export.web")


class Server(uvicorn.Server):
    """Says where it listens, and ends with 0 when it was asked to end."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        for server in self.servers:
            for listening in server.sockets:
                host, port = listening.getsockname()[:2]
                shown = f"[{host}]" if ":" in host else host
                _log.info("serving", url=f"http://{shown}:{port}")

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread hears signals
            return
        handled = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self._asked_to_end) for number in handled}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _asked_to_end(self, number: int, frame: FrameType | None) -> None:
        _log.info("serving ends", grace_seconds=GRACE)
        self.handle_exit(number, frame)


def server_of(app: ASGIApp, settings: Settings) -> Server:
    """The server by the settings; it believes proxies only if they are named."""
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    trusted = None if settings.trusted_proxies is None else settings.trusted_proxies.split(",")
    return Server(
        uvicorn.Config(
            app,
            host=settings.web_host,
            port=settings.web_port,
            http=HttpProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=trusted is not None,
            forwarded_allow_ips=trusted or [],
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_keep_alive=_IDLE,
            timeout_graceful_shutdown=GRACE,
        )
    )
