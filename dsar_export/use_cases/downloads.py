"""What somebody with a link can do: look, start a download, and read the package, also piece by piece."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from dsar_export.model.delivery import PassphraseWay
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.requests import download_links
from dsar_export.requests.download_links import LinkedPackage
from dsar_export.requests.installation import epoch
from dsar_export.requests.packages import mark_damaged
from dsar_export.requests.requests import read_request
from dsar_export.requests.states import Action, State
from dsar_export.requests.transitions import move
from dsar_export.use_cases.compared import StoredPackage, compared, read_compared, size_of
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.passphrase_code import passphrase_ways


@dataclass(frozen=True)
class Offer:
    """What the page of a link shows; nothing in it names the person."""

    reference: str
    controller: str
    language: str
    right: Right
    size: int
    published_at: datetime
    expires_at: datetime
    left: int
    passphrase_ways: tuple[PassphraseWay, ...]
    """How the passphrase can be revealed; none once it was, or if a worker did not make it."""


@dataclass(frozen=True)
class Download:
    """A package that is being sent.

    `read` takes a position and a length, and returns bytes as they were when the download started, fewer than asked at
    the end of a block; PackageUnreadableError if they are others now.
    """

    reference: str
    right: Right
    file_name: str
    sha256: str
    size: int
    read: Callable[[int, int], bytes] = field(repr=False)


def offered(desk: Desk, register: Register, token: str) -> Offer | None:
    """What a link offers, or None if it does not count, whatever the reason. Looking has no effect."""
    with desk.looking() as act:
        found = download_links.linked_package(act.connection, token, epoch(act.connection), act.at)
        if found is None:
            return None
        request = read_request(act.connection, found.reference, desk.vault)
    return Offer(
        found.reference,
        found.controller,
        found.language,
        found.right,
        size_of(desk.packages, _stored(found)),
        found.published_at,
        found.expires_at,
        found.left,
        passphrase_ways(register, request),
    )


def start_download(desk: Desk, token: str) -> str | None:
    """Counts a download, and returns what `download` takes; None if the link does not count.

    The package is compared with its hash before: PackageUnreadableError if it is another, which counts nothing, and is
    in the inbox of staff. The first download delivers the request.
    """
    with desk.looking() as act:
        found = download_links.linked_package(act.connection, token, epoch(act.connection), act.at)
    if found is None:
        return None
    blocks = compared(desk, _stored(found)).blocks
    with desk.acting() as act:
        now = epoch(act.connection)
        started = download_links.start_download(act.connection, token, now, act.at, blocks)
        if started is not None:
            _note_start(act, found)
    return started


def download(desk: Desk, started: str) -> Download | None:
    """The package of a started download, for its first byte as for each later one; None if it may not go on.

    A link that is revoked or expires, or a package that is reissued, ends the downloads that were started.
    """
    with desk.looking() as act:
        found = download_links.downloaded_package(act.connection, started, epoch(act.connection), act.at)
        blocks = download_links.blocks_of(act.connection, started)
    if found is None:
        return None
    return Download(
        found.reference,
        found.right,
        f"{found.reference}-{found.right}.zip",
        found.sha256,
        size_of(desk.packages, _stored(found)),
        lambda start, length: read_compared(desk, _stored(found), blocks, start)[:length],
    )


def may_go_on(desk: Desk, started: str) -> bool:
    """Whether a download may still be sent."""
    with desk.looking() as act:
        found = download_links.downloaded_package(act.connection, started, epoch(act.connection), act.at)
    return found is not None


def _note_start(act: Act, found: LinkedPackage) -> None:
    request = read_request(act.connection, found.reference, act.desk.vault)
    if request.listed.state is State.AVAILABLE:
        move(act.connection, found.reference, request.listed.version, Action.DELIVER, act.at)
        act.note("deliver", request, channel="link")
    mark_damaged(act.connection, found.reference, found.right, found.sha256, None)
    act.note("start_download", request, right=found.right, package=found.sha256)


def _stored(found: LinkedPackage) -> StoredPackage:
    return StoredPackage(found.reference, found.right, found.file, found.sha256, found.size)
