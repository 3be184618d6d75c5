"""`dsar-export people …`."""

from dataclasses import dataclass
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, founding_desk, register_if_named, register_of
from dsar_export.cli.identifiers import read_identifiers
from dsar_export.errors import WrongUseError
from dsar_export.model.people import Grant, Role
from dsar_export.requests.people import EVERY_CONTROLLER
from dsar_export.use_cases import staff
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.moments import end_of


def run_add(name: str, uid: int, *, as_json: bool) -> int:
    """Adds somebody."""
    at_work = founding_desk()
    staff.add_colleague(at_work, name, uid)
    return _listed(at_work, as_json=as_json)


def run_own(register: Path | None, name: str, identifiers_file: str | None, *, as_json: bool) -> int:
    """States somebody's own identifiers."""
    if identifiers_file is None:
        raise WrongUseError("name a file with --identifiers-file; an empty one takes back what was stated")
    at_work = desk()
    identifiers = read_identifiers((), identifiers_file)
    staff.state_own_identifiers(at_work, register_of(register), name, identifiers)
    return _listed(at_work, as_json=as_json)


@dataclass(frozen=True)
class Limits:
    """When new roles end, and the only datasets of a reviewer."""

    until: str | None
    datasets: tuple[str, ...]


def run_roles(
    register: Path | None,
    name: str,
    controller: str,
    changes: tuple[tuple[str, ...], tuple[str, ...]],
    limits: Limits,
    *,
    as_json: bool,
) -> int:
    """Gives and ends roles."""
    added, ended = ([_role(text) for text in texts] for texts in changes)
    if not added and not ended:
        raise WrongUseError("name a role with --add, or one with --end")
    read = register_if_named(register)
    until = end_of(limits.until, zone_in(read, controller))
    if added and controller != EVERY_CONTROLLER:
        staff.refuse_unknown_limits(read or register_of(register), controller, limits.datasets)
    at_work = founding_desk()
    for role in added:
        limited = limits.datasets if role is Role.REVIEWER else ()
        staff.give_role(at_work, Grant(name, controller, role, at_work.clock(), until, limited))
    for role in ended:
        staff.end_role(at_work, name, controller, role)
    return _listed(at_work, as_json=as_json)


def run_disable(name: str, *, as_json: bool) -> int:
    """Takes all roles away."""
    at_work = desk()
    staff.disable_colleague(at_work, name)
    return _listed(at_work, as_json=as_json)


def run_list(*, as_json: bool) -> int:
    """Shows everybody."""
    return _listed(desk(), as_json=as_json)


def _listed(at_work: Desk, *, as_json: bool) -> int:
    found = staff.colleagues(at_work)
    if as_json:
        terminal.print_json(
            {
                "people": [
                    {
                        "name": person.name,
                        "uid": person.uid,
                        "disabled": person.disabled_at is not None,
                        "roles": [
                            {
                                "role": one.role,
                                "controller": one.controller,
                                "until": one.until and one.until.isoformat(),
                                "datasets": list(one.datasets),
                            }
                            for one in grants
                        ],
                    }
                    for person, grants in found
                ]
            }
        )
        return 0
    rows = [
        [
            person.name,
            "" if person.uid is None else str(person.uid),
            "disabled" if person.disabled_at else ", ".join(f"{g.role} ({g.controller})" for g in grants),
        ]
        for person, grants in found
    ]
    terminal.print_table(["name", "user account", "roles"], rows)
    return 0


def _role(text: str) -> Role:
    if text not in list(Role):
        raise WrongUseError(f"a role is one of {', '.join(Role)}")
    return Role(text)
