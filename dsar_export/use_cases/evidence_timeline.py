"""The trail's entries about a request, without the names of staff and without anything about the person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from dsar_export.model.evidence import Event
from dsar_export.requests.times import moment
from dsar_export.requests.trail import Entry
from dsar_export.use_cases.evidence_staff import Staff

_NAMES: Final = frozenset({"person", "assignee"})
"""Details that name a member of staff."""
SHOWN_DETAILS: Final = frozenset({
    "attempt", "carried", "channel", "dataset", "datasets", "evidence_kind", "gaps", "ground", "identifier_kind",
    "identifiers", "kept_back", "ledger", "package", "people", "records", "right", "rights", "role", "rows_beside",
    "software", "source", "state", "step", "other_reference", "group_reference",
    "mail_kind", "mail_state", "letter_kind", "language", "contacts", "complaint", "entries", "outcome",
})  # fmt: skip
"""Details that are codes, counts and hashes of sealed files.

The hash of decisions is none, as names of staff could be guessed from it, and the index of a contact is about a person.
"""
_MOMENTS: Final = frozenset({"since", "until"})
_NO_MOMENTS: Final = "show_whole"
"""The action whose `since` counts records."""


def is_moment(action: str, detail: str) -> bool:
    """Whether a detail of an action is a moment."""
    return detail in _MOMENTS and action != _NO_MOMENTS


def staff_named(entries: Iterable[Entry]) -> Iterator[str]:
    """The names of staff in entries, in their order."""
    for entry in entries:
        yield str(entry.values["actor"])
        yield from (str(value) for name, value in _details(entry).items() if name in _NAMES)


def timeline(entries: Sequence[Entry], controller: str, staff: Staff) -> tuple[Event, ...]:
    """The entries as events."""
    events = []
    for entry in entries:
        at = moment(int(str(entry.values["at"])))
        actor = staff.actor(str(entry.values["actor"]), controller, at)
        events.append(Event(entry.number, at, actor, str(entry.values["action"]), _shown(entry, staff)))
    return tuple(events)


def _shown(entry: Entry, staff: Staff) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    if entry.values["reason_code"] is not None:  # such as an approval by policy
        found["reason_code"] = str(entry.values["reason_code"])
    for name, value in _details(entry).items():
        if name in _NAMES:
            found[name] = staff.pseudonym(str(value))
        elif name in _MOMENTS and entry.values["action"] != _NO_MOMENTS:
            found[name] = moment(int(str(value))).isoformat()
        elif name in SHOWN_DETAILS | _MOMENTS and isinstance(value, str | int):
            found[name] = value
    return found


def _details(entry: Entry) -> Mapping[str, object]:
    details = entry.values["details"]
    return details if isinstance(details, dict) else {}
