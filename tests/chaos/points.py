"""Where workers are killed: calls of the product's functions, by what has happened there."""

from dataclasses import dataclass
from typing import Final

from dsar_export.model.work import Task

_COLLECT: Final = "dsar_export.use_cases.collect_request"
_BUILD: Final = "dsar_export.use_cases.build_request"
_ATTEMPT: Final = "dsar_export.use_cases.attempt"
_STORE: Final = "dsar_export.delivery.folder_store:FolderStore._link"
_PACKAGE: Final = "dsar_export.use_cases.package"
_ADOPT: Final = "dsar_export.delivery.folder_store:FolderStore.adopt"
_TRAIL: Final = "dsar_export.requests.trail"
_FINISHED: Final = "dsar_export.use_cases.lease:Lease.finished"


@dataclass(frozen=True)
class Point:
    """A call of a function, by its number in an attempt: just before it, or just after."""

    task: Task
    function: str
    """As `module:name` or `module:Class.method`, in the module that calls it."""
    when: str = "before"
    number: int = 1


def _points(task: Task, **points: tuple[str, str, int]) -> dict[str, Point]:
    return {f"{task}-{name}": Point(task, *where) for name, where in points.items()}


POINTS: Final = {
    **_points(
        Task.COLLECT,
        begun=(f"{_COLLECT}:begun", "after", 1),
        rows_read=(_FINISHED, "before", 1),
        part_unfinished=(_STORE, "before", 1),
        part_stored=(_STORE, "after", 1),
        checkpoint_unnamed=(f"{_ATTEMPT}:Attempt.save", "before", 1),
        checkpoint_named=(f"{_ATTEMPT}:Attempt.save", "after", 1),
        ledger_stored=(f"{_COLLECT}:_submitted", "before", 1),
        row_written=(f"{_ATTEMPT}:move", "after", 2),
        trail_written=(f"{_TRAIL}:append", "after", 2),
        committed=(f"{_TRAIL}:advance", "before", 2),
    ),
    **_points(
        Task.BUILD,
        begun=(f"{_BUILD}:begun", "after", 1),
        draft_open=(f"{_BUILD}:built_package", "before", 1),
        member_sealed=(_FINISHED, "before", 1),
        all_sealed=(f"{_PACKAGE}:assemble", "before", 1),
        package_aside=(_ADOPT, "before", 1),
        package_unfinished=(_STORE, "before", 1),
        package_in_place=(_ADOPT, "after", 1),
        unnamed=(f"{_BUILD}:_published", "before", 1),
        row_written=(f"{_ATTEMPT}:move", "after", 2),
        package_named=(f"{_BUILD}:add_package", "after", 1),
        trail_written=(f"{_TRAIL}:append", "after", 2),
        committed=(f"{_TRAIL}:advance", "before", 2),
    ),
}
"""Every point with a name of its own."""
