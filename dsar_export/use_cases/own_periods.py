"""When what this tool itself keeps about requests is past its storage period, by the register."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from dsar_export.model.controller import OwnRecords
from dsar_export.model.duration import days_before
from dsar_export.model.register import Register
from dsar_export.requests.requests import ListedRequest


@dataclass(frozen=True)
class OwnPeriods:
    """The storage periods as they stand at one moment; they end with a day, in UTC."""

    register: Register
    at: datetime
    answers: Mapping[str, datetime] = field(default_factory=dict)
    """When the last complaint about a request was answered: its period counts from then, if that is later."""

    def draft_is_over(self, request: ListedRequest) -> bool:
        """Whether a request's Draft and package are past their period, or the request itself."""
        return self._ended_before(request, self._of(request).drafts) or self.request_is_over(request)

    def request_is_over(self, request: ListedRequest) -> bool:
        return self._ended_before(request, self._of(request).requests)

    def is_unfetched(self, request: ListedRequest, published_at: datetime) -> bool:
        """Whether packages that were published then waited for as long as they may."""
        return published_at < self._midnight(self._of(request).unfetched)

    def trail_before(self, remaining: Iterable[ListedRequest]) -> datetime:
        """Before when entries go. Those about a request that is still here stay with it."""
        controllers = self.register.organisation.controllers.values()
        longest = min(self._midnight(controller.own_records.trail) for controller in controllers)
        return min([longest, *(request.opened_at for request in remaining)])

    def mail_before(self) -> datetime:
        """Before when mail about no request goes: it is no one controller's, so the longest period holds."""
        controllers = self.register.organisation.controllers.values()
        return min(self._midnight(controller.own_records.requests) for controller in controllers)

    def _ended_before(self, request: ListedRequest, period: str) -> bool:
        if request.ended_at is None:
            return False
        last = max(request.ended_at, self.answers.get(request.reference, request.ended_at))
        return last < self._midnight(period)

    def _midnight(self, period: str) -> datetime:
        return datetime.combine(days_before(self.at.date(), period), time(), UTC)

    def _of(self, request: ListedRequest) -> OwnRecords:
        """A controller that has left the register has the default periods."""
        controller = self.register.organisation.controllers.get(request.controller)
        return OwnRecords() if controller is None else controller.own_records
