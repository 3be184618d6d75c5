"""Chromium by Playwright, in a thread of its own, because Playwright keeps a running event loop in its thread."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from playwright.sync_api import ElementHandle, Error, Page, ViewportSize, sync_playwright

from tests.renderers.opener.browsers.browser import FIND, MissingError, descendants, program, until

T = TypeVar("T")
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--proxy-server=127.0.0.1:9",
)


def installed() -> str | None:
    """Where Chromium is."""
    return program("chromium", "chromium-browser")


class Chromium:
    """One page of Chromium."""

    name = "chromium"

    def __init__(self, page: Page, process: int, run: "Run", saved: Path) -> None:
        self._page = page
        self._run = run
        self.process = process
        self.saved = saved

    def open(self, address: str) -> None:
        def left() -> bool | None:
            try:
                self._page.goto("about:blank")
            except Error:  # a page that is on its way elsewhere
                return None
            return True

        until(lambda: self._run(left), "an empty page")
        self._run(lambda: self._page.goto(address))

    def evaluate(self, expression: str) -> object:
        return self._run(lambda: self._page.evaluate(f"() => ({expression})"))

    def pick(self, file: Path, name: str = "") -> None:
        self._run(lambda: self._found("file", name).set_input_files(str(file)))

    def click(self, role: str, name: str) -> None:
        self._run(lambda: self._found(role, name).click())

    def type(self, role: str, name: str, text: str) -> None:
        def typed() -> None:
            box = self._found(role, name)
            box.fill("")
            box.focus()
            self._page.keyboard.type(text)

        self._run(typed)

    def press(self, *keys: str) -> None:
        for key in keys:
            self._run(lambda key=key: self._page.keyboard.press(key))  # type: ignore[misc] # its type is that of key

    def screenshot(self) -> bytes:
        return self._run(self._page.screenshot)

    def resize(self, width: int, height: int) -> None:
        size = ViewportSize(width=width, height=height)
        self._run(lambda: self._page.set_viewport_size(size))

    def printed(self) -> bytes:
        """What the page prints, as a PDF."""
        return self._run(lambda: self._page.pdf(format="A4"))

    def force_colours(self) -> None:
        """Shows the few colours of somebody who has chosen their own."""
        self._run(lambda: self._page.emulate_media(forced_colors="active"))

    def tree(self) -> list[dict[str, Any]]:
        """What programs that read aloud are given, in the order of the page: roles, names and states."""

        def read() -> Any:
            session = self._page.context.new_cdp_session(self._page)
            try:
                return session.send("Accessibility.getFullAXTree")["nodes"]
            finally:
                session.detach()

        return [node for node in self._run(read) if not node["ignored"]]

    def _found(self, role: str, name: str) -> ElementHandle:
        found = self._page.evaluate_handle(
            f"([role, name]) => ({FIND})(role, name)", [role, name]
        ).as_element()
        if found is None:
            raise MissingError(f"chromium: no {role} {name!r}")
        return found


class Run:
    """Runs something in Playwright's thread."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread = thread

    def __call__(self, what: Callable[[], T]) -> T:
        return self._thread.submit(what).result()


@contextmanager
def started(folder: Path, *, dark: bool = False) -> Iterator[Chromium]:
    """Chromium without a window."""
    with ThreadPoolExecutor(1) as thread:
        run = Run(thread)
        playwright = run(lambda: sync_playwright().start())
        try:
            context = run(
                lambda: playwright.chromium.launch_persistent_context(
                    folder,
                    executable_path=installed(),
                    args=list(_FLAGS),
                    viewport={"width": 1280, "height": 900},
                    color_scheme="dark" if dark else "light",
                )
            )
            try:
                page = run(lambda: context.pages[0])
                run(lambda: page.set_default_timeout(20_000))
                saved = folder / "saved"
                run(lambda: page.on("download", lambda file: file.save_as(saved / file.suggested_filename)))
                yield Chromium(page, _process(folder), run, saved)
            finally:
                run(context.close)
        finally:
            run(playwright.stop)


def _process(folder: Path) -> int:
    """The browser's own process: of those that name its profile, the first that was started."""
    for each in descendants(os.getpid()):
        if f"--user-data-dir={folder}" in Path(f"/proc/{each}/cmdline").read_text():
            return each
    raise AssertionError("Chromium has no process")
