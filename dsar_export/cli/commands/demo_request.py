"""`dsar-export demo --as-request`: answers the demo's person as a request, from intake to the package."""

from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.commands.trail import print_entries
from dsar_export.cli.identifiers import read_identifiers
from dsar_export.delivery.passphrases import new_passphrase
from dsar_export.demo import DemoPerson, demo_person
from dsar_export.model.intake import Channel
from dsar_export.model.people import Grant, Role
from dsar_export.model.request import Right
from dsar_export.requests.people import EVERY_CONTROLLER
from dsar_export.settings import Settings
from dsar_export.use_cases import decide, staff
from dsar_export.use_cases.audit import trail_entries
from dsar_export.use_cases.build_request import built_request
from dsar_export.use_cases.collect_request import collect_request
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.report_choices import ReportOptions, report_choices
from dsar_export.use_cases.services import Services, SilentProgress
from dsar_export.use_cases.take_in import Intake, take_in
from dsar_export.wiring import build_services, parts_of
from dsar_export.wiring.desk import open_desk


def run_demo_request(out: Path) -> int:
    """Goes through all steps as one person, and shows the trail of them."""
    desk = open_desk(Settings(state=out / "state"))
    for role in (Role.AGENT, Role.REVIEWER):
        staff.give_role(desk, Grant(desk.person.name, EVERY_CONTROLLER, role, desk.clock()))
    person = demo_person(out / "organisation")
    services = build_services(person.register, SilentProgress())
    reference = _answered(desk, out, person, services)
    terminal.out().print("\nthe same as a request with its trail:")
    print_entries(trail_entries(desk, reference), services.register)
    return 0


def _answered(desk: Desk, out: Path, person: DemoPerson, services: Services) -> str:
    identifiers = read_identifiers(person.identifiers, None)
    intake = Intake((Right.ACCESS,), person.controller, Channel.EMAIL, desk.clock(), identifiers)
    reference = take_in(desk, services.register, intake).reference
    prove_by_evidence(desk, services.register, reference, "synthetic", "a synthetic person")
    collect_request(desk, services, reference)
    decide.approve(desk, services.register, reference)
    report = report_choices(services.register, person.controller, ReportOptions())
    passphrase_file = out / "passphrase.txt"
    passphrase_file.unlink(missing_ok=True)  # of an earlier demo
    order = PackageOrder(desk.workspace, new_passphrase(report.language), report, passphrase_file)
    with built_request(desk, services, parts_of(), reference, order):
        return reference
