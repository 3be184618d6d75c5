"""A portal that runs Dramatiq already: its own actor opens a request, and wakes the workers of dsar-export.

The broker, the queue and the actor are the portal's own. The worker process runs as a user account that `people add`
knows as an agent, with DSAR_REGISTER and the other settings of the workers in its environment.
"""

from datetime import UTC, datetime

import dramatiq

from dsar_export.model.intake import Channel
from dsar_export.model.request import Identifier, Right
from dsar_export.settings import Settings, read_settings
from dsar_export.use_cases.ask import ask_to_collect
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.take_in import Intake, take_in
from dsar_export.wiring import register_in
from dsar_export.wiring.desk import open_existing_desk
from dsar_export.wiring.waking import waker_in

CONTROLLER = "acme"


def answer(settings: Settings, customer_id: str, session_id: str) -> str:
    """Opens a request of a customer who is signed in, and has a worker collect it; returns its reference."""
    if settings.register_folder is None:
        raise RuntimeError("name the register's folder in DSAR_REGISTER")
    register = register_in(settings.register_folder)
    desk = open_existing_desk(settings)
    try:
        customer = Identifier("customer_id", customer_id)
        intake = Intake((Right.ACCESS,), CONTROLLER, Channel.PORTAL, datetime.now(UTC), (customer,))
        reference = take_in(desk, register, intake).reference
        prove_by_evidence(desk, register, reference, "portal_session", f"signed in, session {session_id}")
        ask_to_collect(desk, register, reference, CollectOrder(), waker_in(settings))
    finally:
        desk.engine.dispose()
    return reference


def declare(broker: dramatiq.Broker) -> dramatiq.Actor[[str, str], None]:
    """The portal's actor, on a queue of its own."""

    def answer_customer(customer_id: str, session_id: str) -> None:
        answer(read_settings(), customer_id, session_id)

    return dramatiq.Actor(
        answer_customer,
        broker=broker,
        actor_name="answer_customer",
        queue_name="portal",
        priority=0,
        options={},
    )
