"""The progress of work is streamed while somebody works on a request, and ends with it."""

import json
from contextlib import closing

import httpx
import pytest
from sqlalchemy import insert, update

from dsar_export.model.api import Scope
from dsar_export.model.work import Task, Work
from dsar_export.requests.database import writing
from dsar_export.requests.work_tables import WORK
from dsar_export.use_cases.api_tokens import revoke_token
from dsar_export.web.progress_stream import PER_WATCHER
from tests.web.api.conftest import Portal, portal
from tests.web.api.test_requests import problem
from tests.web.served import SECONDS, Served


def at_work(shop: Served) -> str:
    """A request of which a worker reads a dataset."""
    reference, office = shop.available(), shop.parcels.office
    work = Work(reference, Task.BUILD, "ada", office.now, office.now, dataset="orders", rows=10)
    with writing(shop.desk.engine) as connection:
        connection.execute(insert(WORK).values(vars(work)))
    return reference


def change(shop: Served, reference: str, **values: object) -> None:
    with writing(shop.desk.engine) as connection:
        connection.execute(update(WORK).where(WORK.c.reference == reference).values(values))


def watching(asking: Portal, client: httpx.Client, reference: str) -> httpx.Response:
    address = f"http://127.0.0.1:{asking.shop.port}/api/v1/requests/{reference}/progress"
    bearer = {"Authorization": f"Bearer {asking.token}"}
    return client.send(client.build_request("GET", address, headers=bearer), stream=True)


@pytest.fixture
def client() -> httpx.Client:
    return httpx.Client(timeout=SECONDS, trust_env=False)


def test_each_change_is_an_event_and_the_last_one_is_the_end(shop: Served, client: httpx.Client) -> None:
    reference, asking = at_work(shop), portal(shop, Scope.READ)
    with client, closing(watching(asking, client, reference)) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        first = json.loads(next(lines).removeprefix("data: "))
        assert first == {"state": "available", "attempt": 1, "dataset": "orders", "records": 10}
        change(shop, reference, rows=25)
        assert next(json.loads(line[6:]) for line in lines if line)["records"] == 25
        change(shop, reference, parked_at=shop.parcels.office.now)
        rest = [line for line in lines if line]
    assert rest[0] == "event: end"
    assert json.loads(rest[1].removeprefix("data: "))["records"] == 25


def test_a_request_that_nobody_works_on_ends_at_once(shop: Served) -> None:
    answer = portal(shop, Scope.READ).ask("GET", f"/requests/{shop.available()}/progress")
    assert answer.text.startswith("event: end\n")


def test_one_token_watches_so_many_at_once_and_a_revoked_one_none(shop: Served, client: httpx.Client) -> None:
    reference, asking = at_work(shop), portal(shop, Scope.READ)
    with client:
        open_ones = [watching(asking, client, reference) for _ in range(PER_WATCHER)]
        for each in open_ones:
            assert each.status_code == 200
        assert "too many watch" in problem(asking.ask("GET", f"/requests/{reference}/progress"), 503)
        revoke_token(shop.parcels.desk("fay"), asking.name)
        for each in open_ones:
            assert "event: end" not in each.read().decode()
