"""All routes of the console."""

from dsar_export.web.console.acting import acting_routes
from dsar_export.web.console.evidence import evidence_routes
from dsar_export.web.console.figures import figures_routes
from dsar_export.web.console.identifying import identifying_routes
from dsar_export.web.console.letter import letter_routes
from dsar_export.web.console.listing import list_routes
from dsar_export.web.console.mail import mail_routes
from dsar_export.web.console.one import one_routes
from dsar_export.web.console.opening import opening_routes
from dsar_export.web.console.packages import package_routes
from dsar_export.web.console.people import people_routes
from dsar_export.web.console.progress import progress_routes
from dsar_export.web.console.records import record_routes
from dsar_export.web.console.register import register_routes
from dsar_export.web.console.rendering import Console
from dsar_export.web.console.rules import RULES
from dsar_export.web.console.trail import trail_routes
from dsar_export.web.progress_stream import PACE, Pace
from dsar_export.web.staff.routes import Route


def console_routes(console: Console, pace: Pace = PACE) -> tuple[Route, ...]:
    """Each with the rule by which somebody may come."""
    return (
        *list_routes(console),
        *opening_routes(console),
        *one_routes(console, RULES),
        *acting_routes(console),
        *progress_routes(console, pace),
        *package_routes(console),
        *identifying_routes(console),
        *record_routes(console),
        *letter_routes(console),
        *evidence_routes(console),
        *mail_routes(console),
        *trail_routes(console),
        *people_routes(console),
        *register_routes(console),
        *figures_routes(console),
    )
