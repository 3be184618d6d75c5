"""What a test does with a browser, whichever it is."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Protocol, TypeVar

T = TypeVar("T")

FIND: Final = """
(role, name) => {
  const kinds = {
    button: "button, [role=button], summary",
    textbox: "input:not([type]), input[type=text], input[type=password], input[type=search], textarea",
    combobox: "select, [role=combobox]",
    tab: "[role=tab]",
    link: "a[href]",
    file: "input[type=file]",
    row: "[role=row], tr",
  };
  const tidy = (text) => (text ?? "").replace(/\\s+/g, " ").trim().toLowerCase();
  const named = (element) => {
    const by = (element.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
    const texts = by.map((id) => document.getElementById(id)?.textContent);
    const labels = [...(element.labels ?? [])].map((label) => label.textContent);
    const own = element.getAttribute("aria-label");
    if (own !== null || texts.length) return tidy(own ?? texts.join(" "));
    if (labels.length) return tidy(labels.join(" "));
    const copy = element.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true]").forEach((hidden) => hidden.remove());
    return tidy(copy.textContent);
  };
  const seen = (element) => role === "file" || element.getClientRects().length > 0;
  const found = [...document.querySelectorAll(kinds[role] ?? `[role=${role}]`)].filter(seen);
  const wanted = tidy(name);
  return found.find((e) => named(e) === wanted) ?? found.find((e) => named(e).includes(wanted)) ?? null;
}
"""
"""Finds an element as a reader of screens does: by its role and its name, or a part of that."""


class MissingError(AssertionError):
    """There is no element of that role and name."""


class Browser(Protocol):
    """A browser with one page; elements are found by role and name."""

    name: str
    process: int
    saved: Path
    """The folder into which the page's files are saved."""

    def open(self, address: str) -> None:
        """Loads a page anew."""
        ...

    def evaluate(self, expression: str) -> object:
        """The value of an expression of JavaScript in the page, as JSON has it; a promise is waited for."""
        ...

    def pick(self, file: Path, name: str = "") -> None:
        """Gives a file to the page's picker."""
        ...

    def click(self, role: str, name: str) -> None: ...

    def type(self, role: str, name: str, text: str) -> None:
        """Replaces what is in a text box, key by key."""
        ...

    def press(self, *keys: str) -> None:
        """Presses keys where the focus is: one character, or a name such as `Enter`, `Tab` or `ArrowDown`."""
        ...

    def screenshot(self) -> bytes:
        """What the window shows, as a PNG."""
        ...

    def resize(self, width: int, height: int) -> None: ...


class StartBrowser(Protocol):
    """Starts a browser with a folder for its profile, for a reader who prefers dark colours or not, and ends it."""

    def __call__(self, folder: Path, *, dark: bool = False) -> AbstractContextManager[Browser]: ...


def program(*names: str) -> str | None:
    """The first of these programs that is installed."""
    return next((path for name in names if (path := shutil.which(name))), None)


def text_of(browser: Browser) -> str:
    """What can be read on the page."""
    return str(browser.evaluate("document.body.innerText"))


def until(found: Callable[[], T | None], what: str, seconds: float = 20) -> T:
    """Waits until something is found."""
    end = time.monotonic() + seconds
    while (value := found()) is None or value is False:
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)
    return value


def until_text(browser: Browser, *wanted: str, seconds: float = 20) -> str:
    """Waits until the page shows all of these texts, and returns all that it shows."""

    def shown() -> str | None:
        text = text_of(browser)
        return text if all(each in text for each in wanted) else None

    try:
        return until(shown, repr(wanted), seconds)
    except AssertionError as error:
        raise AssertionError(f"{browser.name}: {error}; the page shows: {text_of(browser)[:2000]}") from None


def descendants(process: int) -> Iterator[int]:
    """The processes that one started, and theirs."""
    for each in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, each.read_text().split()):
            yield child
            yield from descendants(child)


def peak_megabytes(browser: Browser) -> int:
    """The most memory that the page's own process had; of all processes for pages, it is the one with most."""
    marks = ("--type=renderer", "-contentproc", "WebKitWebProcess")
    peaks = [0]
    for process in descendants(browser.process):
        try:
            command = Path(f"/proc/{process}/cmdline").read_text()
            status = Path(f"/proc/{process}/status").read_text()
        except OSError:
            continue
        if any(mark in command for mark in marks):
            peaks += [
                int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM")
            ]
    return max(peaks)


def reset_peaks(browser: Browser) -> None:
    """Forgets the memory that the processes had before."""
    for process in descendants(browser.process):
        try:
            Path(f"/proc/{process}/clear_refs").write_text("5")
        except OSError:
            continue


def keep(name: str, content: bytes) -> None:
    """Keeps a file to look at where PICTURES says."""
    folder = os.environ.get("PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / name).write_bytes(content)


def keep_picture(browser: Browser, name: str) -> None:
    """Keeps a screenshot where PICTURES says."""
    if os.environ.get("PICTURES"):
        keep(f"{name}.png", browser.screenshot())


def quiet_environment(home: Path, **more: str) -> dict[str, str]:
    """An environment whose programs find neither the settings nor the network of whoever runs the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "DISPLAY", "LANG") if name in os.environ}
    return {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "NO_AT_BRIDGE": "1", **more}
