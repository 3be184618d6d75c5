"""The audit trail: who did what and when with a request, append-only, each entry chained to the one before."""

from dsar_export.requests.trail.anchor import advance, continues, goes_on_from, place
from dsar_export.requests.trail.anchor import read as read_anchor
from dsar_export.requests.trail.append import append, take_turn
from dsar_export.requests.trail.chain import Mark
from dsar_export.requests.trail.export import exported
from dsar_export.requests.trail.faults import Fault
from dsar_export.requests.trail.happening import Happening, is_code
from dsar_export.requests.trail.prune import prunable, prune
from dsar_export.requests.trail.reading import Entry, entries, latest, newest_moment
from dsar_export.requests.trail.verify import Verdict, verify

__all__ = [
    "Entry",
    "Fault",
    "Happening",
    "Mark",
    "Verdict",
    "advance",
    "append",
    "continues",
    "entries",
    "exported",
    "goes_on_from",
    "is_code",
    "latest",
    "newest_moment",
    "place",
    "prunable",
    "prune",
    "read_anchor",
    "take_turn",
    "verify",
]
