"""The packages that wait for people, or that they got and may get again, with their links."""

from dataclasses import dataclass

from dsar_export.model.people import Role
from dsar_export.requests.download_links import OpenLink, open_links
from dsar_export.requests.installation import epoch
from dsar_export.requests.packages import PublishedPackage, packages_of
from dsar_export.requests.people import EVERY_CONTROLLER, grants_at, requests_about
from dsar_export.requests.requests import Filters, list_requests, passphrases_waiting
from dsar_export.requests.states import HANDED_OUT, State
from dsar_export.use_cases.desk import Desk

_SEE: frozenset[Role] = frozenset({Role.AGENT, Role.REVIEWER})


@dataclass(frozen=True)
class WaitingPackage:
    """A package with the state of its request and the link that leads to it, if one counts."""

    package: PublishedPackage
    controller: str
    state: State
    passphrase_waits: bool
    link: OpenLink | None


def waiting_packages(desk: Desk) -> tuple[WaitingPackage, ...]:
    """Those of the controllers where the person is agent or reviewer, the oldest request in front."""
    with desk.looking() as act:
        name = desk.person.name
        grants = [g for g in grants_at(act.connection, act.at) if g.person == name and g.role in _SEE]
        places = {grant.controller for grant in grants}
        here = None if EVERY_CONTROLLER in places else places
        own = requests_about(act.connection, name)
        listed = [
            r for r in list_requests(act.connection, Filters(HANDED_OUT, here)) if r.reference not in own
        ]
        references = [request.reference for request in listed]
        packages = packages_of(act.connection, references)
        links = open_links(act.connection, epoch(act.connection), act.at)
        waiting = passphrases_waiting(act.connection)
    return tuple(
        WaitingPackage(
            package,
            request.controller,
            request.state,
            request.reference in waiting,
            links.get((request.reference, package.right)),
        )
        for request in listed
        for package in packages.get(request.reference, ())
    )
