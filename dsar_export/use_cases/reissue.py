"""Takes what was handed out back, so that it can be built again under another passphrase."""

from contextlib import suppress

from dsar_export.errors import NotWritableError, StoreUnusableError
from dsar_export.model.people import Role
from dsar_export.requests.download_links import revoke_links
from dsar_export.requests.packages import retire_packages
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import move
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.ending import erase_unless_held, kept_by_hold


def reissue(desk: Desk, reference: str, *, anew: bool = False) -> None:
    """Revokes links and downloads, wipes the passphrase and retires the packages, in one transaction.

    Then the request waits to be built from its Draft again. With `anew`, for a Draft that is gone or unreadable,
    it waits to be collected and approved again.
    """
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        action = Action.RENEW if anew else Action.REISSUE
        kept = kept_by_hold(act, request) if anew else {}
        move(act.connection, reference, request.listed.version, action, act.at, **kept)
        revoke_links(act.connection, reference, act.at)
        retired = retire_packages(act.connection, reference, act.at)
        act.note(action.value, request)
    with suppress(NotWritableError, StoreUnusableError):  # no row names them any more, so a sweep finds them
        for package in retired:
            if package.file is not None:
                desk.packages.delete(package.file)
        if anew:
            erase_unless_held(desk, request)
