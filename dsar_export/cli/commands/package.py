"""`package list`, `reveal`, `fetch` and `revoke`."""

from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, register_to_show_by
from dsar_export.cli.results import OPENS_WITH
from dsar_export.delivery.page_beside import PAGE
from dsar_export.delivery.passphrases import refuse_existing, write_passphrase
from dsar_export.language.zones import moment_text
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.fetch import fetch_packages
from dsar_export.use_cases.links import revoke
from dsar_export.use_cases.reveal import revealed
from dsar_export.use_cases.waiting_packages import WaitingPackage, waiting_packages
from dsar_export.wiring import build_opener


def run_list(*, as_json: bool) -> int:
    """Shows the packages that the person at work may see."""
    found = waiting_packages(desk())
    if as_json:
        terminal.print_json({"packages": [_json(each) for each in found]})
        return 0
    register = register_to_show_by()
    rows = []
    for each in found:
        zone, link = zone_in(register, each.controller), each.link
        until = "none" if link is None else f"{link.left} left until {moment_text(link.expires_at, zone)}"
        passphrase = "waits" if each.passphrase_waits else "revealed"
        about = [each.package.reference, each.package.right, each.state.value]
        rows.append([*about, moment_text(each.package.published_at, zone), until, passphrase])
    terminal.print_table(["reference", "right", "state", "built", "downloads", "passphrase"], rows)
    return 0


def _json(each: WaitingPackage) -> dict[str, object]:
    package, link = each.package, each.link
    return {
        "reference": package.reference,
        "controller": each.controller,
        "state": each.state.value,
        "right": package.right.value,
        "sha256": package.sha256,
        "size": package.size,
        "published_at": package.published_at.isoformat(),
        "damaged": package.damaged_at is not None,
        "passphrase_waits": each.passphrase_waits,
        "link": None if link is None else {"left": link.left, "expires_at": link.expires_at.isoformat()},
    }


def run_reveal(reference: str, passphrase_file: Path | None, *, as_json: bool) -> int:
    """Shows the passphrase of what a worker built, once, or writes it into a new file."""
    refuse_existing(passphrase_file)
    at_work = desk()
    with revealed(at_work, reference) as passphrase:
        if passphrase_file is not None:
            write_passphrase(passphrase_file, passphrase)
        elif as_json:
            terminal.err().print(f"{terminal.PROGRAM}: passphrase, shown once: {passphrase}")
        else:
            terminal.print_facts([("passphrase", f"{passphrase} (shown once)"), ("opens with", OPENS_WITH)])
    if as_json:
        terminal.print_json({"reference": reference})
    return 0


def run_fetch(reference: str, out: Path, *, as_json: bool) -> int:
    """Copies the packages out of their store, and shows where they are now."""
    fetched = fetch_packages(desk(), reference, out, build_opener().page)
    opener = str(out / PAGE)
    if as_json:
        packages = [
            {"right": each.package.right, "file": str(each.file), "sha256": each.package.sha256}
            for each in fetched
        ]
        terminal.print_json({"reference": reference, "packages": packages, "opener": opener})
    else:
        packages_shown = [("package", str(each.file)) for each in fetched]
        terminal.print_facts([("reference", reference), *packages_shown, ("opener", opener)])
    return 0


def run_revoke(reference: str, *, as_json: bool) -> int:
    """Revokes the links of a request."""
    revoked = revoke(desk(), reference)
    if as_json:
        terminal.print_json({"reference": reference, "revoked": revoked})
    else:
        terminal.print_facts([("reference", reference), ("links revoked", f"{revoked}")])
    return 0
