"""When an answer is due: pure functions of rules, milestones and today, without the database."""

from dsar_export.requests.due_dates.acknowledging import acknowledge_by
from dsar_export.requests.due_dates.places import place_problems
from dsar_export.requests.due_dates.reckoning import due_date

__all__ = ["acknowledge_by", "due_date", "place_problems"]
