"""Hands links out to a portal, whose customer has signed in there; nothing goes by mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Role
from dsar_export.model.request import Right
from dsar_export.requests.download_links import LASTS, revoke_links
from dsar_export.requests.states import HANDED_OUT
from dsar_export.requests.transitions import require_state
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.links import made_links, web_url_of


@dataclass(frozen=True)
class HandedLinks:
    """A link to each package of a request."""

    links: Mapping[Right, str] = field(repr=False)
    expires_at: datetime


def hand_out_links(desk: Desk, reference: str) -> HandedLinks:
    """Makes a link to each package, for whoever shows it to the person; earlier ones are revoked.

    WrongUseError where an agent acts for the person: what an agent gets goes by mail, to the agent's address.
    """
    web = web_url_of(desk)
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        require_state(
            act.connection, reference, request.listed.version, act.at, HANDED_OUT, "hand out a link to"
        )
        if request.subject.mandate is not None:
            raise WrongUseError(
                f"{reference}: an agent acts for the person; staff send the link with `request deliver --by link`"
            )
        revoke_links(act.connection, reference, act.at)
        links = made_links(act, reference, desk.person.name, web, None)
        if not links:
            raise WrongUseError(f"{reference}: its packages were erased; there is nothing to download")
        act.note("hand_out_link", request)
        return HandedLinks(links, act.at + LASTS)
