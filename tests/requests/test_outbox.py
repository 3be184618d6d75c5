"""A mail is taken by one sender at a time, never leaves more often than its kind allows, and is wiped at its end."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from dsar_export.errors import TamperedError
from dsar_export.model.mail import Mail, MailKind, MailState, Posted, PostResult
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import Installation
from dsar_export.requests.outbox import (
    BACKOFF,
    LEASE,
    ClaimedMail,
    Envelope,
    ListedMail,
    claim,
    contact_index,
    end_overdue,
    list_mails,
    open_mail,
    queue,
    settle,
    unsent_mails,
)
from dsar_export.requests.states import Action
from dsar_export.requests.tables import OUTBOX
from dsar_export.requests.transitions import erase_request, move
from tests.replacing import replace
from tests.requests.at_once import at_once
from tests.requests.installations import AT, REFERENCE, opened

MAIL = Mail("Sam@example.org", "SUBJECT-MARKER", "TEXT-MARKER \ud800", "en-GB")
LASTS = timedelta(days=2)
SENT, PERHAPS = PostResult(Posted.SENT), PostResult(Posted.PERHAPS_SENT, "connection")
REFUSED, AGAIN = PostResult(Posted.REFUSED, "smtp_550"), PostResult(Posted.TRY_AGAIN, "smtp_451")
MINUTE = timedelta(minutes=1)


def queued(installation: Installation, kind: MailKind = MailKind.LETTER, lasts: timedelta = LASTS) -> str:
    with writing(installation.engine) as connection:
        return queue(connection, installation.vault, MAIL, Envelope(kind, None, AT, AT + lasts))


def claimed(installation: Installation, at: datetime = AT) -> ClaimedMail | None:
    with writing(installation.engine) as connection:
        return claim(connection, at)


def taken(installation: Installation, at: datetime = AT) -> ClaimedMail:
    found = claimed(installation, at)
    assert found is not None
    return found


def settled(
    installation: Installation, mail: ClaimedMail, result: PostResult, at: datetime = AT
) -> MailState | None:
    with writing(installation.engine) as connection:
        return settle(connection, mail, result, at)


def ended(installation: Installation, at: datetime) -> list[MailState]:
    with writing(installation.engine) as connection:
        return [mail.state for mail in end_overdue(connection, at)]


def the_mail(installation: Installation) -> ListedMail:
    with reading(installation.engine) as connection:
        (found,) = list_mails(connection)
    return found


def is_wiped(installation: Installation) -> bool:
    with reading(installation.engine) as connection:
        return connection.scalars(select(OUTBOX.c.mail_sealed)).all() == [None]


def test_a_mail_waits_sealed_and_comes_back_whole(installation: Installation) -> None:
    mail_id = queued(installation)
    with reading(installation.engine) as connection:
        row = repr(tuple(connection.execute(select(OUTBOX)).one()))
    for secret in ("MARKER", "example.org"):
        assert secret not in row
    found = taken(installation)
    assert (found.mail_id, found.attempt, found.postmark.at) == (mail_id, 1, AT)
    assert open_mail(installation.vault, found) == MAIL
    assert "MARKER" not in repr(found)


def test_a_mail_that_was_moved_to_another_row_does_not_open(installation: Installation) -> None:
    queued(installation)
    moved = replace(taken(installation), mail_id="another")
    with pytest.raises(TamperedError):
        open_mail(installation.vault, moved)


def test_a_transaction_that_fails_leaves_no_mail(installation: Installation) -> None:
    def fails() -> None:
        with writing(installation.engine) as connection:
            queue(connection, installation.vault, MAIL, Envelope(MailKind.CODE, None, AT, AT + LASTS))
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert claimed(installation) is None


def test_the_mails_to_an_address_are_found_however_it_is_written(installation: Installation) -> None:
    queued(installation)
    with reading(installation.engine) as connection:
        held = connection.scalar(select(OUTBOX.c.contact_index))
    assert held == contact_index(installation.vault, "sam@EXAMPLE.org")
    assert held != contact_index(installation.vault, "robin@example.org")


def test_a_sent_mail_is_wiped_and_never_sent_again(installation: Installation) -> None:
    queued(installation)
    assert settled(installation, taken(installation), SENT) is MailState.SENT
    assert is_wiped(installation)
    for at in (AT - timedelta(days=1), AT, AT + timedelta(days=1)):
        assert claimed(installation, at) is None
        assert ended(installation, at) == []
    assert the_mail(installation).ended_at == AT


def test_a_clock_that_is_set_back_sends_nothing_twice(installation: Installation) -> None:
    queued(installation)
    found = taken(installation)
    earlier = AT - timedelta(hours=3)
    assert claimed(installation, earlier) is None
    assert ended(installation, earlier) == []
    assert settled(installation, found, SENT, earlier) is MailState.SENT
    assert claimed(installation, earlier) is None


def test_a_mail_that_was_queued_before_the_clock_was_set_back_is_sent(installation: Installation) -> None:
    queued(installation)
    taken(installation, AT - timedelta(hours=3))


def test_a_mail_is_tried_again_later_and_later_until_it_expires(installation: Installation) -> None:
    queued(installation, lasts=timedelta(hours=3))
    at, waits = AT, []
    while (found := claimed(installation, at)) is not None:
        state = settled(installation, found, AGAIN, at)
        then = the_mail(installation).not_before
        if then is None:
            break
        assert claimed(installation, then - timedelta(microseconds=1)) is None
        waits.append(then - at)
        at = then
    assert waits == [*BACKOFF, BACKOFF[-1]]
    assert state is MailState.GIVEN_UP
    assert is_wiped(installation)
    assert the_mail(installation).failure == "smtp_451"


def test_a_refused_mail_ends_at_once_with_its_code(installation: Installation) -> None:
    queued(installation)
    assert settled(installation, taken(installation), REFUSED) is MailState.REFUSED
    assert is_wiped(installation)
    assert claimed(installation, AT + timedelta(days=1)) is None
    assert the_mail(installation).failure == "smtp_550"


def test_a_letter_that_was_perhaps_sent_is_tried_once_more(installation: Installation) -> None:
    queued(installation)
    first = taken(installation)
    assert settled(installation, first, PERHAPS) is None
    assert the_mail(installation).state is MailState.PERHAPS_SENT
    second = taken(installation, AT + MINUTE)
    assert second.postmark == first.postmark
    assert open_mail(installation.vault, second) == MAIL
    assert settled(installation, second, PERHAPS, AT + MINUTE) is MailState.PERHAPS_SENT
    assert is_wiped(installation)
    assert claimed(installation, AT + timedelta(days=1)) is None


def test_a_code_that_was_perhaps_sent_is_not_sent_again(installation: Installation) -> None:
    queued(installation, MailKind.CODE)
    assert settled(installation, taken(installation), PERHAPS) is MailState.PERHAPS_SENT
    assert is_wiped(installation)


@pytest.mark.parametrize(
    ("result", "state"),
    [(SENT, MailState.SENT), (REFUSED, MailState.REFUSED), (AGAIN, MailState.PERHAPS_SENT)],
)
def test_what_the_second_attempt_shows_counts(
    result: PostResult, state: MailState, installation: Installation
) -> None:
    queued(installation)
    settled(installation, taken(installation), PERHAPS)
    settled(installation, taken(installation, AT + MINUTE), result, AT + MINUTE)
    assert the_mail(installation).state is state
    assert is_wiped(installation) is (result is not AGAIN)


def test_a_process_that_died_has_perhaps_sent_its_mail(installation: Installation) -> None:
    queued(installation)
    dead = taken(installation)
    assert claimed(installation, AT + LEASE) is None
    assert ended(installation, AT + LEASE) == []
    lapsed = AT + LEASE + MINUTE
    assert ended(installation, lapsed) == []
    found = the_mail(installation)
    assert (found.state, found.failure) == (MailState.PERHAPS_SENT, "interrupted")
    again = taken(installation, lapsed + MINUTE)
    assert again.postmark == dead.postmark
    assert ended(installation, lapsed + 2 * LEASE) == [MailState.PERHAPS_SENT]
    assert is_wiped(installation)


def test_a_code_of_a_process_that_died_ends(installation: Installation) -> None:
    queued(installation, MailKind.CODE)
    taken(installation)
    assert ended(installation, AT + LEASE + MINUTE) == [MailState.PERHAPS_SENT]
    assert is_wiped(installation)


@pytest.mark.parametrize(
    ("result", "state"),
    [(SENT, MailState.SENT), (REFUSED, MailState.PERHAPS_SENT), (PERHAPS, MailState.PERHAPS_SENT)],
)
def test_of_a_process_that_lost_its_lease_only_a_success_counts(
    result: PostResult, state: MailState, installation: Installation
) -> None:
    queued(installation)
    slow = taken(installation)
    late = AT + LEASE + MINUTE
    ended(installation, late)
    quick = taken(installation, late + MINUTE)
    settled(installation, slow, result, late + MINUTE)
    assert the_mail(installation).state is state
    settled(installation, quick, SENT, late + 2 * MINUTE)
    assert the_mail(installation).state is MailState.SENT


@pytest.mark.parametrize(("attempts", "state"), [(0, MailState.EXPIRED), (1, MailState.GIVEN_UP)])
def test_a_mail_ends_when_its_time_is_over(
    attempts: int, state: MailState, installation: Installation
) -> None:
    queued(installation, lasts=timedelta(minutes=10))
    for _ in range(attempts):
        settled(installation, taken(installation), AGAIN)
    over = AT + timedelta(minutes=10)
    assert claimed(installation, over) is None
    assert ended(installation, over) == [state]
    assert is_wiped(installation)
    assert ended(installation, over) == []


def test_of_two_mails_the_older_is_first(installation: Installation) -> None:
    with writing(installation.engine) as connection:
        envelopes = [Envelope(MailKind.LETTER, None, AT + n * MINUTE, AT + LASTS) for n in (2, 1, 3)]
        ids = [queue(connection, installation.vault, MAIL, envelope) for envelope in envelopes]
    assert [taken(installation).mail_id for _ in ids] == [ids[1], ids[0], ids[2]]
    assert claimed(installation) is None


def test_a_request_shows_what_was_not_sent_and_takes_its_mail_with_it(installation: Installation) -> None:
    version = opened(installation)
    with writing(installation.engine) as connection:
        for _ in range(2):
            queue(connection, installation.vault, MAIL, Envelope(MailKind.LETTER, REFERENCE, AT, AT + LASTS))
    settled(installation, taken(installation), REFUSED)
    settled(installation, taken(installation), SENT)
    with reading(installation.engine) as connection:
        (found,) = unsent_mails(connection, REFERENCE)
        assert len(list_mails(connection, reference=REFERENCE)) == 2
    assert (found.state, found.failure, found.controller) == (MailState.REFUSED, "smtp_550", "acme")
    with writing(installation.engine) as connection:
        version = move(connection, REFERENCE, version, Action.CANCEL, AT)
        erase_request(connection, REFERENCE, version)
        assert list_mails(connection) == ()


def test_of_many_senders_at_once_each_mail_has_one(installation: Installation) -> None:
    ids = {queued(installation) for _ in range(5)}
    script = """
from datetime import datetime, UTC
from dsar_export.requests.outbox import claim
found = []
for _ in range(5):
    with writing(engine) as connection:
        one = claim(connection, datetime(2026, 11, 2, 10, tzinfo=UTC))
    if one is not None:
        found.append(one.mail_id)
print(" ".join(found))
"""
    outputs = " ".join(at_once(installation, 3, script)).split()
    assert sorted(outputs) == sorted(ids)
