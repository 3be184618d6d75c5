"""What every rule of the machine needs: the office, its model, and what holds after each step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Role
from dsar_export.model.request import Right
from dsar_export.requests.installation import Installation
from dsar_export.requests.key_file import read_key_file
from dsar_export.requests.vault import Vault
from tests.use_cases.machine_rules.staff_model import Staff
from tests.use_cases.machine_rules.state_watch import StateWatch
from tests.use_cases.office_checks import (
    check_files,
    check_no_marker,
    check_no_marker_in,
    check_row,
    check_trail,
    newest_entry,
)
from tests.use_cases.offices import Office
from tests.use_cases.request_model import Case

SOMEBODY: Final = st.sampled_from(
    ["ada", "ray", "kim", "ada", "ray", "kim", "abe", "rex", "aud", "fay", "bea", "nia"]
)
ABOVE: Final = st.sampled_from(["fay", "fay", "fay", "kim", "ada", "aud"])
"""Whoever tries what administrators do."""
WHICH: Final = st.integers(0, 2)
RIGHTS: Final = st.sampled_from([(Right.ACCESS,), (Right.PORTABILITY,), (Right.PORTABILITY, Right.ACCESS)])
IDENTIFIERS: Final = st.sampled_from(
    [
        ("email=Sam@example.org",),
        ("email=Sam@example.org", "customer_id=C-2"),
        ("email=Sam@example.org", "email=robin@example.org"),
        ("email=nobody@example.org",),
        ("customer_id=C-1", "email=nobody@example.org"),
    ]
)
AGENT, REVIEWER, AUDITOR, ADMINISTRATOR = Role.AGENT, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR


@dataclass(frozen=True)
class Seen:
    """All that the office keeps."""

    rows: dict[str, list[tuple[object, ...]]]
    files: dict[str, tuple[int, int]]
    anchor_and_keys: tuple[bytes, bytes]

    @property
    def newest_entry(self) -> int:
        """The number of the trail's last entry."""
        return max((int(str(number)) for number, *_ in self.rows["trail"]), default=0)


class BaseMachine(RuleBasedStateMachine):
    """Compares each step with the model; the rules are in the classes that follow."""

    def __init__(self, office: Office, keys: Path) -> None:
        super().__init__()
        self.office, self.keys = office, keys
        self.cases: list[Case] = []
        self.staff = Staff()
        self.reopen()
        self.watch = StateWatch(office.installation.engine)
        self.last: Seen | None = None
        """What the office keeps, if nothing can have changed since."""
        self.checked: Seen | None = None

    def teardown(self) -> None:
        self.watch.stop()
        check_no_marker(self.office)

    def reopen(self) -> None:
        """As the next command opens the key file."""
        held = read_key_file(self.keys)
        vault = Vault(held, partial(read_key_file, self.keys))
        self.office.installation = Installation(self.office.installation.engine, held, vault)

    def may(self, name: str, *roles: Role) -> bool:
        """Whether somebody has one of these roles at the controller of all requests."""
        return self.staff.may(name, self.office.now, roles)

    def handles(self, name: str, case: Case, *roles: Role) -> bool:
        """Whether somebody has one of these roles for a request, and it is not about themself."""
        return self.may(name, *roles) and not self.staff.is_subject(name, case.identifiers)

    def is_administrator(self, name: str) -> bool:
        """Whether somebody administers all controllers."""
        return self.staff.may(name, self.office.now, [ADMINISTRATOR], "*")

    def look_round(self) -> Seen:
        kept = (self.office.anchor.read_bytes(), self.keys.read_bytes())
        return Seen(self.office.rows(), self.office.files(), kept)

    @contextmanager
    def trying(self, *, allowed: bool, noted: bool = True) -> Iterator[None]:
        """A call that is refused changes nothing at all; one that is allowed is `noted` in the trail."""
        before = self.last or self.look_round()
        self.last = None
        if allowed:
            yield
            self.last = None
            assert not noted or newest_entry(self.office) > before.newest_entry
        else:
            with pytest.raises(WrongUseError):
                yield
            assert self.look_round() == before
            self.last = before

    def tried(self, call: Callable[[], object], *, allowed: bool, noted: bool = True) -> bool:
        with self.trying(allowed=allowed, noted=noted):
            call()
        return allowed

    def looked(self, call: Callable[[], object], *, allowed: bool) -> None:
        """A call that changes nothing in any case, and is refused to some."""
        before = self.last or self.look_round()
        if allowed:
            call()
        else:
            with pytest.raises(WrongUseError):
                call()
        assert self.look_round() == before
        self.last = before

    def case(self, which: int) -> Case:
        return self.cases[which % len(self.cases)]

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        for case in self.cases:
            event(f"state: {case.state}")
        if self.last is not None and self.last is self.checked:
            return
        self.last = self.checked = self.look_round()
        check_trail(self.office)
        check_files(self.office, self.cases)
        check_no_marker_in(self.office, self.last.rows)
        assert len(self.last.rows["requests"]) == len(self.cases)
        for case in self.cases:
            check_row(self.office, case)
