"""A stream of events as a browser reads it, on a connection of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse

from tests.web.served import SECONDS


@dataclass(frozen=True)
class Stream:
    """An answer that goes on."""

    answer: HTTPResponse

    @property
    def status(self) -> int:
        return self.answer.status

    def event(self) -> tuple[str, dict[str, object]]:
        """The next event by its name; an empty name if the stream has ended, and `heartbeat` for a sign of life."""
        name, shown = "message", dict[str, object]()
        while line := self.answer.readline():
            text = line.decode().rstrip("\n")
            if text.startswith(":"):
                name = "heartbeat"
            elif text.startswith("event: "):
                name = text.removeprefix("event: ")
            elif text.startswith("data: "):
                shown = json.loads(text.removeprefix("data: "))
            elif not text:
                return name, shown
        return "", {}


@contextmanager
def stream(port: int, path: str, headers: dict[str, str]) -> Iterator[Stream]:
    """Opens a stream; whoever leaves the block closes it, as a browser does with its page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    connection.request("GET", path, headers={"Accept": "text/event-stream", **headers})
    answer = connection.getresponse()
    try:
        yield Stream(answer)
    finally:
        answer.close()
        connection.close()
