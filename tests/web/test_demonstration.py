"""The pages of a demo are in a demo alone."""

import pytest

from tests.web.served import Served


@pytest.mark.parametrize("path", ["/demo", "/demo/outbox"])
def test_no_installation_has_the_pages_of_a_demo(path: str, shop: Served) -> None:
    assert shop.get(path).status == 404
