"""A line to a server that a test cuts: from then on, nobody answers there."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import urlsplit


@dataclass
class Line:
    """A port of this machine that leads to another one."""

    target: tuple[str, int]
    listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    open: list[socket.socket] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def serve(self) -> None:
        """Until the line is cut."""
        with suppress(OSError):
            while True:
                here, _ = self.listening.accept()
                there = socket.create_connection(self.target)
                self.open += [here, there]
                for source, sink in ((here, there), (there, here)):
                    Thread(target=_pump, args=(source, sink), daemon=True).start()

    def cut(self) -> None:
        for each in (self.listening, *self.open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(endpoint: str) -> Iterator[Line]:
    """A line to a server, for a block."""
    parts = urlsplit(endpoint)
    line = Line((str(parts.hostname), parts.port or 80))
    serving = Thread(target=line.serve, daemon=True)
    serving.start()
    try:
        yield line
    finally:
        line.cut()
        serving.join()
