"""An installation of requests in folders of its own, with an agent, a reviewer and a worker."""

from dataclasses import replace
from pathlib import Path

from dsar_export.delivery.passphrases import new_passphrase
from dsar_export.model.intake import Channel
from dsar_export.model.package import ReportChoices
from dsar_export.model.people import Grant, Person, Role
from dsar_export.model.request import Identifier, Right
from dsar_export.requests.database import reading, writing
from dsar_export.requests.people import EVERY_CONTROLLER, add_person, grant
from dsar_export.requests.requests import StoredRequest, read_request
from dsar_export.requests.states import State
from dsar_export.settings import Settings
from dsar_export.use_cases.ask import ask_to_build, ask_to_collect
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.decide import approve
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.perform import Workbench, perform_next
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.report_choices import ReportOptions
from dsar_export.use_cases.services import Services, SilentProgress
from dsar_export.use_cases.take_in import Intake, take_in
from dsar_export.wiring import now, parts_of
from dsar_export.wiring.desk import open_desk
from dsar_export.wiring.kept import KeptServices
from dsar_export.wiring.waking import NobodyToWake


class Office:
    """Its desk is the agent's; `reviewer` has another one, because four eyes are two people."""

    def __init__(self, register: Path, state: Path) -> None:
        self.kept = KeptServices(register, SilentProgress())
        self.desk = open_desk(Settings(DSAR_REGISTER=register, state=state))  # type: ignore[call-arg] # its name there
        self.reviewer = replace(self.desk, person=Person("reviewer", None))
        at = now()
        with writing(self.desk.engine) as connection:
            grant(connection, Grant(self.desk.person.name, EVERY_CONTROLLER, Role.AGENT, at))
            add_person(connection, self.reviewer.person.name, None)
            grant(connection, Grant(self.reviewer.person.name, EVERY_CONTROLLER, Role.REVIEWER, at))
        self.register = self.services().register
        self.bench = Workbench(self.desk, self.services, parts_of())

    def services(self) -> Services:
        """Those of a worker, for the next person."""
        return self.kept.current()

    def verified(self, controller: str, *identifiers: Identifier) -> str:
        """The reference of a new request that was verified."""
        intake = Intake((Right.ACCESS,), controller, Channel.LETTER, now(), identifiers, "en")
        reference = take_in(self.desk, self.register, intake).reference
        prove_by_evidence(self.desk, self.register, reference, "call_back", "asked back at the known number")
        return reference

    def ask_to_collect(self, reference: str) -> None:
        ask_to_collect(self.desk, self.register, reference, CollectOrder(), NobodyToWake())

    def ask_to_build(self, reference: str) -> None:
        ask_to_build(self.desk, self.register, reference, ReportOptions("en"), NobodyToWake())

    def approve(self, reference: str) -> None:
        approve(self.reviewer, self.register, reference)

    def perform(self) -> None:
        """A worker's turn; RuntimeError with the reason if it failed, but not if staff must choose the person."""
        performed = perform_next(self.bench, heavy=False)
        if performed is None:
            raise RuntimeError("nothing waits")
        if performed.failure and self.request(performed.reference).listed.state is not State.AMBIGUOUS:
            raise RuntimeError(performed.failure)

    def request(self, reference: str) -> StoredRequest:
        with reading(self.desk.engine) as connection:
            return read_request(connection, reference, self.desk.vault)

    def order(self) -> PackageOrder:
        return PackageOrder(
            self.desk.workspace, new_passphrase("en"), ReportChoices("en"), nothing_held_confirmed=True
        )
