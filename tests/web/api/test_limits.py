"""A token that asks too often waits; others do not."""

from pathlib import Path

from dsar_export.web.api.limits import Limits
from tests.web.api.conftest import Portal, portal
from tests.web.conftest import parcels_in
from tests.web.served import served


def test_so_many_in_each_minute_for_each_name() -> None:
    now = 100.0
    limits = Limits(2, lambda: now)
    assert [limits.wait("a") for _ in range(3)] == [None, None, 60]
    assert limits.wait("b") is None
    now += 59.5
    assert limits.wait("a") == 1
    now += 0.5
    assert limits.wait("a") is None


def test_a_token_gets_a_problem_that_says_how_long_to_wait(reached: Path, tmp_path: Path) -> None:
    parcels = parcels_in(tmp_path, reached)
    with served(parcels, api_requests_per_minute=2) as shop:
        asking = portal(shop)
        *answers, refused = [asking.ask("GET", "/requests") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert refused.headers["content-type"] == "application/problem+json"
        assert portal(shop).ask("GET", "/requests").status_code == 200
        statuses = [Portal(shop, "dsar_wrong").ask("GET", "/requests").status_code for _ in range(3)]
        assert statuses == [401, 401, 429]
    parcels.office.installation.engine.dispose()
