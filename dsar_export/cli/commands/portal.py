"""`dsar-export portal …`."""

from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, register_of
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.portal_doors import close_portal, open_controllers, open_portal


def run_open(register: Path | None, controller: str, *, as_json: bool) -> int:
    """Opens the portal at a controller."""
    at_work = desk()
    open_portal(at_work, register_of(register), controller)
    return _listed(at_work, as_json=as_json)


def run_close(controller: str, *, as_json: bool) -> int:
    """Closes it there."""
    at_work = desk()
    close_portal(at_work, controller)
    return _listed(at_work, as_json=as_json)


def run_list(*, as_json: bool) -> int:
    """Shows where it is open."""
    return _listed(desk(), as_json=as_json)


def _listed(at_work: Desk, *, as_json: bool) -> int:
    found = open_controllers(at_work)
    if as_json:
        terminal.print_json({"open_at": list(found)})
    else:
        terminal.print_table(["the portal is open at"], [[name] for name in found])
    return 0
