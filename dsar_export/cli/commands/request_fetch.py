"""`request fetch`."""

from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk
from dsar_export.delivery.page_beside import PAGE
from dsar_export.use_cases.fetch import fetch_packages
from dsar_export.wiring import build_opener


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
