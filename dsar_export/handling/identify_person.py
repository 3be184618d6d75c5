"""Who is behind the given identifiers, without reading any of their data."""

from dataclasses import dataclass

from dsar_export.export.identify import explore, search, suggested
from dsar_export.handling.house import House, opened_sources
from dsar_export.model.identity import Reached
from dsar_export.model.request import SubjectRequest


@dataclass(frozen=True)
class Identification:
    """The identifiers that strong links reach, other people to whom those lead back, and what weak links suggest."""

    reached: tuple[Reached, ...]
    others: tuple[Reached, ...]
    suggested: tuple[Reached, ...]
    people: int
    today: bool
    """Whether links lead to them at the time of the request."""

    @property
    def certain(self) -> bool:
        """Whether one person is behind the identifiers, today, and a link leads to them."""
        return self.people == 1 and self.today and not self.others


def identify_person(house: House, request: SubjectRequest) -> Identification:
    """Follows the links of the request's controller."""
    with opened_sources(house, request) as sources:
        asked = search(sources.reader, request)
        found, behind = explore(asked)
        others = asked.people(behind) - asked.people(found)
        weak = suggested(asked, found)
    return Identification(
        tuple(found.values()),
        tuple(behind[person] for person in sorted(others)),
        weak,
        len(asked.persons(asked.people(found) | others)),
        not asked.gone(found, asked.people(found)),
    )
