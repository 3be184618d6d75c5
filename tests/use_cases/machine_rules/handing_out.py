"""Links, downloads and passphrases of one request at any time, against a model that knows what was handed out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from dsar_export.errors import StateError, WrongUseError
from dsar_export.requests.database import writing
from dsar_export.requests.installation import begin_epoch
from dsar_export.requests.transitions import void_passphrases
from dsar_export.use_cases import decide
from dsar_export.use_cases.downloads import may_go_on, offered, start_download
from dsar_export.use_cases.links import revoke
from dsar_export.use_cases.purge import purge
from dsar_export.use_cases.reissue import reissue
from dsar_export.use_cases.reveal import revealed
from tests.use_cases.office_checks import check_trail
from tests.use_cases.parcels import FIRST, PASSPHRASE, SECOND, WEB_PERSON, Parcels, ask, lost, reveal

WHICH: Final = st.sampled_from([0, 0, 0, 0, 1, 2])
"""Mostly the newest."""
SELDOM: Final = st.integers(0, 4)
"""0 for what ends much, so that the rest is met often."""
_DAY: Final = timedelta(days=1)


@dataclass
class Link:
    """A link that was mailed."""

    token: str
    made_at: datetime
    left: int = 3
    void: bool = False
    downloads: list[tuple[str, datetime]] = field(default_factory=list)

    def holds(self, now: datetime) -> bool:
        return not self.void and self.made_at <= now < self.made_at + 7 * _DAY


class HandingOut(RuleBasedStateMachine):
    """One request whose packages are built, mailed, fetched, revoked, reissued and purged, by a clock that is moved."""

    def __init__(self, parcels: Parcels) -> None:
        super().__init__()
        self.parcels = parcels
        parcels.reached(FIRST, SECOND)
        self.asked_everywhere: list[datetime] = []
        self.known: set[str] = set()
        self.begin()

    def begin(self) -> None:
        self.reference = self.parcels.ready()
        self.state, self.published_at = "available", self.now
        self.waits, self.revealed = True, 0
        """Whether a passphrase waits, and how often one was revealed since the last build."""
        self.links: list[Link] = []
        self.asked_at: list[datetime] = []

    def teardown(self) -> None:
        check_trail(self.parcels.office)

    @property
    def now(self) -> datetime:
        return self.parcels.office.now

    @property
    def is_handed_out(self) -> bool:
        return self.state in {"available", "delivered"}

    def void_links(self) -> None:
        for link in self.links:
            link.void = True

    def check_state(self) -> None:
        assert self.parcels.state(self.reference) == self.state
        for link in self.links[-6:]:
            shown = offered(self.parcels.desk(WEB_PERSON), self.parcels.services.register, link.token)
            assert (0 if shown is None else shown.left) == (link.left if link.holds(self.now) else 0)

    @precondition(lambda self: self.is_handed_out)
    @rule(again=st.booleans())
    def send(self, *, again: bool) -> None:
        """By staff, or by whoever lost a link, three times a day."""
        before = len(self.parcels.mails())
        if again:
            lost(self.parcels, self.reference)
            recent = [at for at in self.asked_at if at > self.now - _DAY]
            hour = [at for at in self.asked_everywhere if at > self.now - timedelta(hours=1)]
            allowed = bool(self.links) and len(recent) < 3 and len(hour) < 100
            assert len(self.parcels.mails()) == before + allowed
            if not allowed:
                return
            self.asked_at.append(self.now)
            self.asked_everywhere.append(self.now)
        else:
            self.parcels.send(self.reference)
            self.void_links()
        (token,) = {token for mail in self.parcels.mails() for token in mail.tokens} - self.known
        self.known.add(token)
        self.links.append(Link(token, self.now))
        self.check_state()

    @precondition(lambda self: self.links)
    @rule(which=WHICH, times=st.sampled_from([1, 1, 4]))
    def start(self, which: int, times: int) -> None:
        link = self.links[-1 - which % len(self.links)]
        for _ in range(times):
            counts = link.holds(self.now) and link.left > 0
            started = start_download(self.parcels.desk(WEB_PERSON), link.token)
            assert (started is not None) == counts
            event(f"start: {counts}")
            if started is not None:
                link.left -= 1
                link.downloads.append((started, self.now))
                for each in self.links:
                    each.void = each.void or each.made_at < link.made_at
                self.state = "delivered"
        self.check_state()

    @precondition(lambda self: any(link.downloads for link in self.links))
    @rule(which=WHICH)
    def go_on(self, which: int) -> None:
        begun = [(link, each) for link in self.links for each in link.downloads]
        link, (started, at) = begun[-1 - which % len(begun)]
        goes_on = may_go_on(self.parcels.desk(WEB_PERSON), started)
        assert goes_on == (link.holds(self.now) and self.now < at + _DAY)

    @precondition(lambda self: self.links)
    @rule(which=WHICH, right=st.sampled_from([True, True, True, False]))
    def reveal_by_code(self, which: int, *, right: bool) -> None:
        link = self.links[-1 - which % len(self.links)]
        before = len(self.parcels.mails(SECOND))
        asked = ask(self.parcels, link.token)
        assert asked == (link.holds(self.now) and self.waits)
        sent = self.parcels.mails(SECOND)[before:]
        codes = [mail.code for mail in self.parcels.mails(SECOND)] or ["000000"]
        code = codes[-1] if right else f"{(int(codes[-1]) + 1) % 10**6:06}"
        shown = reveal(self.parcels, link.token, code)
        if not (right and sent):
            assert shown is None or (self.waits and right)
        self.now_revealed(shown, must=bool(right and sent and asked))

    @rule(seldom=SELDOM)
    def reveal_by_staff(self, seldom: int) -> None:
        if seldom:
            return
        shown = None
        try:
            with revealed(self.parcels.desk(), self.reference) as passphrase:
                shown = passphrase
        except WrongUseError:
            assert not (self.waits and self.is_handed_out)
        self.now_revealed(shown, must=self.waits and self.is_handed_out)

    def now_revealed(self, shown: str | None, *, must: bool) -> None:
        assert shown in {None, PASSPHRASE}
        assert not must or shown is not None
        if shown is not None:
            event("revealed")
            assert self.waits
            assert self.is_handed_out
            self.waits = False
            self.revealed += 1
        assert self.revealed <= 1

    @rule(seldom=SELDOM)
    def revoke(self, seldom: int) -> None:
        if seldom:
            return
        revoke(self.parcels.desk(), self.reference)
        self.void_links()
        self.check_state()

    @rule(seldom=SELDOM)
    def restore(self, seldom: int) -> None:
        """What `database restored` does to links and passphrases."""
        if seldom:
            return
        with writing(self.parcels.office.installation.engine) as connection:
            begin_epoch(connection, self.now)
            void_passphrases(connection)
        self.void_links()
        self.waits = False
        self.check_state()

    @rule(seldom=SELDOM)
    def reissue_and_build(self, seldom: int) -> None:
        if seldom:
            return
        try:
            reissue(self.parcels.desk(), self.reference)
        except StateError:
            assert not self.is_handed_out
            return
        assert self.is_handed_out
        self.void_links()
        self.parcels.publish(self.reference)
        self.state, self.published_at = "available", self.now
        self.waits, self.revealed = True, 0
        self.check_state()

    @precondition(lambda self: self.state == "delivered")
    @rule(seldom=SELDOM)
    def close(self, seldom: int) -> None:
        if not seldom:
            decide.close(self.parcels.desk(), self.reference)
            self.state, self.waits = "closed", False
            self.void_links()
            self.check_state()

    @rule()
    def purge(self) -> None:
        purge(self.parcels.desk("fay"), self.parcels.services.register)
        limit = (self.now - 90 * _DAY).replace(hour=0, minute=0, second=0, microsecond=0)
        if self.state == "available" and self.published_at < limit:
            event("expired")
            self.state, self.waits = "expired", False
            self.void_links()
        if self.is_handed_out:
            self.check_state()

    @precondition(lambda self: not self.is_handed_out)
    @rule()
    def another(self) -> None:
        """Nothing leads on from an ended request, so another one begins."""
        for link in self.links:
            assert start_download(self.parcels.desk(WEB_PERSON), link.token) is None
        self.begin()

    @rule(hours=st.sampled_from([0, 0, 2, 2, -1, 24, 4 * 24, 7 * 24, 95 * 24]))
    def set_clock(self, hours: int) -> None:
        self.parcels.set_clock(timedelta(hours=hours, minutes=2))
        if self.is_handed_out:
            self.check_state()
