"""A token that asks too often waits; others do not."""

from pathlib import Path

from tests.web.api.conftest import Portal, portal
from tests.web.conftest import parcels_in
from tests.web.served import served


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
