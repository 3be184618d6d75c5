"""A session of WebDriver BiDi over a websocket, one command at a time."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.renderers.opener.browsers.browser import FIND, MissingError

_KEYS = {
    "Enter": "\ue007",
    "Tab": "\ue004",
    "Escape": "\ue00c",
    "Backspace": "\ue003",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "Home": "\ue011",
    "End": "\ue010",
    "PageUp": "\ue00e",
    "PageDown": "\ue00f",
    "Control": "\ue009",
    "Shift": "\ue008",
}


def press_all(*keys: str) -> dict[str, object]:
    """Keys that are pressed one after another, as both kinds of WebDriver have it."""
    values = [_KEYS.get(key, key) for key in keys]
    actions = [{"type": step, "value": value} for value in values for step in ("keyDown", "keyUp")]
    return {"type": "key", "id": "keyboard", "actions": actions}


def click_into(origin: object) -> dict[str, object]:
    """A click into the middle of an element."""
    steps = [
        {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
        {"type": "pointerDown", "button": 0},
        {"type": "pointerUp", "button": 0},
    ]
    return {"type": "pointer", "id": "mouse", "actions": steps}


class Session:
    """Sends commands, and reads what is not an answer over."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.send(
            "session.new", capabilities={"alwaysMatch": {"unhandledPromptBehavior": {"default": "ignore"}}}
        )
        (self.context,) = [tree["context"] for tree in self.send("browsingContext.getTree")["contexts"]]

    def send(self, method: str, **parameters: Any) -> Any:
        """The result of a command; AssertionError if the browser refuses it."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv(timeout=120))
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def evaluated(self, expression: str) -> object:
        """The value of an expression, brought as JSON."""
        function = f"async () => JSON.stringify(await ({expression})) ?? null"
        found = self._called(function)
        return None if found["type"] == "null" else json.loads(found["value"])

    def found(self, role: str, name: str) -> dict[str, str]:
        """The element of a role and a name."""
        arguments = [{"type": "string", "value": role}, {"type": "string", "value": name}]
        value = self._called(FIND, arguments)
        if value["type"] != "node":
            raise MissingError(f"no {role} {name!r}")
        return {"sharedId": value["sharedId"]}

    def scrolled(self, element: dict[str, str]) -> None:
        """Brings an element into view."""
        function = "(element) => element.scrollIntoView({block: 'center', behavior: 'instant'})"
        self._called(function, [element])

    def focused(self, element: dict[str, str]) -> None:
        """Gives an element the focus, and selects what is in it."""
        self._called("(element) => { element.focus(); element.select?.(); }", [element])

    def _called(self, function: str, arguments: list[dict[str, str]] | None = None) -> Any:
        result = self.send(
            "script.callFunction",
            functionDeclaration=function,
            arguments=arguments or [],
            target={"context": self.context},
            awaitPromise=True,
            userActivation=True,
        )
        assert result["type"] == "success", result["exceptionDetails"]["text"]
        return result["result"]

    def keys(self, *keys: str) -> None:
        """Presses keys one after another."""
        self.send("input.performActions", context=self.context, actions=[press_all(*keys)])

    def clicked(self, element: dict[str, str]) -> None:
        """Clicks into the middle of an element."""
        source = click_into({"type": "element", "element": element})
        self.send("input.performActions", context=self.context, actions=[source])


@contextmanager
def session(address: str) -> Iterator[Session]:
    """A session with the browser that listens there."""
    with connect(address, max_size=None, proxy=None) as socket:
        yield Session(socket)
