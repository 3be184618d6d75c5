"""Whoever asks proves who they are by a code: rightly, wrongly, late, or with that of another request."""

from typing import Final

import pytest
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from dsar_export.errors import WrongUseError
from dsar_export.requests.codes import LASTS
from dsar_export.use_cases.codes import accept_code, look_up_and_send, prove_by_code
from dsar_export.use_cases.prove import prove_by_evidence
from tests.use_cases.machine_rules.every_step import AGENT, SOMEBODY, WHICH, BaseMachine
from tests.use_cases.office_checks import mailed_codes, trail_actions
from tests.use_cases.offices import SPOKEN
from tests.use_cases.request_model import Case, Code, contacts_of, may_send

WHICH_CODE: Final = st.sampled_from(["right", "right", "right", "wrong", "wrong", "late", "earlier", "other"])


class CodeRules(BaseMachine):
    """Verifies requests by codes, and by evidence."""

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH)
    def ask(self, who: str, which: int) -> None:
        """Whether there is an address, and whether it had too many codes already, shows in the trail alone."""
        case, now, desk = self.case(which), self.office.now, self.office.desk(who)
        services = self.office.services
        allowed = self.handles(who, case, AGENT) and case.can("verify", now)
        before = mailed_codes(self.office, case.reference) if allowed else {}

        def asked() -> None:
            look_up_and_send(desk, services, accept_code(desk, services.register, case.reference))

        if not self.tried(asked, allowed=allowed):
            return
        contacts = contacts_of(case.identifiers)
        if not contacts:
            event("code: no contact")
            return
        address, found_by = contacts[0]
        mine = frozenset({f"email={address}", found_by})
        sent = [code for each in self.cases for code in each.codes]
        if not may_send(sent, mine, who, self.office.now):
            event("code: too many")
            return
        event("code: sent")
        codes = mailed_codes(self.office, case.reference)
        (code,) = (codes[mail] for mail in codes.keys() - before.keys())
        case.codes.append(Code(code, mine, who, self.office.now))

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, code=WHICH_CODE)
    def prove(self, who: str, which: int, code: str) -> None:
        coded = [case for case in self.cases if case.codes] or self.cases
        self.prove_for(who, coded[which % len(coded)], code)

    def prove_for(self, who: str, case: Case, code: str) -> None:
        if code == "late":
            self.office.now += LASTS
        given, desk = self.given(case, code), self.office.desk(who)
        register = self.office.services.register
        if not (self.handles(who, case, AGENT) and case.can("verify", self.office.now)):
            self.tried(lambda: prove_by_code(desk, register, case.reference, given), allowed=False)
            return
        last = case.codes[-1] if case.codes else None
        counts = last is not None and last.counts(self.office.now)
        if last is not None and counts:
            last.tries += 1
        proven = last.proven(case.identifiers) if last is not None and counts and last.text == given else ()
        event(f"code: {code} {'proves' if proven else 'proves nothing'}")
        if last is None or not proven:
            self.proves_nothing(who, case, given)
            return
        self.tried(lambda: prove_by_code(desk, register, case.reference, given), allowed=True)
        last.used = True
        self.now_verified(case, who, proven, by_code=True)

    def proves_nothing(self, who: str, case: Case, given: str) -> None:
        """Only the tries are counted, and the trail says that somebody tried."""
        desk, register = self.office.desk(who), self.office.services.register
        before = self.look_round().rows
        with self.trying(allowed=True), pytest.raises(WrongUseError, match="does not count"):
            prove_by_code(desk, register, case.reference, given)
        after = self.look_round().rows
        assert trail_actions(self.office)[len(before["trail"]) :] == ["wrong_code"]
        changed = {name for name in after if after[name] != before[name]}
        assert changed <= {"codes", "trail"}

    def given(self, case: Case, code: str) -> str:
        """What somebody types in."""
        texts = [each.text for each in case.codes] or ["000000"]
        others = [each.codes[-1].text for each in self.cases if each is not case and each.codes]
        match code:
            case "wrong":
                return f"{(int(texts[-1]) + 1) % 10**6:06}"
            case "earlier":
                return texts[0]
            case "other":
                return others[0] if others else texts[-1]
            case _:
                return texts[-1]

    @precondition(lambda self: self.cases)
    @rule(who=SOMEBODY, which=WHICH, every=st.booleans())
    def verify(self, who: str, which: int, *, every: bool) -> None:
        """Proves all identifiers by evidence, or those of the kind that was given first.

        Nobody does that who sent a code to the person that did not come back.
        """
        case, desk = self.case(which), self.office.desk(who)
        kind = case.identifiers[0].partition("=")[0]
        register = self.office.services.register
        allowed = self.handles(who, case, AGENT) and case.can("verify", self.office.now)
        allowed = allowed and who not in self.senders_without_answer(case)
        kinds = () if every else (kind,)
        if self.tried(
            lambda: prove_by_evidence(desk, register, case.reference, "seen", SPOKEN, kinds), allowed=allowed
        ):
            proven = tuple(i for i in case.identifiers if every or i.startswith(f"{kind}="))
            self.now_verified(case, who, proven, by_code=False)

    def senders_without_answer(self, case: Case) -> set[str]:
        """Who sent a code to this person, in a request in which none came back since."""
        waiting: set[str] = set()
        for each in self.cases:
            about = [code for code in each.codes if code.proven(case.identifiers)]
            used = [number for number, code in enumerate(about, start=1) if code.used]
            waiting |= {code.sender for code in about[max(used, default=0) :]}
        return waiting

    def now_verified(self, case: Case, who: str, proven: tuple[str, ...], *, by_code: bool) -> None:
        case.go("verify", self.office.now)
        case.verified_by, case.proven, case.verified_by_code = who, proven, by_code
