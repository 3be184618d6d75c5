"""One served site for the tests of a module, on SQLite with stores in folders."""

from collections.abc import Iterator

import pytest

from tests.sites import site_in
from tests.web.served import Served, served


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Served in this process; its clock is moved by no test but by those that make their own."""
    with site_in(tmp_path_factory.mktemp("site"), None) as site, served(site) as made:
        yield made


@pytest.fixture(scope="module")
def reference(shop: Served) -> str:
    """A request of the shop with packages."""
    return shop.available()
