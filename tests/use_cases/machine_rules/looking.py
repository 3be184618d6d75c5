"""What people look at: it changes nothing, and is shown to those who may see it."""

from collections.abc import Callable, Mapping
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from dsar_export.model.people import Role
from dsar_export.use_cases import staff
from dsar_export.use_cases.audit import trail_entries, trail_key, trail_lines, trail_verdict
from dsar_export.use_cases.complaining import complaints_here
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.due import due_of
from dsar_export.use_cases.evidence import write_evidence
from dsar_export.use_cases.figures import figures
from dsar_export.use_cases.inbox import inbox
from dsar_export.use_cases.look_up import request_file, requests_here
from dsar_export.use_cases.post import mails_here
from dsar_export.use_cases.review import page, review
from tests.use_cases.machine_rules.every_step import (
    ADMINISTRATOR,
    AGENT,
    AUDITOR,
    REVIEWER,
    SOMEBODY,
    WHICH,
    BaseMachine,
)
from tests.use_cases.offices import PARTS_OF

_OF_A_REQUEST: Final = ("show", "due", "review")
_READERS: Final[Mapping[str, tuple[Role, ...]]] = {
    "list": (),
    "inbox": (),
    "complaints": (),
    "people": (),
    "mail": (AGENT, ADMINISTRATOR),
    "figures": (REVIEWER, AUDITOR, ADMINISTRATOR),
    "trail show": (AUDITOR, ADMINISTRATOR),
    "trail verify": (AUDITOR, ADMINISTRATOR),
    "trail export": (AUDITOR, ADMINISTRATOR),
}
"""Who may look at what concerns all requests; whoever has no role sees an empty list."""


class LookingRules(BaseMachine):
    """Shows, lists and counts."""

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, what=st.sampled_from(_OF_A_REQUEST))
    def look(self, who: str, which: int, what: str) -> None:
        case, desk, register = self.case(which), self.office.desk(who), self.office.services.register
        calls: dict[str, Callable[[], object]] = {
            "show": lambda: request_file(desk, case.reference, register),
            "due": lambda: due_of(desk, register, case.reference),
            "review": lambda: review(desk, register, case.reference),
        }
        allowed = self.handles(who, case, AGENT, REVIEWER, AUDITOR)
        self.looked(calls[what], allowed=allowed and (what != "review" or case.draft is not None))

    @rule(who=SOMEBODY, what=st.sampled_from(sorted(_READERS)))
    def look_at_all(self, who: str, what: str) -> None:
        desk, register = self.office.desk(who), self.office.services.register
        calls: dict[str, Callable[[], object]] = {
            "list": lambda: requests_here(desk, register, ended=True),
            "inbox": lambda: self.look_at_inbox(desk),
            "complaints": lambda: complaints_here(desk, register),
            "people": lambda: staff.colleagues(desk),
            "mail": lambda: mails_here(desk),
            "figures": lambda: figures(desk, register),
            "trail show": lambda: trail_entries(desk),
            "trail verify": lambda: trail_verdict(desk),
            "trail export": lambda: list(trail_lines(desk)),
        }
        readers = _READERS[what]
        self.looked(calls[what], allowed=not readers or self.staff.has(who, self.office.now, readers))

    def look_at_inbox(self, desk: Desk) -> None:
        """Nothing waits there for the person whom it is about."""
        found = {item.reference for item in inbox(desk, self.office.services.register)}
        about = [c for c in self.cases if self.staff.is_subject(desk.person.name, c.identifiers)]
        assert found.isdisjoint(case.reference for case in about)
        assert found <= {case.reference for case in self.cases}

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, what=st.sampled_from(["whole", "whole", "masked", "evidence", "key"]))
    def look_with_entry(self, who: str, which: int, what: str) -> None:
        """Whoever shows records whole, writes evidence or takes the key of the trail is in the trail."""
        case, desk, services = self.case(which), self.office.desk(who), self.office.services
        if what == "key":
            readers = self.staff.has(who, self.office.now, [AUDITOR, ADMINISTRATOR])
            self.tried(lambda: trail_key(desk), allowed=readers)
            return
        if what == "evidence":
            allowed = self.handles(who, case, AGENT, REVIEWER, AUDITOR)
            self.tried(lambda: write_evidence(desk, services, PARTS_OF, case.reference), allowed=allowed)
            return
        allowed = self.handles(who, case, REVIEWER) and case.draft is not None
        allowed = allowed and self.staff.sees(who, self.office.now, frozenset({"records"}))
        if what == "whole":
            self.tried(lambda: page(desk, case.reference, "records", 1, 9, whole=True), allowed=allowed)
        else:
            self.looked(lambda: page(desk, case.reference, "records", 1, 9), allowed=allowed)
