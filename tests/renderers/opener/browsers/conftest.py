"""Each browser is started once; packages are made once."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.renderers.opener.browsers import chromium, firefox, webkit
from tests.renderers.opener.browsers.browser import Browser, StartBrowser
from tests.renderers.opener.browsers.reader import Reader
from tests.renderers.opener.browsers.serving import Listener, listening, served_page

BROWSERS: Mapping[str, tuple[Callable[[], str | None], StartBrowser, str]] = {
    "chromium": (chromium.installed, chromium.started, "chromium"),
    "firefox": (firefox.installed, firefox.started, "firefox-esr"),
    "webkit": (webkit.installed, webkit.started, "webkit2gtk-driver and xvfb"),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what takes long, except in `make browsers`."""
    if os.environ.get("BROWSERS") == "long":
        return
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    left_out = [
        item
        for item in here
        if item.get_closest_marker("long")
        or (item.get_closest_marker("one_browser") and "chromium" not in item.nodeid)
    ]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="package", params=BROWSERS)
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser, for all tests of this folder."""
    installed, start, debian = BROWSERS[request.param]
    if installed() is None:
        pytest.skip(f"{request.param} is not installed (Debian: {debian})")
    with start(tmp_path_factory.mktemp(request.param) / "profile") as started:
        yield started


@pytest.fixture
def reader(browser: Browser) -> Reader:
    """Somebody who reads with that browser."""
    return Reader(browser)


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    """A server that nobody should connect to."""
    with listening() as listener:
        yield listener


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The address of the page on a server."""
    with served_page() as address:
        yield address


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for packages."""
    return tmp_path_factory.mktemp("packages")
