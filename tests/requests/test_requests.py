"""Requests come back as they were taken in, and whoever has only the database learns nothing about the person."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, LargeBinary, select, update

from dsar_export.errors import TamperedError, WrongUseError
from dsar_export.model.complaint import ListedComplaint
from dsar_export.model.decision import Decision, DecisionKind, Note
from dsar_export.model.intake import Channel, FurtherRight, HandedOn, Mandate
from dsar_export.model.mail import Mail, MailKind
from dsar_export.model.refusal import AbuseProof
from dsar_export.model.request import Identifier, Right, new_reference
from dsar_export.requests.accounts import Account, put_account
from dsar_export.requests.answers import claim, keep, key_hash
from dsar_export.requests.complaints import add_complaint, answer_complaint
from dsar_export.requests.database import reading, writing
from dsar_export.requests.decisions import add_decision, add_note
from dsar_export.requests.identifiers import identifiers_of
from dsar_export.requests.installation import Installation
from dsar_export.requests.logins import bind_login
from dsar_export.requests.metadata import METADATA
from dsar_export.requests.outbox import Envelope, queue
from dsar_export.requests.people import add_person
from dsar_export.requests.requests import (
    Filters,
    ListedRequest,
    list_requests,
    open_request,
    read_request,
    request_cell,
)
from dsar_export.requests.states import ENDED, Action, State
from dsar_export.requests.tables import REQUESTS
from dsar_export.requests.transitions import change, move
from dsar_export.requests.webhooks import Target, Webhook, add_webhook
from tests.replacing import replace
from tests.requests.installations import (
    AT,
    LATER,
    REFERENCE,
    founded_installation,
    given,
    new_request,
    opened,
    put,
)

SECOND = "DSAR-20261102-00000002"
THIRD = "DSAR-20261102-00000003"
MARKERS = (
    "canary-address", "canary-evidence", "canary-note", "canary-reason", "canary-chosen", "canary-hold",
    "canary-agent", "canary-contact", "canary-objective", "canary-subjective", "canary-complaint", "canary-answer",
    "canary-password", "canary-totp",
)  # fmt: skip


def listed(installation: Installation, **filters: object) -> list[str]:
    with reading(installation.engine) as connection:
        return [found.reference for found in list_requests(connection, Filters(**filters))]  # type: ignore[arg-type]


def test_a_request_comes_back_as_it_was_taken_in(installation: Installation) -> None:
    new = new_request(
        rights=(Right.PORTABILITY, Right.ACCESS, Right.ACCESS),
        identifiers=(given("Sam@Example.org", proven_by="code"), given("J\udcfcrgen", "login")),
        mandate=Mandate("Advocate Ltd", ("orders",), LATER),
        handed_on=(HandedOn(FurtherRight.ERASURE, "Dana", LATER),),
        group_reference="group-1",
    )
    with writing(installation.engine) as connection:
        assert open_request(connection, new, installation.vault) == 1
    with reading(installation.engine) as connection:
        found = read_request(connection, REFERENCE, installation.vault)
        held = identifiers_of(connection, REFERENCE, installation.vault)
    assert found.subject.identifiers == (
        Identifier("email", "Sam@Example.org"),
        Identifier("login", "J\udcfcrgen"),
    )
    assert (found.subject.mandate, found.subject.handed_on) == (new.mandate, new.handed_on)
    assert [(h.identifier.value, h.proven_by) for h in held] == [
        ("Sam@Example.org", "code"),
        ("J\udcfcrgen", None),
    ]
    assert found.evidence is None
    assert found.listed == ListedRequest(
        REFERENCE, 1, State.RECEIVED, tuple(Right), "acme", "en-GB", new.channel, AT, AT, "ada", AT,
        group_reference="group-1",
    )  # fmt: skip


def test_an_unknown_reference_is_wrong_use(installation: Installation) -> None:
    with (
        pytest.raises(WrongUseError, match="no request has the reference"),
        reading(installation.engine) as connection,
    ):
        read_request(connection, REFERENCE, installation.vault)


def test_a_request_without_an_identifier_is_refused(installation: Installation) -> None:
    with pytest.raises(WrongUseError, match="needs an identifier"):
        opened(installation, identifiers=())


def test_a_request_for_no_right_is_refused(installation: Installation) -> None:
    with pytest.raises(WrongUseError, match="name one or more of: access, portability"):
        opened(installation, rights=())


def test_an_identifier_that_names_nobody_is_refused_without_its_value(installation: Installation) -> None:
    with pytest.raises(WrongUseError, match="phone: this value names nobody"):
        opened(installation, identifiers=(given("sam@example.org"), given("", "phone")))
    assert listed(installation) == []


def test_requests_are_listed_in_the_order_in_which_they_came(installation: Installation) -> None:
    opened(installation, SECOND, received_at=LATER)
    opened(installation, THIRD)
    opened(installation)
    assert listed(installation) == [REFERENCE, THIRD, SECOND]


def test_those_that_ended_are_listed_only_when_asked_for(installation: Installation) -> None:
    version = opened(installation)
    opened(installation, SECOND)
    with writing(installation.engine) as connection:
        move(connection, REFERENCE, version, Action.CANCEL, AT)
    assert listed(installation) == [SECOND]
    assert listed(installation, states=ENDED) == [REFERENCE]


def test_lists_keep_to_controllers_colleagues_and_groups(installation: Installation) -> None:
    opened(installation, group_reference="group-1")
    version = opened(installation, SECOND, controller="globex", group_reference="group-1")
    opened(installation, THIRD)
    with writing(installation.engine) as connection:
        change(connection, SECOND, version, AT, assigned_to="bob")
    assert listed(installation, controllers={"acme"}) == [REFERENCE, THIRD]
    assert listed(installation, controllers=frozenset()) == []
    assert listed(installation, assigned_to="bob") == [SECOND]
    assert listed(installation, group_reference="group-1") == [REFERENCE, SECOND]


def test_other_requests_of_the_same_person_are_found_by_any_equal_identifier(
    installation: Installation,
) -> None:
    opened(installation, identifiers=(given("sam@example.org"), given("C-1", "customer_id")))
    opened(installation, SECOND, identifiers=(given("SAM@EXAMPLE.ORG"),))
    opened(installation, THIRD, identifiers=(given("sam@example.org", "login"), given("max@example.org")))
    assert listed(installation, same_person_as=REFERENCE) == [SECOND]
    assert listed(installation, same_person_as=SECOND) == [REFERENCE]
    assert listed(installation, same_person_as=THIRD) == []


def test_references_do_not_collide() -> None:
    assert len({new_reference(AT) for _ in range(1000)}) == 1000


def full_of_markers(installation: Installation) -> None:
    """A request with a marker in every sealed column."""
    identifiers = (given("canary-address@example.org"),)
    mandate = Mandate("canary-agent")
    handed_on = (HandedOn(FurtherRight.ERASURE, "canary-contact", AT),)
    version = opened(installation, identifiers=identifiers, mandate=mandate, handed_on=handed_on)
    with writing(installation.engine) as connection:
        put(connection, installation, State.AMBIGUOUS)
        vault = installation.vault
        evidence = vault.seal("canary-evidence", request_cell(REFERENCE, "evidence_sealed"))
        hold = vault.seal("canary-hold", request_cell(REFERENCE, "hold_reason_sealed"))
        extension = vault.seal("canary-extension", request_cell(REFERENCE, "extension_reason_sealed"))
        version = change(
            connection,
            REFERENCE,
            version,
            AT,
            evidence_sealed=evidence,
            hold_reason_sealed=hold,
            hold_until=LATER,
            extension_reason_sealed=extension,
            passphrase_sealed=vault.seal("canary-passphrase", request_cell(REFERENCE, "passphrase_sealed")),
        )
        proof = AbuseProof("canary-objective", "canary-subjective")
        chosen = Decision(DecisionKind.CHOOSE, "ada", AT, "canary-reason", chosen=("canary-chosen",))
        add_decision(connection, REFERENCE, version, replace(chosen, proof=proof), vault)
        complaint = ListedComplaint(REFERENCE, 1, AT, Channel.EMAIL, "ada")
        add_complaint(connection, complaint, "canary-complaint", vault)
        answer_complaint(connection, complaint, ("bob", AT, "canary-answer"), vault)
        add_note(connection, REFERENCE, Note("ada", AT, "canary-note"), vault)
        mail = Mail("canary@canary.example", "canary-subject", "canary-text", "en")
        queue(connection, vault, mail, Envelope(MailKind.LETTER, REFERENCE, AT, LATER))


def with_accounts(installation: Installation) -> None:
    """An account of staff, an answer of the API and a webhook, with a marker in every sealed column."""
    vault, key = installation.vault, key_hash("zoe", "once")
    with writing(installation.engine) as connection:
        add_person(connection, "zoe", None)
        put_account(connection, vault, Account("zoe", "canary-password", "canary-totp"), AT)
        bind_login(connection, "zoe", vault.login_mac("https://login.example.org", "canary-subject"), AT)
        claim(connection, key, "asked", AT, vault)
        keep(connection, key, 201, "canary-answer-of-the-api", vault)
        target = Target("https://portal.example.org/canary-path", b"canary-secret")
        add_webhook(connection, vault, Webhook("portal", ("acme",), (), AT, "fay"), target)


def cells(connection: Connection) -> Iterator[tuple[str, bytes]]:
    for table in METADATA.tables.values():
        for row in connection.execute(select(table)):
            for column, value in zip(table.columns, row, strict=True):
                yield f"{table}.{column.name}", value if isinstance(value, bytes) else str(value).encode()


def test_no_cell_shows_anything_about_the_person(installation: Installation) -> None:
    full_of_markers(installation)
    with_accounts(installation)
    with reading(installation.engine) as connection:
        shown = [name for name, value in cells(connection) if b"canary" in value.lower()]
        sealed = {name for name, value in cells(connection) if name.endswith("_sealed") and value != b"None"}
        found = read_request(connection, REFERENCE, installation.vault)
    assert shown == []
    assert (found.evidence, found.hold_reason) == ("canary-evidence", "canary-hold")
    assert found.extension_reason == "canary-extension"
    assert b"canary" not in (found.passphrase_sealed or b"canary")
    every = {
        f"{t}.{c.name}"
        for t in METADATA.tables.values()
        for c in t.columns
        if isinstance(c.type, LargeBinary)
    }
    never_sealed = {"downloads.blocks"}  # hashes of what is sealed already
    assert sealed == every - never_sealed - {"requests.draft_key_sealed"}


def test_no_byte_of_the_files_shows_anything_about_the_person(sqlite_url: str, key_path: Path) -> None:
    installation = founded_installation(sqlite_url, key_path)
    full_of_markers(installation)
    with_accounts(installation)
    held = b"".join(path.read_bytes() for path in key_path.parent.iterdir())
    installation.engine.dispose()
    held += key_path.with_name("requests.db").read_bytes()
    assert REFERENCE.encode() in held
    for marker in MARKERS:
        assert marker.encode() not in held


@pytest.mark.parametrize(
    ("column", "source"), [("subject_sealed", SECOND), ("subject_sealed", "evidence_sealed")]
)
def test_a_sealed_value_from_another_row_or_column_does_not_open(
    column: str, source: str, installation: Installation
) -> None:
    opened(installation)
    opened(installation, SECOND)
    with writing(installation.engine) as connection:
        put(connection, installation, State.VERIFIED)
        wanted = REQUESTS.c.reference == (SECOND if source == SECOND else REFERENCE)
        moved = connection.scalar(select(REQUESTS.c[column if source == SECOND else source]).where(wanted))
        connection.execute(update(REQUESTS).where(REQUESTS.c.reference == REFERENCE).values({column: moved}))
    with (
        reading(installation.engine) as connection,
        pytest.raises(TamperedError, match="moved from elsewhere"),
    ):
        read_request(connection, REFERENCE, installation.vault)


def test_a_request_takes_all_of_its_rows_with_it(installation: Installation) -> None:
    full_of_markers(installation)
    with writing(installation.engine) as connection:
        connection.execute(REQUESTS.delete())
        left = [name for name, _ in cells(connection) if not name.startswith("installation.")]
    assert left == []


def test_a_moment_after_another_is_after_it_in_the_list(installation: Installation) -> None:
    opened(installation, received_at=AT + timedelta(microseconds=1))
    opened(installation, SECOND)
    assert listed(installation) == [SECOND, REFERENCE]
