"""`request identify`, `collect`, `choose`, `build`, `deliver` and `reissue`."""

from contextlib import ExitStack
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from dsar_export.cli import terminal
from dsar_export.cli.commands.identify import shown_identification
from dsar_export.cli.commands.request_progress import shown_asked
from dsar_export.cli.commands.request_shown import shown_request
from dsar_export.cli.desk import desk, register_of, services_of, text_from
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.cli.progress import shown_progress
from dsar_export.cli.results import OPENS_WITH, package_json, warn_of_problems
from dsar_export.delivery.passphrases import new_passphrase
from dsar_export.errors import WrongUseError
from dsar_export.export.ledger import Ledger
from dsar_export.language.zones import moment_text
from dsar_export.model.intake import Channel
from dsar_export.settings import read_settings
from dsar_export.use_cases.ask import ask_to_build, ask_to_collect
from dsar_export.use_cases.build_request import built_request
from dsar_export.use_cases.choosing import choose_candidate
from dsar_export.use_cases.collect_request import CollectOrder, collect_request
from dsar_export.use_cases.decide import deliver
from dsar_export.use_cases.identify_request import identify_request
from dsar_export.use_cases.links import deliver_by_link
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.open_sources import unread_sources
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.reissue import reissue
from dsar_export.use_cases.report_choices import ReportOptions, report_choices
from dsar_export.use_cases.services import Services
from dsar_export.wiring import parts_of
from dsar_export.wiring.waking import waker_in

LINK: Final = "link"


def run_identify(register: Path | None, reference: str, *, as_json: bool) -> int:
    """Shows who is behind the proven identifiers, with the exit codes of `dsar-export identify`."""
    at_work = desk()
    with shown_progress() as progress:
        found = identify_request(at_work, services_of(register, progress), reference)
    return shown_identification(found, "collect", as_json=as_json)


def run_collect(
    register: Path | None, reference: str, order: CollectOrder, *, now: bool, as_json: bool
) -> int:
    """Collects now, or asks a worker to; exit 5 if nothing is held."""
    at_work = desk()
    if not now:
        asked = ask_to_collect(at_work, register_of(register), reference, order, waker_in(read_settings()))
        return shown_asked(at_work, asked, as_json=as_json)
    with shown_progress() as progress:
        services = services_of(register, progress)
        ledger = collect_request(at_work, services, reference, order)
    if ledger is not None and not as_json:
        _show_sources(ledger, services)
    shown_request(at_work, reference, as_json=as_json, also=_sources_json(ledger, services))
    return ExitCode.NOBODY_FOUND if ledger is None else ExitCode.DONE


def _show_sources(ledger: Ledger, services: Services) -> None:
    zone = ZoneInfo(services.time_zone(ledger.controller))
    for moment in ledger.moments:
        how = "carried over from the earlier Draft" if moment.source in ledger.carried else "read"
        terminal.out().print(f"source {moment.source}: {how}, as of {moment_text(moment.as_of, zone)}")
    for name in unread_sources(services.register, ledger):
        terminal.warn(f"source {name} could not be read; collect again reads only what is missing")


def _sources_json(ledger: Ledger | None, services: Services) -> dict[str, object]:
    if ledger is None:
        return {"sources": [], "unread": []}
    sources = [
        {"source": m.source, "as_of": m.as_of.isoformat(), "carried": m.source in ledger.carried}
        for m in ledger.moments
    ]
    return {"sources": sources, "unread": list(unread_sources(services.register, ledger))}


def run_choose(
    register: Path | None, reference: str, chosen: tuple[str, ...], reason_file: str | None, *, as_json: bool
) -> int:
    """Chooses among several people."""
    if not chosen:
        raise WrongUseError("name the person's key with --choose; `request collect` listed the candidates")
    at_work, reason = desk(), text_from(reason_file, "reason")
    with shown_progress() as progress:
        choose_candidate(at_work, services_of(register, progress), reference, chosen, reason)
    return shown_request(at_work, reference, as_json=as_json)


def run_build(
    register: Path | None,
    reference: str,
    passphrase_file: Path | None,
    options: ReportOptions,
    *,
    as_json: bool,
) -> int:
    """Builds the packages, and shows their one passphrase once."""
    at_work = desk()
    listed = request_file(at_work, reference).request.listed
    with ExitStack() as published:
        with shown_progress("record") as progress:
            services = services_of(register, progress)
            asked = ReportOptions(options.language or listed.language, options.every_row, options.large_print)
            report = report_choices(services.register, listed.controller, asked)
            passphrase = new_passphrase(report.language)
            order = PackageOrder(
                at_work.workspace, passphrase, report, passphrase_file, nothing_held_confirmed=True
            )
            results = published.enter_context(built_request(at_work, services, parts_of(), reference, order))
        warn_of_problems(*results)
        shown = f"{passphrase} (shown once)" if passphrase_file is None else f"in {passphrase_file}"
        if as_json:
            if passphrase_file is None:
                terminal.err().print(f"{terminal.PROGRAM}: passphrase, shown once: {passphrase}")
            terminal.print_json({"reference": reference, "packages": [package_json(r) for r in results]})
        else:
            packages = [("package", str(result.place)) for result in results]
            facts = [*packages, ("passphrase", shown), ("opens with", OPENS_WITH)]
            terminal.print_facts([("reference", reference), *facts])
    return 0


def run_ask_to_build(register: Path | None, reference: str, options: ReportOptions, *, as_json: bool) -> int:
    """Asks a worker to build."""
    at_work = desk()
    asked = ask_to_build(at_work, register_of(register), reference, options, waker_in(read_settings()))
    return shown_asked(at_work, asked, as_json=as_json)


def run_deliver(
    register: Path | None, reference: str, by: str, agent_address_file: str | None, *, as_json: bool
) -> int:
    """Mails links to the packages, or records that staff handed them over."""
    if by == LINK:
        return _send_links(register, reference, agent_address_file, as_json=as_json)
    if agent_address_file is not None:
        raise WrongUseError("--agent-address-file goes with --by link; leave it out")
    if by not in list(Channel):
        raise WrongUseError(f"--by is one of {', '.join([LINK, *Channel])}")
    at_work = desk()
    deliver(at_work, reference, Channel(by))
    return shown_request(at_work, reference, as_json=as_json)


def _send_links(
    register: Path | None, reference: str, agent_address_file: str | None, *, as_json: bool
) -> int:
    at_work = desk()
    address = None if agent_address_file is None else terminal.read_text(agent_address_file).strip()
    with shown_progress() as progress:
        deliver_by_link(at_work, services_of(register, progress), reference, address)
    if not as_json:
        terminal.out().print("a mail with the link waits in the outbox; `dsar-export mail send` sends it")
    return shown_request(at_work, reference, as_json=as_json)


def run_reissue(reference: str, *, anew: bool, as_json: bool) -> int:
    """Takes packages back, so that they can be built again."""
    at_work = desk()
    reissue(at_work, reference, anew=anew)
    return shown_request(at_work, reference, as_json=as_json)
