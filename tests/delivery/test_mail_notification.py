"""A notification of any mail server gives our Message-ID, what became of the mail, and a code."""

import pytest

from dsar_export.delivery.mail_notification import LARGEST, notification_in
from dsar_export.errors import WrongUseError
from dsar_export.model.mail import Delivery, Notification
from tests.notifications import MAIL_ID, SHAPES, Report, by_envelope, exchange, postfix

every_shape = pytest.mark.parametrize("shape", SHAPES)


def read(text: str) -> Notification:
    return notification_in(text.encode())


@every_shape
def test_a_mail_that_failed_is_found_with_its_status(shape: str) -> None:
    assert read(SHAPES[shape](Report())) == Notification((MAIL_ID,), Delivery.FAILED, "5.1.1")


@every_shape
def test_line_ends_of_the_network_make_no_difference(shape: str) -> None:
    assert read(SHAPES[shape](Report()).replace("\n", "\r\n")) == read(SHAPES[shape](Report()))


@every_shape
@pytest.mark.parametrize(
    ("action", "delivery"),
    [
        ("delayed", Delivery.DELAYED),
        ("delivered", Delivery.DELIVERED),
        ("relayed", Delivery.DELIVERED),
        ("expanded", Delivery.DELIVERED),
    ],
)
def test_what_is_only_delayed_or_delivered_has_no_status(shape: str, action: str, delivery: Delivery) -> None:
    assert read(SHAPES[shape](Report(action=action, status="4.4.1"))) == Notification((MAIL_ID,), delivery)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("4.4.7", "4.4.7"),
        ("5.1.1 (bad mailbox)", "5.1.1"),
        ("5.1.1.1", "5.0.0"),
        ("550", "5.0.0"),
        ("", "5.0.0"),
    ],
)
def test_a_status_is_a_code_and_nothing_else(written: str, status: str) -> None:
    assert read(postfix(Report(status=written))).status == status


def test_an_action_counts_however_it_is_written() -> None:
    assert read(exchange(Report(action="Failed"))).delivery is Delivery.FAILED


@pytest.mark.parametrize("foreign", ["<abc@example.org>", "<>", "none", f"<{MAIL_ID}@a> <{MAIL_ID}@b>"])
def test_a_message_id_that_is_not_of_our_form_is_none(foreign: str) -> None:
    assert read(postfix(Report()).replace(f"<{MAIL_ID}@example.org>", foreign)).mail_ids == ()


def test_a_notification_about_a_notification_is_about_the_outer_one() -> None:
    inner = postfix(Report())
    outer = by_envelope(Report("f" * 32)).replace(
        "\n--b--", f"\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--"
    )
    assert read(outer).mail_ids == ("f" * 32,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Subject: Re: your letter\n\nThank you!\n",
        "Content-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b--\n",
        postfix(Report()).replace("report-type=delivery-status", "report-type=disposition-notification"),
        "Content-Type: message/rfc822\n\n" + postfix(Report()).split("\n", 1)[1],
        "Content-Type: multipart/report; report-type*=utf-99''delivery-status; boundary=b\n\n--b\n",
        "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2_000)),
        "\x00\xff" * 100,
    ],
    ids=["empty", "reply", "no type", "read receipt", "forwarded", "charset", "deep", "bytes"],
)
def test_anything_else_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(WrongUseError, match="no delivery status notification") as refusal:
        read(text)
    assert "\n" not in str(refusal.value)


def test_what_is_larger_than_any_mail_is_not_read() -> None:
    with pytest.raises(WrongUseError, match="no delivery status notification"):
        notification_in(postfix(Report()).encode() + b"x" * LARGEST)


def test_a_torn_notification_says_what_it_still_has() -> None:
    whole = postfix(Report())
    for end in range(0, len(whole), 97):
        try:
            found = read(whole[:end])
        except WrongUseError:
            continue
        assert found.mail_ids in {(), (MAIL_ID,)}
