"""A change writes one message for each webhook in its own transaction; one sender at a time has it, for three days."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from dsar_export.errors import StaleError, StateError, TamperedError, WrongUseError
from dsar_export.model.request import Right
from dsar_export.model.webhook import Settled
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import Installation
from dsar_export.requests.states import Action, State
from dsar_export.requests.transitions import erase_request, move
from dsar_export.requests.webhook_messages import (
    BACKOFF,
    LEASE,
    MOST_ATTEMPTS,
    ClaimedMessage,
    claim,
    park_interrupted,
    parked_since,
    settle,
    somebody_waits,
    unpark,
)
from dsar_export.requests.webhook_tables import MESSAGES, WEBHOOKS
from dsar_export.requests.webhooks import (
    ListedWebhook,
    Target,
    Webhook,
    add_webhook,
    end_webhook,
    list_webhooks,
    target_of,
)
from tests.requests.at_once import at_once
from tests.requests.installations import AT, REFERENCE, opened, put

URL = "https://portal.example.org/URL-MARKER"
TARGET = Target(URL, b"SECRET-MARKER")
MOMENT = timedelta(microseconds=1)
EVEN = 1.0


def made(
    installation: Installation,
    name: str = "portal",
    controllers: tuple[str, ...] = ("acme",),
    states: tuple[State, ...] = (),
) -> None:
    with writing(installation.engine) as connection:
        add_webhook(connection, installation.vault, Webhook(name, controllers, states, AT, "fay"), TARGET)


def cancelled(installation: Installation, reference: str = REFERENCE, **details: object) -> None:
    version = opened(installation, reference, **details)
    with writing(installation.engine) as connection:
        move(connection, reference, version, Action.CANCEL, AT)


def taken(installation: Installation, at: datetime = AT, *without: str) -> ClaimedMessage | None:
    with writing(installation.engine) as connection:
        return claim(connection, at, frozenset(without))


def claimed(installation: Installation, at: datetime = AT) -> ClaimedMessage:
    found = taken(installation, at)
    assert found is not None
    return found


def settled(
    installation: Installation, message: ClaimedMessage, failure: str | None, at: datetime = AT
) -> Settled | None:
    with writing(installation.engine) as connection:
        return settle(connection, message, failure, at, EVEN)


def webhooks_of_messages(installation: Installation) -> list[str]:
    with reading(installation.engine) as connection:
        return sorted(connection.scalars(select(MESSAGES.c.webhook)))


def the_webhook(installation: Installation) -> ListedWebhook:
    with reading(installation.engine) as connection:
        (found,) = list_webhooks(connection, installation.vault)
    return found


def test_a_change_says_where_the_request_stands_and_nothing_of_the_person(installation: Installation) -> None:
    made(installation)
    cancelled(installation, rights=(Right.ACCESS, Right.PORTABILITY))
    message = claimed(installation)
    assert (message.webhook, message.reference, message.attempt) == ("portal", REFERENCE, 1)
    assert message.message_id.startswith("msg_")
    assert json.loads(message.body) == {
        "type": "request.state_changed",
        "timestamp": AT.isoformat(),
        "data": {
            "reference": REFERENCE,
            "state": "cancelled",
            "rights": ["access", "portability"],
            "controller": "acme",
        },
    }


def test_each_webhook_of_the_controller_that_wants_the_state_gets_one(installation: Installation) -> None:
    made(installation, "all")
    made(installation, "both", ("beta", "acme"), (State.CANCELLED, State.CLOSED))
    made(installation, "other-state", states=(State.CLOSED,))
    made(installation, "other-controller", ("beta",))
    made(installation, "ended")
    with writing(installation.engine) as connection:
        assert end_webhook(connection, "ended", AT)
    cancelled(installation)
    assert webhooks_of_messages(installation) == ["all", "both"]


def test_another_attempt_in_the_same_state_is_no_change(installation: Installation) -> None:
    made(installation)
    version = opened(installation)
    with writing(installation.engine) as connection:
        put(connection, installation, State.COLLECTING, lease_until=AT - MOMENT)
        move(connection, REFERENCE, version, Action.COLLECT, AT, collected_by="ada", lease_until=AT)
    assert webhooks_of_messages(installation) == []


def test_a_change_that_fails_leaves_no_message(installation: Installation) -> None:
    made(installation)
    version = opened(installation)

    def undone() -> None:
        with writing(installation.engine) as connection:
            move(connection, REFERENCE, version, Action.CANCEL, AT)
            raise KeyError

    with pytest.raises(KeyError):
        undone()
    with pytest.raises(StaleError), writing(installation.engine) as connection:
        move(connection, REFERENCE, version + 1, Action.CANCEL, AT)
    with pytest.raises(StateError), writing(installation.engine) as connection:
        move(connection, REFERENCE, version, Action.CLOSE, AT)
    assert webhooks_of_messages(installation) == []


def test_one_sender_has_a_message_until_it_is_settled(installation: Installation) -> None:
    made(installation)
    cancelled(installation)
    message = claimed(installation)
    assert taken(installation, AT + LEASE) is None
    assert settled(installation, message, None) is Settled.DELIVERED
    assert webhooks_of_messages(installation) == []


TAKES = f"""
from datetime import datetime
from dsar_export.requests.webhook_messages import claim
at = datetime.fromisoformat({AT.isoformat()!r})
for _ in range(9):
    with writing(engine) as connection:
        found = claim(connection, at, frozenset())
    if found is not None:
        print(found.message_id)
"""


def test_two_senders_at_once_never_have_the_same_message(installation: Installation) -> None:
    for number in range(9):
        made(installation, f"portal-{number}")
    cancelled(installation)
    found = [line for output in at_once(installation, 2, TAKES) for line in output.split()]
    assert len(found) == len(set(found)) == 9


def test_what_a_killed_sender_had_is_taken_up_again_under_its_id(installation: Installation) -> None:
    made(installation)
    cancelled(installation)
    killed = claimed(installation)
    again = claimed(installation, AT + LEASE + MOMENT)
    assert (again.message_id, again.body, again.attempt) == (killed.message_id, killed.body, 2)
    assert (
        settled(installation, killed, "timeout") is None
    )  # it lost the message, so only success would count
    assert taken(installation, AT + LEASE + MOMENT) is None
    assert settled(installation, killed, None) is Settled.DELIVERED
    assert settled(installation, again, "http_500") is None
    assert webhooks_of_messages(installation) == []


def test_a_message_is_tried_for_about_three_days_and_then_parked(installation: Installation) -> None:
    made(installation)
    cancelled(installation)
    at, ids = AT, set()
    for wait in BACKOFF:
        message = claimed(installation, at)
        ids.add(message.message_id)
        assert settled(installation, message, "http_500", at) is Settled.TRIED_AGAIN
        assert taken(installation, at + wait - MOMENT) is None
        at += wait
    last = claimed(installation, at)
    assert last.attempt == MOST_ATTEMPTS
    assert ids == {last.message_id}
    assert timedelta(days=3) < at - AT < timedelta(days=3.5)
    assert settled(installation, last, "http_503", at) is Settled.PARKED
    assert taken(installation, at + timedelta(days=99)) is None
    listed = the_webhook(installation)
    assert (listed.waiting, listed.parked, listed.failure) == (0, 1, "http_503")
    with reading(installation.engine) as connection:
        assert parked_since(connection) == {REFERENCE: at}


def test_jitter_stretches_the_wait(installation: Installation) -> None:
    made(installation)
    cancelled(installation)
    message = claimed(installation)
    with writing(installation.engine) as connection:
        settle(connection, message, "http_500", AT, 1.2)
    assert taken(installation, AT + BACKOFF[0]) is None
    claimed(installation, AT + BACKOFF[0] * 1.2)


def test_a_sender_that_was_killed_at_the_last_attempt_parks_the_message(installation: Installation) -> None:
    made(installation)
    cancelled(installation)
    at = AT
    for _ in range(MOST_ATTEMPTS):
        claimed(installation, at)
        at += LEASE + MOMENT
    with writing(installation.engine) as connection:
        assert somebody_waits(connection, at)
        assert park_interrupted(connection, at - LEASE - MOMENT) == ()
        assert park_interrupted(connection, at) == (("portal", REFERENCE),)
        assert not somebody_waits(connection, at)
    assert the_webhook(installation).failure == "interrupted"


def test_what_is_parked_is_tried_again_on_demand_under_its_id(installation: Installation) -> None:
    made(installation)
    cancelled(installation)
    at = AT
    for _ in range(MOST_ATTEMPTS):
        message = claimed(installation, at)
        at += LEASE + MOMENT
    with writing(installation.engine) as connection:
        park_interrupted(connection, at)
        assert unpark(connection, at) == 1
    again = claimed(installation, at)
    assert (again.message_id, again.attempt) == (message.message_id, 1)
    assert the_webhook(installation).parked == 0


def test_a_failing_webhook_can_be_left_alone(installation: Installation) -> None:
    made(installation, "one")
    made(installation, "two")
    cancelled(installation)
    found = taken(installation, AT, "one")
    assert found is not None
    assert found.webhook == "two"
    assert taken(installation, AT, "one", "two") is None


def test_an_erased_request_takes_its_messages_along(installation: Installation) -> None:
    made(installation)
    cancelled(installation)
    message = claimed(installation)
    with writing(installation.engine) as connection:
        erase_request(connection, REFERENCE, 2)
    assert settled(installation, message, None) is None
    assert webhooks_of_messages(installation) == []


def test_an_ended_webhook_is_wiped_and_its_name_stays_taken(installation: Installation) -> None:
    made(installation)
    cancelled(installation)
    with writing(installation.engine) as connection:
        assert end_webhook(connection, "portal", AT)
        assert not end_webhook(connection, "portal", AT)
        assert connection.scalar(select(func.count()).select_from(MESSAGES)) == 0
        row = connection.execute(select(WEBHOOKS)).mappings().one()
    assert (row["url_sealed"], row["secret_sealed"], row["ended_at"]) == (None, None, AT)
    with pytest.raises(WrongUseError, match="choose another"):
        made(installation)


def test_url_and_secret_are_sealed_to_their_own_row(installation: Installation) -> None:
    made(installation)
    made(installation, "other")
    with writing(installation.engine) as connection:
        assert target_of(connection, installation.vault, "portal") == TARGET
        assert "MARKER" not in repr(connection.execute(select(WEBHOOKS)).all())
        assert "MARKER" not in repr(target_of(connection, installation.vault, "portal"))
        assert "MARKER" not in repr(list_webhooks(connection, installation.vault))
        sealed = connection.scalar(select(WEBHOOKS.c.url_sealed).where(WEBHOOKS.c.name == "other"))
        connection.execute(WEBHOOKS.update().where(WEBHOOKS.c.name == "portal").values(url_sealed=sealed))
        with pytest.raises(TamperedError):
            target_of(connection, installation.vault, "portal")
