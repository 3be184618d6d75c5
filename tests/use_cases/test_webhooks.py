"""Other systems are notified of each change, by real receivers that fail in every way, and staff see what failed."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from dsar_export.delivery.webhook_post import WebhookPost
from dsar_export.errors import NotPermittedError, RegisterError, WrongUseError
from dsar_export.model.inbox import Why
from dsar_export.model.webhook import Settled, WebhookCall, listed_networks
from dsar_export.requests import trail
from dsar_export.requests.database import reading, writing
from dsar_export.requests.states import State
from dsar_export.requests.webhook_messages import BACKOFF, LEASE, MOST_ATTEMPTS
from dsar_export.requests.webhook_tables import MESSAGES
from dsar_export.requests.webhooks import Webhook
from dsar_export.use_cases.decide import cancel
from dsar_export.use_cases.inbox import inbox
from dsar_export.use_cases.send_webhooks import Sent, jitter, send_as_staff, send_messages
from dsar_export.use_cases.upkeep import accept_restored
from dsar_export.use_cases.webhooks import WebhookOrder, known_webhooks, make_webhook, stop_webhook
from tests.use_cases.office_checks import check_trail, trail_actions
from tests.use_cases.offices import MARKERS, Office
from tests.webhook_receivers import FAILS, OK, receiver

LOOPBACK = listed_networks("127.0.0.0/8")
POST = WebhookPost(LOOPBACK)
HASTY = WebhookPost(LOOPBACK, seconds=0.4)
MANY = 20


def made(office: Office, url: str, name: str | None = "portal", *states: State, by: str = "fay") -> Webhook:
    order = WebhookOrder(url, ("acme",), states, name)
    return make_webhook(office.desk(by), office.services.register, order, LOOPBACK).webhook


def sent(office: Office, post: Callable[[WebhookCall], str | None] = POST) -> dict[Settled, int]:
    return dict(send_as_staff(office.desk("ada"), post, MANY).ended)


def waiting(office: Office) -> int:
    with reading(office.installation.engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(MESSAGES)) or 0)


def cancelled(office: Office) -> str:
    reference = office.opened("ada", "email=sam@example.org")
    cancel(office.desk("ada"), reference)
    return reference


def given_up(office: Office) -> str:
    """The reference of a request about which a message is parked."""
    reference = office.verified()
    for wait in (*BACKOFF, LEASE):
        sent(office)
        office.now += wait * 1.3
    return reference


def test_a_request_is_followed_from_verification_to_delivery(each_office: Office) -> None:
    with receiver() as running:
        made(each_office, running.url())
        reference = each_office.approved()
        with each_office.built("ada", reference):
            pass
        assert sent(each_office) == {Settled.DELIVERED: 6}
        assert sent(each_office) == {}
        bodies = [each.body for each in running.received]
    states = ["verified", "collecting", "in_review", "approved", "building", "available"]
    assert [state for state in states if any(f'"state":"{state}"' in body for body in bodies)] == states
    assert all(reference in body for body in bodies)
    assert not [marker for marker in MARKERS if any(marker in body for body in bodies)]
    assert len(set(running.ids())) == 6
    assert waiting(each_office) == 0
    check_trail(each_office)


@pytest.mark.parametrize(
    "fault", [FAILS, "hang", "cut", "drip", "302 Found\r\nlocation: http://127.0.0.1:1/"]
)
def test_what_failed_is_tried_again_under_its_id(fault: str, office: Office) -> None:
    with receiver(fault, OK) as running:
        made(office, running.url())
        office.verified()
        assert sent(office, HASTY) == {Settled.TRIED_AGAIN: 1}
        assert sent(office) == {}  # not yet
        (listed,) = known_webhooks(office.desk("ada"))
        assert (listed.waiting, listed.parked) == (1, 0)
        office.now += BACKOFF[0] * 1.2
        assert sent(office) == {Settled.DELIVERED: 1}
        first, second = running.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]  # of another moment


def test_a_webhook_that_fails_is_left_alone_in_this_run_and_delays_no_other(office: Office) -> None:
    with receiver(FAILS) as broken, receiver() as sound:
        made(office, broken.url(), "broken")
        made(office, sound.url(), "sound")
        for _ in range(3):
            office.verified()
        assert sent(office) == {Settled.TRIED_AGAIN: 1, Settled.DELIVERED: 3}
        assert len(broken.received) == 1


def test_what_is_parked_stands_in_the_inbox_and_in_the_list_until_it_is_sent(each_office: Office) -> None:
    with receiver(FAILS) as running:
        made(each_office, running.url())
        reference = given_up(each_office)
        assert len(running.received) == MOST_ATTEMPTS
        assert len(set(running.ids())) == 1
        running.answers = [OK]
        assert sent(each_office) == {}
        (listed,) = known_webhooks(each_office.desk("ada"))
        assert (listed.waiting, listed.parked, listed.failure) == (0, 1, "http_500")
        assert trail_actions(each_office).count("park_webhook") == 1
        assert (reference, Why.WEBHOOK_PARKED) in whys(each_office, "ada")
        assert whys(each_office, "bea") == set()
        again = send_as_staff(each_office.desk("ada"), POST, MANY, parked=True)
        assert again == Sent({Settled.DELIVERED: 1})
    assert (reference, Why.WEBHOOK_PARKED) not in whys(each_office, "ada")
    assert "retry_webhooks" in trail_actions(each_office)
    check_trail(each_office)


def whys(office: Office, by: str) -> set[tuple[str, Why]]:
    items = inbox(office.desk(by), office.services.register)
    return {(item.reference, each.why) for item in items for each in item.waiting}


def test_what_is_parked_about_a_request_that_has_ended_stands_in_the_inbox_too(office: Office) -> None:
    with receiver(FAILS) as running:
        made(office, running.url(), "portal", State.CANCELLED)
        reference = cancelled(office)
        for wait in (*BACKOFF, LEASE):
            sent(office)
            office.now += wait * 1.3
    assert whys(office, "ada") == {(reference, Why.WEBHOOK_PARKED)}


@dataclass
class Watching:
    """A sender in the middle of whose attempt another one runs."""

    office: Office
    calls: list[WebhookCall] = field(default_factory=list)
    others: list[dict[Settled, int]] = field(default_factory=list)

    def __call__(self, call: WebhookCall) -> str | None:
        self.calls.append(call)
        if len(self.calls) == 1:
            self.others.append(sent(self.office, self))  # waits for nobody: no transaction is open
        return None


def test_two_senders_at_once_send_each_message_once(each_office: Office) -> None:
    made(each_office, "https://portal.example.org/hook")
    each_office.verified()
    each_office.verified()
    watching = Watching(each_office)
    assert sent(each_office, watching) == {Settled.DELIVERED: 1}
    assert watching.others == [{Settled.DELIVERED: 1}]
    assert len({call.message_id for call in watching.calls}) == len(watching.calls) == 2


def test_an_ended_webhook_gets_nothing_more(office: Office) -> None:
    with receiver() as running:
        made(office, running.url())
        office.verified()
        stop_webhook(office.desk("fay"), "portal")
        office.verified()
        assert sent(office) == {}
        assert running.received == []
    (listed,) = known_webhooks(office.desk("ada"))
    assert (listed.url, listed.waiting) == (None, 0)
    with pytest.raises(WrongUseError, match="has ended"):
        stop_webhook(office.desk("fay"), "portal")
    assert [each for each in trail_actions(office) if "webhook" in each] == ["add_webhook", "end_webhook"]


def test_only_administrators_make_and_end_webhooks_and_only_posters_send(office: Office) -> None:
    for name in ("ada", "ray", "aud", "nia"):
        with pytest.raises(NotPermittedError):
            made(office, "https://portal.example.org/hook", by=name)
    made(office, "https://portal.example.org/hook")
    with pytest.raises(NotPermittedError):
        stop_webhook(office.desk("ada"), "portal")
    with pytest.raises(NotPermittedError):
        send_as_staff(office.desk("ray"), POST, MANY)


def test_a_wrong_order_is_refused(office: Office) -> None:
    register = office.services.register
    wrong = (
        WebhookOrder("http://portal.example.org/", ("acme",)),
        WebhookOrder("https://portal.example.org/", ()),
        WebhookOrder("https://portal.example.org/", ("acme",), (), "with blank"),
        WebhookOrder("https://portal.example.org/", ("nowhere",)),
    )
    for order in wrong:
        with pytest.raises((WrongUseError, RegisterError)):
            make_webhook(office.desk("fay"), register, order, ())
    assert known_webhooks(office.desk("fay")) == ()


def test_a_webhook_without_a_name_gets_one(office: Office) -> None:
    assert made(office, "https://portal.example.org/", None).name == "webhook-1"
    assert made(office, "https://portal.example.org/", None).name == "webhook-2"


def test_nothing_is_sent_while_the_trail_does_not_go_on_and_accepting_it_ends_all(office: Office) -> None:
    with receiver() as running:
        made(office, running.url())
        office.verified()
        with office.desk("fay").acting() as act:
            act.append("probe", None, None, {})
        with writing(office.installation.engine) as connection:  # as an earlier backup is
            connection.exec_driver_sql("DELETE FROM trail WHERE action = 'probe'")
        with pytest.raises(WrongUseError, match="database restored"):
            send_messages(office.desk("ada"), POST, MANY)
        with reading(office.installation.engine) as connection:
            verdict = trail.verify(connection, office.installation.keys.trail, office.anchor)
        accept_restored(office.desk("fay"), verdict)
        assert sent(office) == {}
        assert running.connections == 0
    (listed,) = known_webhooks(office.desk("fay"))
    assert listed.ended_at is not None


def test_a_message_that_can_not_be_signed_is_tried_again_and_the_others_go_on(office: Office) -> None:
    with receiver() as running:
        made(office, running.url(), "damaged")
        made(office, running.url(), "sound")
        office.verified()
        with writing(office.installation.engine) as connection:
            connection.exec_driver_sql(
                "UPDATE webhooks SET secret_sealed = url_sealed WHERE name = 'damaged'"
            )
        assert sent(office) == {Settled.TRIED_AGAIN: 1, Settled.DELIVERED: 1}
    failures = {each.webhook.name: each.failure for each in known_webhooks(office.desk("ada"))}
    assert failures == {"damaged": "unreadable", "sound": None}


def test_jitter_stays_within_a_fifth() -> None:
    found = [jitter() for _ in range(500)]
    assert 0.8 <= min(found) < 0.9
    assert 1.1 < max(found) <= 1.2


def test_nothing_to_send_takes_no_turn_of_the_trail(office: Office) -> None:
    made(office, "https://portal.example.org/hook")
    before = trail_actions(office)
    with office.desk("fay").acting():  # nobody else could write now
        assert send_messages(office.desk("ada"), POST, MANY) == Sent({})
    assert trail_actions(office) == before
