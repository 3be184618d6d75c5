"""So many in each minute for each name, and a household with IPv6 is one address."""

import pytest

from dsar_export.web.clients import who_asks
from dsar_export.web.limits import Limits


def test_so_many_in_each_minute_for_each_name() -> None:
    now = 100.0
    limits = Limits(2, lambda: now)
    assert [limits.wait("a") for _ in range(3)] == [None, None, 60]
    assert limits.wait("b") is None
    now += 59.5
    assert limits.wait("a") == 1
    now += 0.5
    assert limits.wait("a") is None


@pytest.mark.parametrize(
    ("client", "network"),
    [("2001:db8::1", "2001:db8::/64"), ("::ffff:192.0.2.1", "192.0.2.1"), ("unix", "unix")],
)
def test_whoever_has_a_network_is_counted_as_one(client: str, network: str) -> None:
    assert who_asks(client) == network
