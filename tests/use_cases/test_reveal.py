"""A passphrase waits sealed in its row, is shown once, and does not outlive what it opens."""

import pytest
from sqlalchemy import update

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Role
from dsar_export.requests import trail
from dsar_export.requests.database import reading, writing
from dsar_export.requests.requests import request_cell
from dsar_export.requests.states import Action, State
from dsar_export.requests.tables import REQUESTS
from dsar_export.requests.transitions import move
from dsar_export.use_cases.audit import trail_entries
from dsar_export.use_cases.keys import rotate_keys
from dsar_export.use_cases.reveal import revealed
from dsar_export.use_cases.upkeep import accept_restored
from tests.sites import Site

PASSPHRASE = "canary horse battery staple"


@pytest.fixture
def built(site: Site) -> str:
    """A request with packages whose passphrase nobody has seen."""
    desk = site.desk()
    reference = site.opened(desk)
    sealed = desk.vault.seal(PASSPHRASE, request_cell(reference, "passphrase_sealed"))
    with writing(desk.engine) as connection:
        row = REQUESTS.c.reference == reference
        values = {"state": State.AVAILABLE, "passphrase_sealed": sealed}
        connection.execute(update(REQUESTS).where(row).values(values))
    return reference


def is_kept(site: Site, reference: str) -> bool:
    with site.desk().looking() as act:
        return act.request(reference, Role.AGENT).passphrase_sealed is not None


def test_it_is_shown_once_and_the_trail_has_that(site: Site, built: str) -> None:
    with revealed(site.desk(), built) as passphrase:
        assert passphrase == PASSPHRASE
    with pytest.raises(WrongUseError, match="shown already"), revealed(site.desk(), built):
        pass
    assert trail_entries(site.desk(), built)[-1].values["action"] == "reveal"
    assert "canary" not in str([entry.values for entry in trail_entries(site.desk(), built)])


def test_if_showing_it_fails_it_can_be_shown_again(site: Site, built: str) -> None:
    with pytest.raises(OSError, match="disk full"), revealed(site.desk(), built):
        raise OSError("disk full")
    assert is_kept(site, built)
    assert trail_entries(site.desk(), built)[-1].values["action"] != "reveal"
    with revealed(site.desk(), built) as passphrase:
        assert passphrase == PASSPHRASE


def test_new_keys_seal_it_anew(site: Site, built: str) -> None:
    rotate_keys(site.desk(), site.settings.keys)
    with revealed(site.desk(), built) as passphrase:
        assert passphrase == PASSPHRASE


def test_after_a_restore_it_is_void(site: Site, built: str) -> None:
    desk = site.desk()
    with reading(desk.engine) as connection:
        verdict = trail.verify(connection, desk.keys.trail, desk.anchor)
    accept_restored(desk, verdict)
    assert not is_kept(site, built)


@pytest.mark.parametrize("actions", [(Action.EXPIRE,), (Action.DELIVER, Action.CLOSE)])
def test_it_does_not_outlive_the_request(site: Site, built: str, actions: tuple[Action, ...]) -> None:
    *before, last = actions
    with writing(site.desk().engine) as connection:
        version = 1
        for action in before:
            version = move(connection, built, version, action, site.now)
    assert is_kept(site, built)
    with writing(site.desk().engine) as connection:
        move(connection, built, version, last, site.now)
    assert not is_kept(site, built)
