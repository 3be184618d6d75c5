"""Where workers are killed: calls of the product's functions, by what has happened there."""

from dataclasses import dataclass
from typing import Final

from dsar_export.model.work import Task

_COLLECT: Final = "dsar_export.use_cases.collect_request"
_BUILD: Final = "dsar_export.use_cases.build_request"
_ATTEMPT: Final = "dsar_export.use_cases.attempt"
_LINK: Final = "dsar_export.delivery.folder_store:FolderStore._link"
_PACKAGE: Final = "dsar_export.use_cases.package"
_ADOPT: Final = "dsar_export.delivery.folder_store:FolderStore.adopt"
_S3: Final = "dsar_export.delivery.s3_store:S3Store"
_SENT: Final = f"{_S3}._explained"
"""Around each call of an upload: the look whether it is there, its beginning, each piece, its end."""
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


_OF_ALL: Final = {
    **_points(
        Task.COLLECT,
        begun=(f"{_COLLECT}:begun", "after", 1),
        rows_read=(_FINISHED, "before", 1),
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
        unnamed=(f"{_BUILD}:_published", "before", 1),
        row_written=(f"{_ATTEMPT}:move", "after", 2),
        package_named=(f"{_BUILD}:add_package", "after", 1),
        trail_written=(f"{_TRAIL}:append", "after", 2),
        committed=(f"{_TRAIL}:advance", "before", 2),
    ),
}
_OF_FOLDERS: Final = {
    **_points(Task.COLLECT, part_unfinished=(_LINK, "before", 1), part_stored=(_LINK, "after", 1)),
    **_points(
        Task.BUILD,
        package_aside=(_ADOPT, "before", 1),
        package_unfinished=(_LINK, "before", 1),
        package_in_place=(_ADOPT, "after", 1),
    ),
}
_OF_S3: Final = {
    **_points(
        Task.COLLECT,
        part_unfinished=(_SENT, "before", 5),  # after more than S3 takes as one piece
        part_stored=(f"{_S3}.put", "after", 1),
    ),
    **_points(
        Task.BUILD,
        package_aside=(f"{_S3}.adopt", "before", 1),
        package_unfinished=(_SENT, "before", 12),
        package_in_place=(f"{_S3}.adopt", "after", 1),
    ),
}


def points_of(*, s3: bool = False) -> dict[str, Point]:
    """Every point of an installation, with a name of its own; of its stores, by what they are."""
    return {**_OF_ALL, **(_OF_S3 if s3 else _OF_FOLDERS)}
