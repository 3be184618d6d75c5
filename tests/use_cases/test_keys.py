"""Keys are replaced while requests are in flight, and nothing becomes unreadable at any moment."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from dsar_export.errors import KeyFileError, KeysReplacedError, NotPermittedError, StateError, WrongUseError
from dsar_export.model.complaint import NewComplaint
from dsar_export.model.mail import Mail, MailKind
from dsar_export.model.people import Person, Role
from dsar_export.model.refusal import AbuseProof, Refusal
from dsar_export.model.work import LEASE, WorkStep
from dsar_export.requests.database import reading
from dsar_export.requests.key_file import KeyFile, read_key_file, replace_key_file
from dsar_export.requests.outbox import mail_cell
from dsar_export.requests.requests import request_cell
from dsar_export.requests.tables import COMPLAINTS, DECISIONS, IDENTIFIERS, NOTES, OUTBOX, REQUESTS
from dsar_export.requests.token_tables import ANSWERS
from dsar_export.requests.trail import entries, verify
from dsar_export.requests.transitions import change
from dsar_export.requests.vault import Vault
from dsar_export.requests.webhook_tables import WEBHOOKS
from dsar_export.use_cases import keys as keys_module
from dsar_export.use_cases.audit import trail_key
from dsar_export.use_cases.collect_request import collect_request
from dsar_export.use_cases.complaining import answer, complain
from dsar_export.use_cases.decide import approve, note, send_back
from dsar_export.use_cases.desk import Desk, draft_of
from dsar_export.use_cases.due import extend
from dsar_export.use_cases.hold import place_hold
from dsar_export.use_cases.keys import drop_earlier_keys, rotate_keys
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.post import post_mail
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.refusing import refuse
from dsar_export.use_cases.repeating import Reply, answered_once
from dsar_export.use_cases.webhooks import WebhookOrder, make_webhook
from tests.replacing import replace
from tests.sites import EVIDENCE, Site
from tests.worlds import SUBJECT

MAIL = Mail("sam@example.org", "about your data", "a text", "en")
TABLES = (REQUESTS, IDENTIFIERS, DECISIONS, NOTES, COMPLAINTS, OUTBOX, ANSWERS, WEBHOOKS)


def key_path(site: Site) -> Path:
    return site.settings.keys


def full(site: Site, desk: Desk) -> str:
    """A request with a value in every sealed column."""
    reference = site.collected(desk)
    note(desk, reference, "a note")
    send_back(desk, reference, "collect the rest")
    collect_request(desk, site.services, reference)
    place_hold(desk, reference, site.now + timedelta(days=9), "a lawsuit")
    extend(desk, site.register, reference, "three archives")
    with desk.acting() as act:
        post_mail(act, MAIL, MailKind.LETTER, reference)
        version = act.request(reference, Role.AGENT).listed.version
        sealed = desk.vault.seal("a passphrase", request_cell(reference, "passphrase_sealed"))
        change(act.connection, reference, version, act.at, passphrase_sealed=sealed)
    answered_once(desk, "a key", "what was asked", lambda: Reply(200, "an answer"))
    make_webhook(desk, site.register, WebhookOrder("https://portal.example.org/hook", ["acme"]), ())
    complain(desk, site.register, reference, NewComplaint("too slow"))
    answer(desk, reference, "we are sorry")
    refuse(
        desk, reference, Refusal("abusive", "bulk letters", AbuseProof("sold as a service", "boasts of it"))
    )
    return reference


def key_ids(desk: Desk) -> set[tuple[str, str]]:
    """Every sealed column with the id of its key; none may be empty."""
    found = set()
    with reading(desk.engine) as connection:
        for table in TABLES:
            for column in (c for c in table.c if c.name.endswith("_sealed")):
                held = [sealed for sealed in connection.scalars(select(column)) if sealed is not None]
                assert held, column
                found |= {(str(column), sealed[1:5].hex()) for sealed in held}
    return found


def opens(site: Site, desk: Desk, reference: str) -> None:
    """All that a request holds can be read, its Draft too."""
    file = request_file(desk, reference)
    assert file.identifiers[0].identifier.value == SUBJECT.split("=", 1)[1]
    assert file.request.evidence == EVIDENCE
    assert file.request.extension_reason == "three archives"
    assert [n.text for n in file.notes] == ["a note"]
    assert [d.reason for d in file.decisions] == ["collect the rest", "bulk letters"]
    assert file.decisions[1].proof == AbuseProof("sold as a service", "boasts of it")
    assert [(c.text, c.answer) for c, _ in file.complaints] == [("too slow", "we are sorry")]
    assert draft_of(desk, file.request).page("records", 0, 1)[0].record["text"] == "first"
    with reading(desk.engine) as connection:
        mail_id, sealed = connection.execute(select(OUTBOX.c.id, OUTBOX.c.mail_sealed)).one()
    assert MAIL.subject in desk.vault.open(sealed, mail_cell(mail_id))


def test_a_rotation_seals_every_value_anew(site: Site) -> None:
    desk = site.desk()
    reference = full(site, desk)
    before = key_ids(desk)
    done = rotate_keys(desk, key_path(site))
    after = key_ids(desk)
    assert len(after) == len(before) == 17
    assert {key for _, key in after} == {done.column, done.draft}
    assert not {key for _, key in before} & {done.column, done.draft}
    assert (done.values, done.earlier) == (18, 2)
    opens(site, site.desk(), reference)
    with reading(desk.engine) as connection:
        last = list(entries(connection))[-1]
        assert verify(connection, desk.keys.trail, desk.anchor).passed
    assert last.values["action"] == "rotate_keys"
    assert last.values["details"] == {"key_id": done.column, "draft_key_id": done.draft, "values": 18}


def test_a_desk_that_was_opened_before_goes_on_after_a_rotation(site: Site) -> None:
    desk, other = site.desk(), site.desk()
    reference = full(site, desk)
    rotate_keys(other, key_path(site))
    opens(site, desk, reference)
    note(desk, reference, "a second note")  # sealed with the earlier key
    assert request_file(site.desk(), reference).notes[1].text == "a second note"


def test_a_rotation_between_collecting_and_approval_voids_nothing(site: Site) -> None:
    desk = site.desk()
    reference = site.collected(desk)
    rotate_keys(desk, key_path(site))
    drop_earlier_keys(site.desk(), key_path(site))
    approve(site.desk(), site.register, reference)


def test_a_rotation_that_stops_after_the_new_file_leaves_everything_readable(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = site.desk()
    reference = full(site, desk)

    def stops(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keys_module, "seal_anew", stops)
        with pytest.raises(KeyboardInterrupt):
            rotate_keys(desk, key_path(site))
    assert len(read_key_file(key_path(site)).column.earlier) == 1
    opens(site, site.desk(), reference)
    assert rotate_keys(site.desk(), key_path(site)).values == 18
    opens(site, site.desk(), reference)


def test_two_rotations_from_one_state_keep_the_keys_of_both(site: Site) -> None:
    one, other = site.desk(), site.desk()
    reference = full(site, one)
    rotate_keys(one, key_path(site))
    rotate_keys(other, key_path(site))
    assert len(read_key_file(key_path(site)).column.keys) == 3
    opens(site, site.desk(), reference)


def test_earlier_keys_are_dropped_after_everything_was_sealed_anew(site: Site) -> None:
    desk = site.desk()
    reference = full(site, desk)
    stale = site.desk()
    rotate_keys(desk, key_path(site))
    note(stale, reference, "a second note")
    done = drop_earlier_keys(site.desk(), key_path(site))
    assert (done.values, done.earlier) == (1, 0)
    held = read_key_file(key_path(site))
    assert (held.column.earlier, held.draft.earlier) == ((), ())
    assert request_file(site.desk(), reference).notes[1].text == "a second note"
    with pytest.raises(
        KeysReplacedError, match="keys were replaced meanwhile; nothing was changed, run the command again"
    ):
        note(stale, reference, "lost for ever")


def test_earlier_keys_stay_while_a_process_works(site: Site) -> None:
    desk = site.desk()
    reference = site.opened(desk)
    prove_by_evidence(desk, site.register, reference, "call_back", EVIDENCE)
    rotate_keys(desk, key_path(site))
    held = read_key_file(key_path(site))

    class Meanwhile:
        def began(self, _: WorkStep) -> None: ...
        def started(self, _: str) -> None:
            with pytest.raises(StateError, match=f"a process works on {reference}; nothing was changed"):
                drop_earlier_keys(site.desk(), key_path(site))

        def advanced(self, _: int) -> None: ...
        def finished(self, _: str, __: int) -> None: ...

    collect_request(desk, replace(site.services, progress=Meanwhile()), reference)
    assert read_key_file(key_path(site)) == held
    site.now += LEASE + timedelta(seconds=1)
    assert drop_earlier_keys(site.desk(), key_path(site)).earlier == 0


def test_without_earlier_keys_there_is_nothing_to_drop(site: Site) -> None:
    with pytest.raises(WrongUseError, match="has no earlier keys; nothing was changed"):
        drop_earlier_keys(site.desk(), key_path(site))


def test_dropping_that_stopped_before_the_file_is_made_up_for(site: Site) -> None:
    desk = site.desk()
    rotate_keys(desk, key_path(site))
    with_earlier = read_key_file(key_path(site))
    drop_earlier_keys(site.desk(), key_path(site))
    replace_key_file(key_path(site), with_earlier)  # as a crash leaves it
    assert drop_earlier_keys(site.desk(), key_path(site)).earlier == 0


def test_a_value_of_a_key_that_is_nowhere_names_the_newest_key_file(site: Site) -> None:
    desk = site.desk()
    reference = full(site, desk)
    before = read_key_file(key_path(site))
    rotate_keys(desk, key_path(site))
    with reading(desk.engine) as connection:
        sealed = connection.scalar(select(REQUESTS.c.subject_sealed))
    with pytest.raises(KeyFileError, match="restore the newest key file"):
        _open_with(before, sealed, reference)


def _open_with(keys: KeyFile, sealed: bytes | None, reference: str) -> None:
    assert sealed is not None
    Vault(keys).open(sealed, request_cell(reference, "subject_sealed"))


def test_the_mode_of_the_key_file_stays(site: Site) -> None:
    key_path(site).chmod(0o640)
    rotate_keys(site.desk(), key_path(site))
    assert key_path(site).stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("act", [rotate_keys, drop_earlier_keys])
def test_only_an_administrator_of_all_controllers_changes_keys(site: Site, act: object) -> None:
    assert callable(act)
    before = key_path(site).read_bytes()
    stranger = replace(site.desk(), person=Person("robin", None))
    with pytest.raises(NotPermittedError, match="robin is no administrator"):
        act(stranger, key_path(site))
    assert key_path(site).read_bytes() == before
    with pytest.raises(NotPermittedError, match="only auditors and administrators"):
        trail_key(stranger)


def test_that_somebody_took_the_key_of_the_trail_is_in_the_trail(site: Site) -> None:
    desk = site.desk()
    assert bytes.fromhex(trail_key(desk)) == desk.keys.trail
    with reading(desk.engine) as connection:
        assert [e.values["action"] for e in entries(connection)] == ["take_trail_key"]
