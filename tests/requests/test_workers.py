"""Workers show that they live, and are forgotten when they stop or have been dead for long."""

from datetime import timedelta

from dsar_export import VERSION
from dsar_export.requests.database import writing
from dsar_export.requests.installation import Installation
from dsar_export.requests.workers import FORGOTTEN, WorkerProcess, end_worker, show_worker, workers
from tests.requests.installations import AT, LATER


def test_a_worker_is_listed_since_its_first_sign_with_the_last(installation: Installation) -> None:
    with writing(installation.engine) as connection:
        show_worker(connection, "b", AT)
        show_worker(connection, "a", LATER)
        show_worker(connection, "b", LATER)
        assert workers(connection) == (
            WorkerProcess("b", AT, LATER, VERSION),
            WorkerProcess("a", LATER, LATER, VERSION),
        )
        end_worker(connection, "b")
        assert [one.id for one in workers(connection)] == ["a"]


def test_a_worker_that_was_killed_is_forgotten_after_a_day(installation: Installation) -> None:
    with writing(installation.engine) as connection:
        show_worker(connection, "killed", AT)
        show_worker(connection, "other", AT + FORGOTTEN)
        assert [one.id for one in workers(connection)] == ["killed", "other"]
        show_worker(connection, "other", AT + FORGOTTEN + timedelta(seconds=1))
        assert [one.id for one in workers(connection)] == ["other"]
