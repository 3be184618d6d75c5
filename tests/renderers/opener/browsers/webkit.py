"""WebKit, the engine of Safari, by the WebDriver of WebKitGTK, on a display that nobody sees."""

import base64
import http.client
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.renderers.opener.browsers.bidi import click_into, press_all
from tests.renderers.opener.browsers.browser import (
    FIND,
    Browser,
    MissingError,
    program,
    quiet_environment,
    until,
)

_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
_NARROWEST: Final = 447
_SESSION: Final = {"capabilities": {"alwaysMatch": {"unhandledPromptBehavior": "ignore"}}}


def installed() -> str | None:
    """Where the driver is, if there is a display for it too."""
    return program("WebKitWebDriver") if program("Xvfb") else None


class Driver:
    """Sends commands of one session."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._at = ""

    def begin(self) -> None:
        """Starts the browser."""
        self._at = f"/session/{self.send('POST', '/session', _SESSION)['sessionId']}"

    def end(self) -> None:
        """Ends the browser."""
        self("DELETE", "")

    def __call__(self, method: str, path: str, body: object = None) -> Any:
        return self.send(method, f"{self._at}{path}", body)

    def send(self, method: str, path: str, body: object = None) -> Any:
        """The value of an answer; AssertionError if the browser refuses it."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            value = json.loads(answer.read())["value"]
        finally:
            connection.close()
        assert answer.status == 200, value
        return value


class WebKit:
    """One page of WebKitGTK."""

    name = "webkit"

    def __init__(self, driver: Driver, process: int, saved: Path) -> None:
        self._driver = driver
        self.process = process
        self.saved = saved
        self._frame: int | None = None

    def open(self, address: str) -> None:
        self._driver("POST", "/frame", {"id": None})
        for each in ("about:blank", address if self._frame is None else self._framed(address, self._frame)):
            self._driver("POST", "/url", {"url": each})
        if self._frame is not None:
            frame = self._driver("POST", "/element", {"using": "css selector", "value": "iframe"})
            self._driver("POST", "/frame", {"id": frame})
            # Keys reach only a frame in which somebody clicked.
            self._driver("POST", "/actions", {"actions": [click_into("viewport")]})

    def evaluate(self, expression: str) -> object:
        script = (
            "const done = arguments[0];"
            f"(async () => ({expression}))().then((value) => done([JSON.stringify(value) ?? null]),"
            " (error) => done({error: String(error)}));"
        )
        value = self._driver("POST", "/execute/async", {"script": script, "args": []})
        assert isinstance(value, list), value
        return None if value[0] is None else json.loads(value[0])

    def pick(self, file: Path, name: str = "") -> None:
        self._driver("POST", f"/element/{self._found('file', name)}/value", {"text": str(file)})

    def click(self, role: str, name: str) -> None:
        element = {_ELEMENT: self._found(role, name)}
        script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})"
        self._driver("POST", "/execute/sync", {"script": script, "args": [element]})
        self._driver("POST", "/actions", {"actions": [click_into(element)]})

    def type(self, role: str, name: str, text: str) -> None:
        element = self._found(role, name)
        select = {"script": "arguments[0].focus(); arguments[0].select()", "args": [{_ELEMENT: element}]}
        self._driver("POST", "/execute/sync", select)
        self.press("Backspace", *text)

    def press(self, *keys: str) -> None:
        self._driver("POST", "/actions", {"actions": [press_all(*keys)]})

    def screenshot(self) -> bytes:
        return base64.b64decode(self._driver("GET", "/screenshot"))

    def resize(self, width: int, height: int) -> None:
        """A width that its window can't have is that of a frame, for the page that is opened next."""
        self._driver("POST", "/frame", {"id": None})
        self._frame = width if width < _NARROWEST else None
        wanted = [max(width, _NARROWEST), height]

        def sized() -> bool | None:
            inner, outer = self.evaluate("[innerWidth, innerHeight]"), self._driver("GET", "/window/rect")
            assert isinstance(inner, list)
            if inner == wanted:
                return True
            # The window has a frame, whose size is known once both sizes are those of the same moment.
            edges = [max(0, outer["width"] - inner[0]), max(0, outer["height"] - inner[1])]
            size = {"width": wanted[0] + edges[0], "height": wanted[1] + edges[1]}
            self._driver("POST", "/window/rect", size)
            return None

        until(sized, f"a window of {wanted}")

    def _framed(self, address: str, width: int) -> str:
        document = self.saved.with_name("frame.html")
        style = f"border: 0; width: {width}px; height: 100vh"
        document.write_text(
            f'<style>body {{ margin: 0 }}</style><iframe style="{style}" src="{address}"></iframe>'
        )
        return document.as_uri()

    def _found(self, role: str, name: str) -> str:
        value = self._driver(
            "POST", "/execute/sync", {"script": f"return ({FIND})(...arguments)", "args": [role, name]}
        )
        if value is None:
            raise MissingError(f"webkit: no {role} {name!r}")
        return str(value[_ELEMENT])


@contextmanager
def started(folder: Path, *, dark: bool = False) -> Iterator[Browser]:
    """WebKit's small browser on a display of its own."""
    saved = folder / "saved"
    saved.mkdir(parents=True)
    (folder / ".config").mkdir()
    (folder / ".config" / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{saved}"\n')
    with _display() as display:
        theme = "Adwaita:dark" if dark else "Adwaita"
        environment = quiet_environment(folder, GTK_THEME=theme) | {"DISPLAY": display}
        port = _free_port()
        command = [str(installed()), f"--port={port}"]
        log = (folder / "log").open("wb")
        with log, subprocess.Popen(command, stdout=log, stderr=log, env=environment) as process:
            try:
                driver = Driver(port)
                until(lambda: _answers(port) or None, "WebKit's driver listens", 60)
                driver.begin()
                browser = WebKit(driver, process.pid, saved)
                browser.resize(1280, 900)
                yield browser
                driver.end()
            finally:
                process.terminate()


@contextmanager
def _display() -> Iterator[str]:
    """A display in memory; the server names it."""
    reads, writes = os.pipe()
    command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1600x1400x24", "-nolisten", "tcp"]
    with subprocess.Popen(
        command, pass_fds=[writes], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        os.close(writes)
        try:
            with os.fdopen(reads) as named:
                yield f":{named.readline().strip()}"
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
