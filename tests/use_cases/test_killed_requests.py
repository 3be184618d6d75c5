"""SIGKILL while a request is collected or built: nothing is lost or doubled, and nothing lies anywhere in clear."""

import json
import os
import re
import shutil
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dsar_export.model.people import Person
from dsar_export.model.request import Right
from dsar_export.requests import trail
from dsar_export.requests.database import reading
from dsar_export.requests.installation import Files, open_installation
from dsar_export.requests.requests import Filters, list_requests
from dsar_export.wiring.desk import login_name
from tests.use_cases.killing import Ended, Forge, KillPoint, forge
from tests.use_cases.offices import LEASE_ENDS, MARKERS, SAM, SPOKEN, register_in
from tests.worlds import open_package

SUBMITTED = "dsar_export.use_cases.collect_request"
BUILT = "dsar_export.use_cases.build_request"
STORE = "dsar_export.delivery.folder_store:FolderStore._link"
COLLECTING = {
    "it has begun": KillPoint(f"{SUBMITTED}:begun", "after"),
    "what others left was swept": KillPoint(f"{SUBMITTED}:sweep", "after"),
    "rows were read": KillPoint("dsar_export.cli.progress:LineProgress.finished"),
    "a part is unfinished": KillPoint(STORE),
    "a part is stored": KillPoint(STORE, "after"),
    "the ledger is unfinished": KillPoint(STORE, "before", 4),
    "the ledger is stored": KillPoint(f"{SUBMITTED}:_submitted"),
    "the row is written, not committed": KillPoint("dsar_export.use_cases.attempt:move", "after", 2),
    "the trail is written, not committed": KillPoint("dsar_export.requests.trail:append", "after", 2),
}
PUBLISHED = "dsar_export.delivery.folder_store:FolderStore.adopt"
BUILDING = {
    "it has begun": KillPoint(f"{BUILT}:begun", "after"),
    "the Draft is open": KillPoint(f"{BUILT}:built_package"),
    "a member is sealed": KillPoint("dsar_export.cli.progress:LineProgress.finished"),
    "all members are sealed": KillPoint("dsar_export.use_cases.package:assemble"),
    "the first package is unfinished": KillPoint(PUBLISHED),
    "the first package is in place": KillPoint(PUBLISHED, "after"),
    "the second package is unfinished": KillPoint(PUBLISHED, "before", 2),
    "both packages are in place": KillPoint(PUBLISHED, "after", 2),
    "the passphrase was shown": KillPoint(f"{BUILT}:_published"),
    "the row is written, not committed": KillPoint("dsar_export.use_cases.attempt:move", "after", 2),
    "one package is named, not committed": KillPoint(f"{BUILT}:add_package", "after"),
    "the trail is written, not committed": KillPoint("dsar_export.requests.trail:append", "after", 3),
}
COMMITTED = KillPoint("dsar_export.requests.trail:advance", "before", 2)

COMPLETING = {
    "a carried part is unfinished": KillPoint(STORE, "before", 2),
    "the ledger is stored": COLLECTING["the ledger is stored"],
    "it is committed": COMMITTED,
}


@dataclass
class Site:
    """The state of one office on the disk."""

    folder: Path
    forge: Forge

    @property
    def environment(self) -> Mapping[str, str]:
        return {"DSAR_REGISTER": str(self.folder / "register"), "DSAR_STATE": str(self.folder / "state")}

    def run(self, *arguments: object, stdin: str = "", later: timedelta = timedelta(0)) -> Ended:
        return self.forge.run(*arguments, environment=self.environment, stdin=stdin, later=later)

    def done(self, *arguments: object, stdin: str = "", later: timedelta = timedelta(0)) -> dict[str, object]:
        ended = self.run(*arguments, "--json", stdin=stdin, later=later)
        assert ended.code == 0, ended.err
        found = json.loads(ended.out)
        assert isinstance(found, dict)
        return found

    def verified(self) -> str:
        opening = ("request", "open", "--controller", "acme", "--identifiers-file", "-")
        both = ("--right", "portability", "--right", "access")
        reference = str(self.done(*opening, *both, stdin="email=Sam@example.org")["reference"])
        seen = ("--by-evidence", "known_address", "--evidence-file", "-")
        self.done("request", "verify", reference, *seen, stdin=SPOKEN)
        return reference

    def killed(self, point: KillPoint, *arguments: object) -> Ended:
        ended = self.forge.run(*arguments, kill=point, environment=self.environment)
        assert ended.code == -signal.SIGKILL, (ended.code, ended.err)
        return ended

    def state(self) -> str:
        """The state of the one request that has not ended; whatever happened, the trail is whole and all is sealed."""
        state = self.folder / "state"
        files = Files(state / "keys.json", state / "trail-anchor.json")
        nobody = Person("nobody", None)
        made = open_installation(f"sqlite:///{state / 'requests.db'}", files, nobody, datetime.now(UTC))
        with reading(made.engine) as connection:
            assert trail.verify(connection, made.keys.trail, files.anchor).passed
        with reading(made.engine) as connection:
            (listed,) = list_requests(connection, Filters())
        made.engine.dispose()
        assert self.plaintext() == []
        return listed.state

    def reference(self) -> str:
        """Of the one request."""
        (found,) = (self.folder / "state" / "drafts").iterdir()
        return found.name

    def copied(self, folder: Path) -> "Site":
        """The same office as it is now, in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Site(folder, self.forge)

    def files(self) -> list[str]:
        """Drafts, packages and whatever else lies there, without their folders."""
        roots = [self.folder / "state" / name for name in ("drafts", "packages")]
        found = [path for root in roots for path in root.rglob("*") if path.is_file()]
        names = (str(path.relative_to(self.folder / "state")) for path in found)
        return sorted(re.sub(r"-[0-9a-f]{32}\.zip$", "-RANDOM.zip", name) for name in names)

    def plaintext(self) -> list[Path]:
        files = [path for path in (self.folder / "state").rglob("*") if path.is_file()]
        return [path for path in files if any(m.encode() in path.read_bytes() for m in MARKERS)]


def draft(reference: str, attempt: int) -> list[str]:
    parts = ("data/data_requests", "data/extras", "data/records", "ledger", "register")
    return [f"drafts/{reference}/{attempt}/{part}" for part in parts]


def packages(reference: str, attempt: int) -> list[str]:
    return [f"packages/{reference}-{attempt}-{right}-RANDOM.zip" for right in Right]


@dataclass(frozen=True)
class Prepared:
    """An office with one request that is verified, and the same one when it was approved."""

    reference: str
    verified: Site
    approved: Site


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    folder = tmp_path_factory.mktemp("killed")
    register = register_in(folder / "first" / "register") / "register.toml"
    text = register.read_text(encoding="utf-8").replace(
        "four_eyes", "one_person"
    )  # there is one user account here
    register.write_text(text, encoding="utf-8")
    with forge() as running:
        site = Site(folder / "first", running)
        before = timedelta(hours=-2)
        roles = ("--add", "agent", "--add", "reviewer")
        site.done("people", "roles", login_name(os.getuid()), "--controller", "*", *roles, later=before)
        reference = site.verified()
        verified = site.copied(folder / "verified")
        site.done("request", "collect", "--now", reference)
        site.done("request", "approve", reference)
        yield Prepared(reference, verified, site)


@pytest.fixture(scope="module")
def lacking(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The office with one request whose Draft lacks the source `second`, which answers again."""
    site = prepared.verified.copied(tmp_path_factory.mktemp("lacking"))
    register = site.folder / "register"
    text = (register / "register.toml").read_text(encoding="utf-8")
    before, url, after = text.rpartition("sqlite:///main.db")
    (register / "register.toml").write_text(
        f"{before}{url.replace('main', 'second')}{after}", encoding="utf-8"
    )
    site.done("request", "collect", "--now", prepared.reference)
    shutil.copy(register / "main.db", register / "second.db")
    return site


@pytest.mark.parametrize("point", COLLECTING.values(), ids=COLLECTING)
def test_a_killed_collection_begins_again_when_its_lease_has_ended(
    prepared: Prepared, tmp_path: Path, point: KillPoint
) -> None:
    site, reference = prepared.verified.copied(tmp_path), prepared.reference
    site.killed(point, "request", "collect", "--now", reference)
    assert site.state() == "collecting"
    site.done("request", "collect", "--now", reference, later=LEASE_ENDS)
    assert site.state() == "in_review"
    assert site.files() == draft(reference, 2)


def test_a_collection_that_is_killed_once_it_is_committed_is_done(prepared: Prepared, tmp_path: Path) -> None:
    site, reference = prepared.verified.copied(tmp_path), prepared.reference
    site.killed(COMMITTED, "request", "collect", "--now", reference)
    assert site.state() == "in_review"
    assert site.files() == draft(reference, 1)


@pytest.mark.parametrize("point", COMPLETING.values(), ids=COMPLETING)
def test_whoever_is_killed_while_a_draft_is_completed_leaves_the_earlier_one_or_the_whole_new_one(
    lacking: Site, tmp_path: Path, point: KillPoint
) -> None:
    site, reference = lacking.copied(tmp_path), lacking.reference()
    site.killed(point, "request", "collect", "--now", reference)
    assert site.state() == ("in_review" if point is COMMITTED else "collecting")
    assert set(lacking.files()) <= set(site.files())
    site.done("request", "collect", "--now", reference, later=LEASE_ENDS)
    assert site.state() == "in_review"
    assert site.files() == draft(reference, 3)


@pytest.mark.parametrize("point", BUILDING.values(), ids=BUILDING)
def test_a_killed_build_begins_again_when_its_lease_has_ended(
    prepared: Prepared, tmp_path: Path, point: KillPoint
) -> None:
    site, reference = prepared.approved.copied(tmp_path), prepared.reference
    site.killed(point, "request", "build", "--now", reference)
    assert site.state() == "building"
    built = site.run("request", "build", "--now", reference, later=LEASE_ENDS)
    assert built.code == 0, built.err
    assert site.state() == "available"
    assert site.files() == [*draft(reference, 1), *packages(reference, 3)]
    check_opens(site, reference, built)


def test_a_build_that_is_killed_once_it_is_committed_is_done(prepared: Prepared, tmp_path: Path) -> None:
    site, reference = prepared.approved.copied(tmp_path), prepared.reference
    killed = site.killed(COMMITTED, "request", "build", "--now", reference)
    assert site.state() == "available"
    assert site.files() == [*draft(reference, 1), *packages(reference, 2)]
    check_opens(site, reference, killed)
    assert site.run("request", "build", "--now", reference, later=LEASE_ENDS).code == 2


@pytest.mark.parametrize("command", ["collect", "build"])
def test_nobody_works_on_it_before_the_lease_of_the_dead_has_ended(
    prepared: Prepared, tmp_path: Path, command: str
) -> None:
    reference = prepared.reference
    before = prepared.verified if command == "collect" else prepared.approved
    points = COLLECTING if command == "collect" else BUILDING
    site = before.copied(tmp_path)
    site.killed(points["it has begun"], "request", command, "--now", reference)
    refused = site.run("request", command, "--now", reference)
    assert refused.code == 2
    assert "a process works on it until" in refused.err


def test_what_is_unfinished_is_swept_even_if_the_request_was_cancelled(
    prepared: Prepared, tmp_path: Path
) -> None:
    site, reference = prepared.verified.copied(tmp_path), prepared.reference
    site.killed(COLLECTING["a part is unfinished"], "request", "collect", "--now", reference)
    site.done("request", "cancel", reference, "--yes")
    another = site.verified()
    site.done("request", "collect", "--now", another)
    assert site.files() == draft(another, 1)


def test_a_clock_that_is_set_back_prolongs_a_dead_lease_and_nothing_else(
    prepared: Prepared, tmp_path: Path
) -> None:
    site, reference = prepared.verified.copied(tmp_path), prepared.reference
    site.killed(COLLECTING["the ledger is stored"], "request", "collect", "--now", reference)
    earlier = timedelta(hours=-1)
    refused = site.run("request", "collect", "--now", reference, later=earlier)
    assert refused.code == 2
    assert "possible now: cancel" in refused.err
    assert site.state() == "collecting"
    assert site.done("request", "cancel", reference, "--yes", later=earlier)["state"] == "cancelled"
    assert site.files() == []


def check_opens(site: Site, reference: str, shown: Ended) -> None:
    """The one passphrase that was shown opens both packages."""
    (passphrase,) = re.findall(r"\b[a-z]+(?:-[a-z]+){7}\b", shown.out)
    paths = list((site.folder / "state" / "packages").glob(f"{reference}-*.zip"))
    assert len(paths) == 2
    for path in paths:
        texts = [record["text"] for record in open_package(path, passphrase).json()]
        assert texts == [SAM, f"{SAM} again"]
