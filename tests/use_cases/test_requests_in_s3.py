"""Requests whose Drafts and packages lie in S3: from collecting to the purge, and after a kill."""

import re
import secrets
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dsar_export.delivery.s3_store import S3Store
from dsar_export.errors import StoreUnusableError
from dsar_export.model.intake import Channel
from dsar_export.model.people import Role
from dsar_export.model.request import Right
from dsar_export.model.work import WorkStep
from dsar_export.requests.database import reading
from dsar_export.requests.packages import packages_of
from dsar_export.requests.states import State
from dsar_export.settings import read_settings
from dsar_export.use_cases.decide import approve, close, deliver
from dsar_export.use_cases.doctor import diagnose
from dsar_export.use_cases.fetch import fetch_packages
from dsar_export.use_cases.prove import prove_by_evidence
from dsar_export.use_cases.purge import purge
from dsar_export.use_cases.review import page
from dsar_export.wiring.desk import premises_of
from tests.broken_line import Line, line_to
from tests.replacing import replace
from tests.sites import EVIDENCE, Site, site_in
from tests.use_cases.killing import KillPoint, forge
from tests.use_cases.offices import LEASE_ENDS
from tests.worlds import open_package
from tools.servers.seaweedfs import BUCKET, S3Server

KILLED = KillPoint("dsar_export.delivery.s3_store:S3Store.adopt", "after", 2)


@pytest.fixture
def stores(s3: S3Server) -> dict[str, str]:
    """The settings of two stores below a prefix of their own."""
    prefix = f"s3://{BUCKET}/{secrets.token_hex(8)}"
    return {
        **s3.variables,
        "DSAR_DRAFT_STORE": f"{prefix}/drafts",
        "DSAR_PACKAGE_STORE": f"{prefix}/packages",
    }


@pytest.fixture
def site(stores: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site whose stores are there, by the settings of this process."""
    for name, value in stores.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DSAR_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    with site_in(tmp_path, None, read_settings()) as made:
        yield made


def files(folder: Path) -> list[str]:
    return [str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()]


def test_a_request_lives_from_collecting_to_the_purge(site: Site, tmp_path: Path) -> None:
    desk = site.desk()
    assert isinstance(desk.drafts, S3Store)
    assert isinstance(desk.packages, S3Store)
    reference = site.available(desk)
    assert len(site.parts(reference)) > 3
    assert len(desk.packages.names(reference)) == 2
    assert len(page(desk, reference, "records", 1, 20)) == 2
    assert diagnosis_problems(site) == []
    fetched = fetch_packages(desk, reference, tmp_path / "out", b"<!doctype html>")
    assert [open_package(each.file).json()[0]["text"] for each in fetched] == ["first"] * 2
    assert not [name for name in files(tmp_path / "state") if name.endswith(".zip")]
    deliver(desk, reference, Channel.LETTER)
    close(desk, reference)
    assert site.parts() == []
    site.days_pass(31)
    assert purge(desk, site.register).drafts == (reference,)
    assert desk.packages.names("") == []


def diagnosis_problems(site: Site) -> list[tuple[str, str]]:
    premises = replace(premises_of(site.settings), clock=lambda: site.now)
    return [(check.name, check.finding) for check in diagnose(premises).checks if not check.passed]


def test_the_doctor_names_a_bucket_that_is_not_there_and_a_lost_package(site: Site) -> None:
    desk = site.desk()
    reference = site.available(desk)
    (lost,) = desk.packages.names(f"{reference}-2-portability-")
    desk.packages.delete(lost)
    ((name, text),) = diagnosis_problems(site)
    assert (name, text) == (
        "packages",
        f"missing in {site.settings.package_store}: {lost}; restore them from a backup",
    )
    site.settings = site.settings.model_copy(update={"draft_store": "s3://nobody-made-it"})
    problems = dict(diagnosis_problems(site))
    assert problems.keys() == {"Draft store", "Drafts", "packages"}
    assert re.fullmatch(
        r"s3://nobody-made-it: there is no such bucket at 127\.0\.0\.1:\d+; make it, or correct DSAR_DRAFT_STORE",
        problems["Draft store"],
    )


@dataclass(frozen=True)
class CutsLine:
    """Progress that cuts the line to the server once a dataset was read."""

    line: Line

    def began(self, step: WorkStep) -> None: ...
    def started(self, dataset: str) -> None: ...
    def advanced(self, rows: int) -> None: ...
    def finished(self, dataset: str, rows: int) -> None:
        self.line.cut()


def on(line: Line, site: Site) -> None:
    """Leads the stores of a site over a line."""
    site.settings = site.settings.model_copy(update={"s3_endpoint": line.endpoint})


def state(site: Site, reference: str) -> State:
    with site.desks[0].looking() as act:
        return act.request(reference, Role.AGENT).listed.state


def test_a_server_that_goes_down_fails_the_work_and_it_is_done_when_it_is_up_again(
    site: Site, s3: S3Server, tmp_path: Path
) -> None:
    up = site.desk()
    reference = site.opened(up)
    prove_by_evidence(up, site.register, reference, "call_back", EVIDENCE)
    usual = site.services
    for step, work in (("collect", site.collect), ("build", site.built)):
        with line_to(s3.endpoint) as line:
            on(line, site)
            site.services = replace(usual, progress=CutsLine(line))
            with pytest.raises(StoreUnusableError, match=r"127\.0\.0\.1:\d+ does not answer"):
                work(site.desk(), reference)
        assert state(site, reference) is State.FAILED, step
        assert files(tmp_path / "state" / "packages") == []
        site.services = usual
        work(up, reference)
        if step == "collect":
            approve(up, site.register, reference)
    assert state(site, reference) is State.AVAILABLE
    assert len(up.packages.names("")) == 1


def test_what_a_killed_build_left_is_swept_by_the_next_one(
    site: Site, stores: dict[str, str], tmp_path: Path
) -> None:
    desk, passphrase = site.desk(), tmp_path / "passphrase"
    reference = site.collected(desk, *Right)
    approve(desk, site.register, reference)
    environment = {
        **stores,
        "DSAR_REGISTER": str(tmp_path / "register"),
        "DSAR_STATE": str(tmp_path / "state"),
    }
    with forge() as running:
        build = ("request", "build", "--now", reference, "--write-passphrase", passphrase)
        later = site.now - datetime.now(UTC)
        killed = running.run(*build, environment=environment, kill=KILLED, later=later)
    assert killed.code == -signal.SIGKILL, killed.err
    orphans = desk.packages.names("")
    assert len(orphans) == 2
    assert files(tmp_path / "state" / "packages") != []  # its workspace: ciphertext
    assert not passphrase.exists()
    site.now += LEASE_ENDS
    site.built(site.desk(), reference)
    named = desk.packages.names("")
    assert (len(named), set(named) & set(orphans)) == (2, set())
    assert files(tmp_path / "state" / "packages") == []
    with reading(desk.engine) as connection:
        assert [p.file for p in packages_of(connection)[reference]] == named
