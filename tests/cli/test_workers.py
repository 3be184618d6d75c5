"""Commands about workers: what is asked, whether somebody does it, how far it is, and the passphrase, once."""

import json
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsar_export.demo import write_organisation
from dsar_export.requests.database import writing
from dsar_export.requests.work import park
from dsar_export.requests.workers import show_worker
from dsar_export.settings import read_settings
from dsar_export.use_cases.perform import Performed, Workbench, perform_next
from dsar_export.use_cases.services import SilentProgress
from dsar_export.wiring import build_services, parts_of
from dsar_export.wiring.desk import open_worker_desk
from tests.cli import test_requests
from tests.cli.commands import in_this_process
from tests.cli.test_requests import MARKER, REVIEWER, Office
from tests.worlds import open_package

office = test_requests.office
PREFETCH = "dramatiq_queue_prefetch"
NO_WORKER = "no worker shows a sign of life"


@pytest.fixture
def bench(office: Office) -> Iterator[Workbench]:
    """A worker of the office, in this process."""
    desk = open_worker_desk(read_settings())
    services = build_services(office.folder / "register", SilentProgress())
    yield Workbench(desk, lambda: services, parts_of())
    desk.engine.dispose()


def shows_life(bench: Workbench) -> None:
    with writing(bench.desk.engine) as connection:
        show_worker(connection, "w", bench.desk.clock())


def performed(bench: Workbench) -> Performed:
    done = perform_next(bench, heavy=False)
    assert done is not None
    return done


def test_whoever_asks_learns_that_no_worker_is_there(office: Office, bench: Workbench) -> None:
    reference = office.verified()
    asked = office.run("request", "collect", reference)
    assert asked.code == 0
    assert NO_WORKER in asked.err
    assert re.search(r"^worker +collect, asked by \S+: waits for a worker$", asked.out, re.MULTILINE)
    shows_life(bench)
    asked = office.run("request", "collect", reference, "--json")
    assert asked.err == ""
    assert asked.json["state"] == "verified"
    work = asked.json["work"]
    assert isinstance(work, dict)
    assert (work["task"], work["tries"], work["step"], work["failure"]) == ("collect", 0, None, None)
    assert work.keys() == {
        *("task", "asked_by", "asked_at", "tries", "heavy", "not_before", "parked_at", "failure"),
        *("step", "dataset", "rows", "alive_at"),
    }


def test_what_a_worker_built_opens_with_the_passphrase_that_is_shown_once(
    office: Office, bench: Workbench
) -> None:
    reference = office.verified()
    office.done("request", "collect", reference)
    assert performed(bench).failure is None
    office.done("request", "approve", reference, uid=REVIEWER)
    office.done("request", "build", reference)
    assert performed(bench).failure is None
    file = office.folder / "passphrase"
    file.write_text("an earlier one", encoding="ascii")
    refused = office.run("package", "reveal", reference, "--write-passphrase", file)
    assert refused.code == 2
    file.unlink()
    assert office.done("package", "reveal", reference, "--write-passphrase", file) == {"reference": reference}
    (package,) = (office.folder / "state" / "packages").glob("*.zip")
    passphrase = file.read_text(encoding="ascii").strip()
    assert [record["text"] for record in open_package(package, passphrase).json()] == [MARKER, "two"]
    again = office.run("package", "reveal", reference)
    assert (again.code, again.err.count("\n")) == (2, 1)
    assert "shown already" in again.err
    packages = office.done("package", "list")["packages"]
    assert isinstance(packages, list)
    (listed,) = packages
    keys = ("reference", "right", "state", "damaged", "passphrase_waits", "link")
    assert [listed[key] for key in keys] == [reference, "access", "available", False, False, None]
    assert re.search(rf"{reference} +access +available", office.run("package", "list").out)
    assert office.done("package", "revoke", reference) == {"reference": reference, "revoked": 0}
    assert "DSAR_WEB_URL" in office.run("request", "deliver", reference, "--by", "link").err
    wrong = office.run("request", "deliver", reference, "--by", "letter", "--agent-address-file", file)
    assert (wrong.code, "--by link" in wrong.err) == (2, True)
    assert office.done("request", "reissue", reference)["state"] == "approved"
    assert office.done("package", "list") == {"packages": []}


def test_a_passphrase_file_goes_with_now(office: Office) -> None:
    refused = office.run("request", "build", "DSAR-20261102-00000001", "--write-passphrase", "file")
    assert refused.code == 2
    assert "--now" in refused.err


def test_workers_ends_with_one_while_nobody_does_what_waits(office: Office, bench: Workbench) -> None:
    reference = office.verified()
    office.done("request", "collect", reference)
    found = office.run("workers", "--json")
    assert (found.code, found.json["ready"], found.json["waiting"]) == (1, False, 1)
    shows_life(bench)
    found = office.run("workers", "--json")
    assert (found.code, found.json["ready"]) == (0, True)
    assert found.json.keys() == {
        *(
            "alive",
            "silent",
            "working",
            "waiting",
            "waited_seconds",
            "for_a_place",
            "put_off",
            "parked",
            "ready",
        )
    }
    shown = office.run("workers")
    assert shown.code == 0
    assert "workers  1 alive, 0 without a sign of life" in shown.out


def test_workers_names_what_failed_and_why(office: Office, bench: Workbench) -> None:
    reference = office.verified()
    office.done("request", "collect", reference)
    (office.folder / "register" / "main.db").unlink()
    shows_life(bench)
    assert performed(bench).failure is not None
    (put_off,) = json.loads(office.run("workers", "--json").out)["put_off"]
    assert (put_off["reference"], put_off["tries"]) == (reference, 1)
    assert f"{reference}: collect, asked by" in office.run("workers").out
    assert "try 1 failed" in office.run("request", "show", reference).out


def test_a_worker_is_not_started_wrongly(office: Office) -> None:
    wrong = office.run("worker", "--only", "medium")
    assert (wrong.code, "small, heavy" in wrong.err) == (2, True)
    office.patch.setenv("DSAR_BROKER_URL", "http://broker.example.org")
    wrong = office.run("worker")
    assert (wrong.code, "broker_url" in wrong.err) == (2, True)
    office.patch.delenv("DSAR_BROKER_URL")
    office.patch.delenv("DSAR_REGISTER")
    wrong = office.run("worker")
    assert (wrong.code, "DSAR_REGISTER" in wrong.err) == (2, True)


def test_the_command_becomes_the_master_of_the_workers(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.delenv(PREFETCH, raising=False)
    monkeypatch.setattr(os, "execv", lambda _, arguments: started.append(arguments))
    office.run("worker", "--processes", "3", "--only", "heavy")
    (arguments,) = started
    assert arguments[1:] == ["-m", "dsar_export.worker", "--processes", "3", "--only", "heavy"]
    assert os.environ[PREFETCH] == "1"
    monkeypatch.delenv(PREFETCH)


def test_show_follow_waits_until_the_work_has_ended(
    office: Office, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dsar_export.cli.commands.request_progress._LOOKS", 0.01)
    reference = office.verified()
    office.done("request", "collect", reference)

    def work() -> None:
        time.sleep(0.2)
        perform_next(bench, heavy=False)

    thread = threading.Thread(target=work)
    thread.start()
    followed = office.done("request", "show", reference, "--follow")
    thread.join()
    assert (followed["state"], followed["work"]) == ("in_review", None)


def test_show_follow_ends_where_the_work_failed(office: Office, bench: Workbench) -> None:
    reference = office.verified()
    office.done("request", "collect", reference)

    with writing(bench.desk.engine) as connection:
        park(connection, reference, bench.desk.clock(), "register.toml: no such key")
    work = office.done("request", "show", reference, "--follow")["work"]
    assert isinstance(work, dict)
    assert (work["failure"], work["parked_at"] is not None) == ("register.toml: no such key", True)
    assert "failed at try 0: register.toml" in office.run("workers").out


def test_a_worker_where_no_request_was_opened_yet_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_organisation(tmp_path / "register", seed=1, events=0)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DSAR_REGISTER", "register")
    done = in_this_process(capsys, "worker")
    assert done.code == 2
    assert done.err.startswith("dsar-export: no state at dsar-state/requests.db; `request open` makes one")
    assert done.err.count("\n") == 1
    assert not (tmp_path / "dsar-state").exists()
