"""What the reasons of an inbox look at: everything is read once, however many requests there are."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dsar_export.model.clock import DueDate, Pause
from dsar_export.model.complaint import ListedComplaint
from dsar_export.model.mail import NOT_SENT
from dsar_export.model.people import Grant, Role
from dsar_export.model.register import Register
from dsar_export.model.work import Work
from dsar_export.requests import trail
from dsar_export.requests.codes import void_codes
from dsar_export.requests.complaints import complained_about, open_complaints
from dsar_export.requests.decisions import ListedDecision, listed_decisions, written_since
from dsar_export.requests.outbox import ListedMail, list_mails
from dsar_export.requests.packages import Packages, first_answers, packages_of
from dsar_export.requests.pauses import pauses_of
from dsar_export.requests.people import EVERY_CONTROLLER, grants_at, requests_about
from dsar_export.requests.portal_person import PORTAL
from dsar_export.requests.requests import Filters, ListedRequest, list_requests
from dsar_export.requests.states import ENDED, HANDED_OUT, State
from dsar_export.requests.times import microseconds
from dsar_export.requests.webhook_messages import parked_since
from dsar_export.requests.work import works
from dsar_export.requests.workers import somebody_lives
from dsar_export.use_cases.clocks import local_day
from dsar_export.use_cases.desk import Act
from dsar_export.use_cases.due import UNANSWERED, due_dates
from dsar_export.use_cases.unsent import Awaited, Unsent, unsent

_WORKING: Final = frozenset({Role.AGENT, Role.REVIEWER})


@dataclass(frozen=True)
class InboxView:
    """The open requests of the controllers where somebody works, but not those about that person.

    Also those that have ended, if a complaint about them or a text of the person waits, or a message to a webhook is
    parked.
    """

    act: Act
    register: Register
    grants: tuple[Grant, ...]
    """Those of the person at work."""
    requests: Mapping[str, ListedRequest]
    due: Mapping[str, DueDate]
    """Of the requests that nobody has answered yet."""
    pauses: Mapping[str, tuple[Pause, ...]]
    packages: Mapping[str, Packages]
    decisions: Mapping[str, tuple[ListedDecision, ...]]
    """Of the requests in review, as `gaps`."""
    gaps: Mapping[str, int]
    """How many sources the Draft lacks."""
    unsent_mails: Mapping[str, tuple[ListedMail, ...]]
    """All mails about each request of which one ended unsent, the oldest in front."""
    void_codes: Mapping[str, datetime]
    unsent: Mapping[Awaited, Mapping[str, Unsent]]
    """Codes of the requests that wait to be verified; the others of those whose packages wait."""
    complaints: tuple[ListedComplaint, ...]
    """Those without an answer; their requests may have ended."""
    parked_messages: Mapping[str, datetime]
    """The requests about which a message to another system is parked, with since when; they may have ended."""
    written: Mapping[str, datetime]
    """Since when a text of the person waits, also about requests that have ended."""
    work: Mapping[str, Work]
    """What is asked of workers."""
    somebody_works: bool
    """Whether a worker is there to do it."""

    @property
    def at(self) -> datetime:
        return self.act.at

    def waits_for_worker(self, request: ListedRequest) -> bool:
        """Whether a worker takes it up by itself, now or later."""
        work = self.work.get(request.reference)
        return self.somebody_works and work is not None and work.parked_at is None

    def mine(self, states: Set[State], *roles: Role) -> Iterator[ListedRequest]:
        """The requests in these states at whose controller the person has one of the roles."""
        for request in self.requests.values():
            if request.state in states and self.has_role(request, *roles):
                yield request

    def has_role(self, request: ListedRequest, *roles: Role) -> bool:
        """Whether the person has one of the roles at the request's controller."""
        here = {request.controller, EVERY_CONTROLLER}
        return any(grant.controller in here and grant.role in roles for grant in self.grants)

    def day(self, request: ListedRequest, at: datetime) -> date:
        """The day of a moment at the request's controller."""
        return local_day(self.register, request.controller, at)


def inbox_view(act: Act, register: Register) -> InboxView:
    """Reads what is open; of controllers that left the register, nothing can be reckoned or approved."""
    name = act.desk.person.name
    grants = tuple(g for g in grants_at(act.connection, act.at) if g.person == name and g.role in _WORKING)
    places = {grant.controller for grant in grants}
    known = frozenset(register.organisation.controllers)
    here = known if EVERY_CONTROLLER in places else known & places
    own = requests_about(act.connection, name)
    complaints = open_complaints(act.connection)
    parked, written = parked_since(act.connection), _written(act)
    ended = Filters(ENDED, here, references={*complained_about(complaints), *parked, *written})
    listed = (
        *list_requests(act.connection, Filters(controllers=here)),
        *list_requests(act.connection, ended),
    )
    found = [request for request in listed if request.reference not in own]
    open_ = [request for request in found if request.state in UNANSWERED]
    answered = first_answers(act.connection, [request.reference for request in open_])
    unanswered = [request for request in open_ if request.reference not in answered]
    reviewed = _in_state(found, State.IN_REVIEW)
    handed_out = _in_state(found, *HANDED_OUT)
    return InboxView(
        act,
        register,
        grants,
        {request.reference: request for request in found},
        due_dates(act, register, unanswered),
        pauses_of(act.connection, open_),
        packages_of(act.connection, handed_out),
        listed_decisions(act.connection, reviewed),
        _gaps(act, reviewed),
        _unsent_mails(act, found),
        void_codes(act.connection, act.at),
        {
            Awaited.CODE: unsent(act, Awaited.CODE, _in_state(found, State.RECEIVED)),
            Awaited.PASSPHRASE_CODE: unsent(act, Awaited.PASSPHRASE_CODE, handed_out),
            Awaited.LINK: unsent(act, Awaited.LINK, handed_out),
        },
        complaints,
        parked,
        written,
        works(act.connection),
        somebody_lives(act.connection, act.at),
    )


def _written(act: Act) -> Mapping[str, datetime]:
    """What people wrote in the portal, and nobody of staff has written a note or a letter since."""
    found = written_since(act.connection, PORTAL)
    letters = trail.latest(act.connection, "letter", found)
    answered = {reference: entry.values["at"] for reference, entry in letters.items()}
    waiting: dict[str, datetime] = {}
    for reference, texts in found.items():
        until = answered.get(reference)
        later = [at for at in texts if not isinstance(until, int) or microseconds(at) > until]
        if later:
            waiting[reference] = later[0]
    return waiting


def _gaps(act: Act, reviewed: Collection[str]) -> Mapping[str, int]:
    """As the trail has it: to open each Draft would take much longer."""
    submitted = trail.latest(act.connection, "submit", reviewed)
    details = {reference: entry.values["details"] for reference, entry in submitted.items()}
    return {r: int(found.get("gaps", 0)) for r, found in details.items() if isinstance(found, dict)}


def _unsent_mails(act: Act, found: Sequence[ListedRequest]) -> Mapping[str, tuple[ListedMail, ...]]:
    """Few requests have such a mail, so each of those is asked for the others."""
    failed = {mail.reference for mail in list_mails(act.connection, states=NOT_SENT) if mail.ended_at}
    references = [request.reference for request in found if request.reference in failed]
    return {reference: list_mails(act.connection, reference=reference) for reference in references}


def _in_state(found: Sequence[ListedRequest], *states: State) -> Collection[str]:
    return [request.reference for request in found if request.state in states]
