"""Builds the desk of whoever starts a command about requests; apart, because an export at once needs none of it."""

import os
import pwd
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from dsar_export.delivery.folder_store import FolderStore
from dsar_export.delivery.s3_place import S3Login, s3_place
from dsar_export.errors import WrongUseError
from dsar_export.interfaces import Clock
from dsar_export.model.people import Person
from dsar_export.requests import trail
from dsar_export.requests.database import reading
from dsar_export.requests.group_folder import is_shared
from dsar_export.requests.installation import (
    Files,
    Installation,
    open_earlier,
    open_founded,
    open_installation,
)
from dsar_export.requests.people import is_name, person_of_uid
from dsar_export.requests.server_clock import ServerClock
from dsar_export.sealing.workspace import writing
from dsar_export.settings import Settings, is_s3
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.premises import Premises, Stored
from dsar_export.wiring import now
from dsar_export.wiring.mail import mail_way
from dsar_export.wiring.web_url import web_url_in


def open_desk(settings: Settings) -> Desk:
    """Opens the database of requests with its keys; makes both if there are none, for whoever starts this command."""
    uid = os.getuid()
    founder = Person(login_name(uid), uid)
    files = Files(settings.keys, settings.anchor)
    return _desk(settings, open_installation(settings.database, files, founder, now()))


def open_existing_desk(settings: Settings) -> Desk:
    """The same without making anything; NoStateError if there is no database yet."""
    return _desk(settings, open_founded(settings.database, settings.keys))


def login_name(uid: int) -> str:
    """What a founder is called here: as the user account, if that can be a name."""
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:  # an account without a name, as in a container
        name = ""
    return name if is_name(name) else f"uid-{uid}"


def _desk(settings: Settings, installation: Installation) -> Desk:
    try:
        with reading(installation.engine) as connection:
            person = person_of_uid(connection, os.getuid())
    except BaseException:
        installation.engine.dispose()
        raise
    return _desk_of(settings, installation, person)


def _desk_of(settings: Settings, installation: Installation, person: Person) -> Desk:
    return Desk(
        installation.engine,
        installation.keys,
        installation.vault,
        settings.anchor,
        _drafts(settings).store,
        _packages(settings).store,
        _make_workspace(settings),
        clock_of(installation.engine),
        person,
        settings.lease,
        web_url_in(settings),
    )


def open_worker_desk(settings: Settings, name: str = "worker") -> Desk:
    """The desk of a worker, which works in the names of those who ask; there must be a database already."""
    installation = open_founded(settings.database, settings.keys)
    _place_first_anchor(settings, installation)
    return _desk_of(settings, installation, Person(name, None))


def open_web_desk(settings: Settings) -> Desk:
    """The desk of the pages, where people who have a link are at work; there must be a database already."""
    return open_worker_desk(settings, "web")


def _place_first_anchor(settings: Settings, installation: Installation) -> None:
    """On a machine without a state folder the trail is seen from here on; elsewhere a missing anchor is a finding."""
    if settings.state.exists():
        return
    with writing(settings.state):
        settings.state.mkdir(mode=0o700, parents=True)
        with reading(installation.engine) as connection:
            trail.place(connection, installation.keys.trail, settings.anchor)


def clock_of(engine: Engine) -> Clock:
    """By which moments of requests are taken: a server's own, as several machines may work on its requests."""
    return ServerClock(engine) if engine.dialect.name == "postgresql" else now


def open_earlier_installation(settings: Settings) -> Installation:
    """The database of requests with its keys, even if an earlier version made its tables."""
    return open_earlier(settings.database, settings.keys)


def premises_of(settings: Settings) -> Premises:
    """Where everything of requests lies, without opening any of it."""
    return Premises(
        settings.state,
        settings.database,
        settings.keys,
        settings.anchor,
        _drafts(settings),
        _packages(settings),
        now,
        os.getuid(),
        partial(mail_way, settings),
    )


def _drafts(settings: Settings) -> Stored:
    return _stored(settings, "DSAR_DRAFT_STORE", settings.draft_store, settings.drafts)


def _packages(settings: Settings) -> Stored:
    return _stored(settings, "DSAR_PACKAGE_STORE", settings.package_store, settings.packages)


def _stored(settings: Settings, setting: str, given: str | None, folder: Path) -> Stored:
    if given is not None and is_s3(given):
        return _in_s3(settings, setting, given)
    return Stored(FolderStore(folder, shared=_is_shared(settings.state)), str(folder), folder)


def _in_s3(settings: Settings, setting: str, address: str) -> Stored:
    from dsar_export.delivery.s3_store import open_s3  # noqa: PLC0415 - obstore, for those with S3

    if settings.draft_store == settings.package_store:
        raise WrongUseError("DSAR_DRAFT_STORE and DSAR_PACKAGE_STORE are the same; add a prefix to each")
    at = s3_place(address, setting, _s3_login(settings))
    return Stored(open_s3(at), at.address, None)


def _s3_login(settings: Settings) -> S3Login:
    secrets = (settings.s3_access_key_id, settings.s3_secret_access_key, settings.s3_session_token)
    key, secret, token = (None if each is None else each.get_secret_value() for each in secrets)
    return S3Login(settings.s3_endpoint, settings.s3_region, key, secret, token, settings.s3_allow_http)


def _make_workspace(settings: Settings) -> Path:
    """The folder for packages; in a group's state folder it is the group's, or only one of them could build."""
    if _is_shared(settings.state) and not settings.packages.exists():
        with writing(settings.packages):
            settings.packages.mkdir(mode=0o700, exist_ok=True)
            settings.packages.chmod(0o2770)
    return settings.packages


def _is_shared(state: Path) -> bool:
    return state.is_dir() and is_shared(state)
