"""Firefox by WebDriver BiDi, over the websocket that it opens itself."""

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.renderers.opener.browsers.bidi import Session, session
from tests.renderers.opener.browsers.browser import Browser, program, quiet_environment, until

_COLOURS: Final = "layout.css.prefers-color-scheme.content-override"
_LISTENS: Final = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_PREFERENCES: Final = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.download.folderList": 2,
    "browser.download.open_pdf_attachments_inline": False,
    "browser.download.useDownloadDir": True,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.type": 1,
    "security.fileuri.strict_origin_policy": True,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}


def installed() -> str | None:
    """Where Firefox is."""
    return program("firefox-esr", "firefox")


class Firefox:
    """One page of Firefox."""

    name = "firefox"

    def __init__(self, session: Session, process: int, saved: Path) -> None:
        self._session = session
        self.process = process
        self.saved = saved

    def open(self, address: str) -> None:
        for each in ("about:blank", address):
            self._session.send(
                "browsingContext.navigate", context=self._session.context, url=each, wait="complete"
            )

    def evaluate(self, expression: str) -> object:
        return self._session.evaluated(expression)

    def pick(self, file: Path, name: str = "") -> None:
        element = self._session.found("file", name)
        self._session.send(
            "input.setFiles", context=self._session.context, element=element, files=[str(file)]
        )

    def click(self, role: str, name: str) -> None:
        element = self._session.found(role, name)
        self._session.scrolled(element)
        self._session.clicked(element)

    def type(self, role: str, name: str, text: str) -> None:
        self._session.focused(self._session.found(role, name))
        self._session.keys("Backspace", *text)

    def press(self, *keys: str) -> None:
        self._session.keys(*keys)

    def screenshot(self) -> bytes:
        shot = self._session.send("browsingContext.captureScreenshot", context=self._session.context)
        return base64.b64decode(shot["data"])

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        self._session.send("browsingContext.setViewport", context=self._session.context, viewport=size)


@contextmanager
def started(folder: Path, *, dark: bool = False) -> Iterator[Browser]:
    """Firefox without a window, and with a profile of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = folder / "saved"
    saved.mkdir()
    preferences = {**_PREFERENCES, _COLOURS: 0 if dark else 1, "browser.download.dir": str(saved)}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
    (folder / "user.js").write_text("".join(lines))
    command: list[str | Path] = [
        str(installed()),
        "--headless",
        "--no-remote",
        "--profile",
        folder,
        "--remote-debugging-port",
        "0",
    ]
    log = folder / "log"
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=out, env=quiet_environment(folder)) as process,
    ):
        try:
            with session(f"{_address(log, process)}/session") as begun:
                firefox = Firefox(begun, process.pid, saved)
                firefox.resize(1280, 900)
                yield firefox
        finally:
            process.terminate()


def _address(log: Path, process: "subprocess.Popen[bytes]") -> str:
    def shown() -> str | None:
        assert process.poll() is None, log.read_text(errors="replace")
        found = _LISTENS.search(log.read_text(errors="replace"))
        return None if found is None else found[1]

    return until(shown, "Firefox listens", 60)
