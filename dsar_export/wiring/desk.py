"""Builds the desk of whoever starts a command about requests; apart, because an export at once needs none of it."""

import os
import pwd

from dsar_export.delivery.folder_store import FolderStore
from dsar_export.model.people import Person
from dsar_export.requests import trail
from dsar_export.requests.database import writing
from dsar_export.requests.house import open_house
from dsar_export.requests.people import person_of_uid
from dsar_export.requests.trail.reading import head
from dsar_export.settings import Settings
from dsar_export.use_cases.desk import Desk
from dsar_export.wiring import now


def open_desk(settings: Settings) -> Desk:
    """Opens the database of requests with its keys; makes both if there are none, for whoever starts this command."""
    uid = os.getuid()
    founder = Person(_login(uid), uid)
    house = open_house(settings.database, settings.keys, founder, now())
    with writing(house.engine) as connection:
        person = person_of_uid(connection, uid)
        if not settings.anchor.exists() and head(connection).number == 0:
            trail.place(connection, house.keys.trail, settings.anchor)
    return Desk(
        house.engine,
        house.keys,
        house.vault,
        settings.anchor,
        FolderStore(settings.drafts),
        settings.packages,
        now,
        person,
    )


def _login(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # an account without a name, as in a container
        return f"uid-{uid}"
