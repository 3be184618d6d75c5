"""SIGKILL while packages are handed out or taken back: it happened as a whole, or it did not."""

import os
import signal
from collections.abc import Callable
from importlib import import_module
from typing import Final

import pytest

from dsar_export.model.people import Role
from dsar_export.requests import trail
from dsar_export.requests.database import reading
from dsar_export.requests.states import State
from dsar_export.use_cases.downloads import offered, start_download
from dsar_export.use_cases.reissue import reissue
from dsar_export.use_cases.sweep import sweep
from tests.use_cases.parcels import WEB_PERSON, Parcels, ask, reveal

STORE: Final = "dsar_export.delivery.folder_store:FolderStore.delete"
REISSUING: Final = {
    "the row is written": ("dsar_export.use_cases.reissue:move", False),
    "links are revoked": ("dsar_export.use_cases.reissue:revoke_links", False),
    "packages are retired": ("dsar_export.use_cases.reissue:retire_packages", False),
    "it is in the trail": ("dsar_export.requests.trail:append", False),
    "it is committed": ("dsar_export.requests.trail:advance", True),
    "the file is gone": (STORE, True),
}
STARTING: Final = {
    "it is counted": ("dsar_export.requests.download_links:start_download", False),
    "the request is delivered": ("dsar_export.use_cases.downloads:move", False),
    "it is committed": ("dsar_export.requests.trail:advance", True),
}
REVEALING: Final = {
    "the code is used": ("dsar_export.requests.codes:mark_used", False),
    "the passphrase is wiped": ("dsar_export.use_cases.passphrase_code:change", False),
    "it is committed": ("dsar_export.requests.trail:advance", True),
}
SENDING: Final = {
    "earlier links are revoked": ("dsar_export.use_cases.links:revoke_links", False),
    "the link is made": ("dsar_export.use_cases.links:add_link", False),
    "the mail is queued": ("dsar_export.use_cases.links:post_mail", False),
    "it is committed": ("dsar_export.requests.trail:advance", True),
}


def killed(parcels: Parcels, call: Callable[[], object], point: str) -> None:
    """Makes a call in another process, which is gone just after the function at the point."""
    child = os.fork()
    if child == 0:
        parcels.office.installation.engine.dispose(close=False)
        module, _, path = point.partition(":")
        owner: object = import_module(module)
        *parents, name = path.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        original = getattr(owner, name)

        def killing(*given: object, **named: object) -> None:
            original(*given, **named)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(owner, name, killing)
        try:
            call()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def check_office(parcels: Parcels, reference: str) -> None:
    """The trail goes on, and after a sweep the store has what rows name."""
    with reading(parcels.office.installation.engine) as connection:
        verdict = trail.verify(connection, parcels.desk().keys.trail, parcels.office.anchor)
    assert verdict.passed, verdict.sentence
    sweep(parcels.desk())
    named = {package.file for package in parcels.office.published(reference)}
    assert {*parcels.desk().packages.names("")} == named


def passphrase_waits(parcels: Parcels, reference: str) -> bool:
    with parcels.desk().looking() as act:
        return act.request(reference, Role.AGENT).passphrase_sealed is not None


def left(parcels: Parcels, token: str) -> int:
    found = offered(parcels.desk(WEB_PERSON), parcels.services.register, token)
    return 0 if found is None else found.left


@pytest.mark.parametrize("when", REISSUING)
def test_a_reissue(parcels: Parcels, linked: tuple[str, str], when: str) -> None:
    reference, token = linked
    point, happened = REISSUING[when]
    killed(parcels, lambda: reissue(parcels.desk(), reference), point)
    assert parcels.state(reference) is (State.APPROVED if happened else State.AVAILABLE)
    assert left(parcels, token) == (0 if happened else 3)
    assert passphrase_waits(parcels, reference) == bool(parcels.office.published(reference)) == (not happened)
    check_office(parcels, reference)
    if not happened:
        reissue(parcels.desk(), reference)
    assert parcels.actions(reference).count("reissue") == 1


@pytest.mark.parametrize("when", STARTING)
def test_a_download_begins(parcels: Parcels, linked: tuple[str, str], when: str) -> None:
    reference, token = linked
    point, happened = STARTING[when]
    killed(parcels, lambda: start_download(parcels.desk(WEB_PERSON), token), point)
    assert parcels.state(reference) is (State.DELIVERED if happened else State.AVAILABLE)
    assert left(parcels, token) == 3 - happened
    check_office(parcels, reference)


@pytest.mark.parametrize("when", REVEALING)
def test_a_passphrase_is_revealed(parcels: Parcels, linked: tuple[str, str], when: str) -> None:
    reference, token = linked
    ask(parcels, token)
    code = parcels.mails()[-1].code
    point, happened = REVEALING[when]
    killed(parcels, lambda: reveal(parcels, token, code), point)
    assert passphrase_waits(parcels, reference) == (not happened)
    assert (reveal(parcels, token, code) is None) == happened
    check_office(parcels, reference)


@pytest.mark.parametrize("when", SENDING)
def test_a_link_replaces_another(parcels: Parcels, linked: tuple[str, str], when: str) -> None:
    reference, token = linked
    point, happened = SENDING[when]
    killed(parcels, lambda: parcels.send(reference), point)
    assert left(parcels, token) == (0 if happened else 3)
    assert [left(parcels, mail.tokens[0]) for mail in parcels.mails()] == ([0, 3] if happened else [3])
    check_office(parcels, reference)
