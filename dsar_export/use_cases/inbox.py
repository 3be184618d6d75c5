"""What waits for whoever is at work, the most urgent in front."""

from collections.abc import Iterator
from datetime import date

from dsar_export.model.inbox import InboxItem, Waiting, Why
from dsar_export.model.register import Register
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.inbox_reasons import PRODUCERS
from dsar_export.use_cases.inbox_view import InboxView, inbox_view


def inbox(desk: Desk, register: Register) -> tuple[InboxItem, ...]:
    """Each request that waits for the person, by the day on which it is due; those that are answered come last."""
    with desk.looking() as act:
        view = inbox_view(act, register)
        waiting: dict[str, list[Waiting]] = {}
        for producer in PRODUCERS:
            for each in producer(view):
                waiting.setdefault(each.reference, []).append(each)
    return tuple(sorted(_items(view, waiting), key=_urgency))


def _items(view: InboxView, waiting: dict[str, list[Waiting]]) -> Iterator[InboxItem]:
    order = list(Why)
    for reference, reasons in waiting.items():
        request = view.requests[reference]
        pressing = tuple(sorted(reasons, key=lambda each: order.index(each.why)))
        due = view.due.get(reference)
        yield InboxItem(reference, request.controller, pressing, due, request.assigned_to)


def _urgency(item: InboxItem) -> tuple[date, date, str]:
    return (date.max if item.due is None else item.due.day, item.since, item.reference)
