"""Requests on the command line: from intake to the built package, each step by whom it belongs to."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsar_export.wiring.desk import login_name
from tests.cli.commands import Finished, in_this_process
from tests.cli.commands import dsar as in_a_process
from tests.use_cases.offices import register_in
from tests.worlds import SUBJECT, World, open_package

MARKER = "Sam wrote this marker"
REVIEWER = 4711
STRANGER = 4712


@dataclass
class Office:
    """A register, and the state of its requests; commands run as the user account `uid`."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def run(self, *arguments: object, stdin: str = "", uid: int | None = None) -> Finished:
        with pytest.MonkeyPatch.context() as patch:
            if uid is not None:
                patch.setattr(os, "getuid", lambda: uid)
            return in_this_process(self.capsys, *arguments, stdin=stdin)

    def done(self, *arguments: object, stdin: str = "", uid: int | None = None) -> dict[str, object]:
        """What a command that succeeds prints as JSON."""
        finished = self.run(*arguments, "--json", stdin=stdin, uid=uid)
        assert finished.code == 0, finished.err
        return finished.json

    def opened(self, identifiers: str = SUBJECT, rights: tuple[str, ...] = ("access",)) -> str:
        arguments = ("request", "open", "--controller", "acme", "--identifiers-file", "-")
        named = [text for right in rights for text in ("--right", right)]
        return str(self.done(*arguments, *named, stdin=identifiers)["reference"])

    def verified(self, *rights: str) -> str:
        reference = self.opened(rights=rights or ("access",))
        arguments = ("request", "verify", reference, "--by-evidence", "known_address", "--evidence-file", "-")
        assert self.done(*arguments, stdin="seen")["state"] == "verified"
        return reference

    def in_review(self, *rights: str) -> str:
        reference = self.verified(*rights)
        assert self.done("request", "collect", "--now", reference)["state"] == "in_review"
        return reference

    def approved(self, *rights: str) -> str:
        reference = self.in_review(*rights)
        assert self.done("request", "approve", reference, uid=REVIEWER)["state"] == "approved"
        return reference

    def state(self, reference: str) -> object:
        return self.done("request", "show", reference)["state"]


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    World(tmp_path / "register").write([{"text": MARKER, "whole": 7}, {"text": "two"}], [{"text": "STRANGE"}])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DSAR_REGISTER", str(tmp_path / "register"))
        patch.setenv("DSAR_STATE", str(tmp_path / "state"))
        made = Office(tmp_path, capsys, patch)
        roles = ("--add", "agent", "--add", "auditor")
        made.done("people", "roles", login_name(os.getuid()), "--controller", "*", *roles)
        made.done("people", "add", "robin", "--uid", REVIEWER)
        made.done("people", "roles", "robin", "--controller", "acme", "--add", "reviewer")
        yield made


def four_eyes(office: Office) -> None:
    file = office.folder / "register" / "register.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f'{text}\n[controllers.acme.approval]\naccess = "four_eyes"\n', encoding="utf-8")


def test_a_request_goes_from_intake_to_a_package_that_opens(office: Office) -> None:
    four_eyes(office)
    reference = office.approved()
    passphrase = office.folder / "passphrase"
    built = office.run("request", "build", "--now", reference, "--write-passphrase", passphrase)
    assert (built.code, "records: 2 records read\n" in built.err) == (0, True)
    (package,) = (office.folder / "state" / "packages").glob("*.zip")
    opened = open_package(package, passphrase.read_text(encoding="ascii").strip())
    assert [record["text"] for record in opened.json()] == [MARKER, "two"]
    assert office.state(reference) == "available"
    entries = office.done("trail", "show", reference)["entries"]
    assert isinstance(entries, list)
    assert [e["action"] for e in entries] == [
        "open",
        "verify",
        "collect",
        "submit",
        "approve",
        "build",
        "publish",
    ]
    assert office.done("trail", "verify")["passed"] is True


def test_collecting_again_says_which_sources_were_read_and_which_were_carried_over(office: Office) -> None:
    folder = register_in(office.folder / "register")
    file, url = folder / "register.toml", "sqlite:///main.db"
    before, _, after = file.read_text(encoding="utf-8").rpartition(url)
    file.write_text(f"{before}sqlite:///second.db{after}", encoding="utf-8")
    reference = office.verified()
    lacking = office.done("request", "collect", "--now", reference)
    assert lacking["unread"] == ["second"]
    (folder / "second.db").write_bytes((folder / "main.db").read_bytes())
    completed = office.done("request", "collect", "--now", reference)
    assert completed["unread"] == []
    sources = completed["sources"]
    assert isinstance(sources, list)
    assert [(s["source"], s["carried"]) for s in sources] == [
        ("main", True),
        ("second", False),
        ("dsar-export", True),
    ]
    assert lacking["sources"] == [{**s, "carried": False} for s in sources if s["carried"]]
    shown = office.run("request", "collect", "--now", reference, "--anew").out
    assert shown.startswith("source main: read, as of ")


def test_a_request_of_both_rights_yields_two_packages_that_one_passphrase_opens(office: Office) -> None:
    reference = office.approved("portability", "access", "access")
    assert office.done("request", "review", reference, uid=REVIEWER)["rights"] == ["access", "portability"]
    passphrase = office.folder / "passphrase"
    built = office.done("request", "build", "--now", reference, "--write-passphrase", passphrase)["packages"]
    shown = office.done("request", "show", reference)
    assert shown["rights"] == ["access", "portability"]
    (listed,) = list(office.done("request", "list")["requests"])  # type: ignore[call-overload] # a list
    assert listed["packages"] == shown["packages"]
    assert isinstance(built, list)
    assert isinstance(shown["packages"], list)
    printed = office.run("request", "show", reference).out
    for package, facts in zip(built, shown["packages"], strict=True):
        file = office.folder / "state" / "packages" / facts["file"]
        assert (package["right"], package["package"]) == (facts["right"], str(file))
        assert facts["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        assert f"{facts['right']}: {facts['file']}, SHA-256 {facts['sha256']}\n" in printed
        opened = open_package(file, passphrase.read_text(encoding="ascii").strip())
        assert json.loads(opened.members["datapackage.json"])["dsar"]["right"] == facts["right"]
    assert [package["right"] for package in built] == ["access", "portability"]
    assert re.search("^rights +access, portability$", printed, re.MULTILINE)
    assert "access, portability" in office.run("request", "list").out
    assert office.run("request", "deliver", reference, "--by", "pigeon").code == 2
    assert office.done("request", "deliver", reference, "--by", "letter")["state"] == "delivered"
    assert office.done("request", "close", reference)["state"] == "closed"


@pytest.mark.parametrize("rights", [(), ("--right", "access", "--right", "erasure")])
def test_at_least_one_right_is_asked_for_and_only_those_there_are(
    office: Office, rights: tuple[str, ...]
) -> None:
    arguments = ("request", "open", "--controller", "acme", *rights, "--identifiers-file", "-")
    refused = office.run(*arguments, stdin=SUBJECT)
    assert refused.code == 2
    assert "--right" in refused.err
    assert office.done("request", "list")["requests"] == []


def test_what_only_one_of_two_packages_has_is_warned_of_with_its_right(office: Office) -> None:
    World(office.folder / "register").run("UPDATE records SET whole = 'many' WHERE customer_id = 'C-1'")
    register = office.folder / "register" / "datasets" / "records.toml"
    text = register.read_text(encoding="utf-8").replace("A6-1-b", "A6-1-c")  # not portable
    register.write_text(text, encoding="utf-8")
    reference = office.approved("access", "portability")
    warned = office.run(
        "request", "build", "--now", reference, "--write-passphrase", office.folder / "passphrase"
    ).err
    assert "warning: access: records: 2 rows kept beside" in warned
    assert "portability: records" not in warned


def test_only_ciphertext_and_no_identifier_lies_in_the_state_folder(office: Office) -> None:
    reference = office.approved()
    office.done("request", "note", reference, "--text-file", "-", stdin=MARKER)
    office.done("request", "build", "--now", reference, "--write-passphrase", office.folder / "passphrase")
    files = [f for f in (office.folder / "state").rglob("*") if f.is_file()]
    assert len(files) > 5
    for file in files:
        content = file.read_bytes()
        assert MARKER.encode() not in content
        assert b"sam@example" not in content.lower()
        assert file.stat().st_mode & 0o077 == 0


def test_a_record_is_shown_masked_and_whole_only_with_an_entry_in_the_trail(office: Office) -> None:
    reference = office.in_review()
    arguments = ("request", "review", reference, "--dataset", "records", "--count", 1)
    shown = office.done(*arguments, uid=REVIEWER)["records"]
    assert MARKER not in json.dumps(shown)
    whole = office.done(*arguments, "--whole", uid=REVIEWER)["records"]
    assert MARKER in json.dumps(whole)
    entries = office.done("trail", "show", reference)["entries"]
    assert isinstance(entries, list)
    assert [(e["actor"], e["action"]) for e in entries][-1] == ("robin", "show_whole")
    assert MARKER not in json.dumps(entries)


@pytest.mark.parametrize(
    ("step", "arguments", "allowed"),
    [
        ("opened", ("collect",), "verify, correct, refuse, cancel"),
        ("opened", ("approve",), "verify, correct, refuse, cancel"),
        ("verified", ("build",), "collect, correct, refuse, cancel"),
        ("in_review", ("build",), "approve"),
        ("approved", ("collect",), "build"),
    ],
)
def test_a_step_too_early_or_late_is_refused_in_one_line_and_changes_nothing(
    office: Office, step: str, arguments: tuple[str, ...], allowed: str
) -> None:
    reference = str(getattr(office, step)())
    before = office.done("request", "show", reference)
    uid = REVIEWER if arguments == ("approve",) else None
    finished = office.run("request", *arguments, reference, uid=uid)
    assert finished.code == 2
    assert allowed in finished.err
    assert finished.err.count("\n") == 1
    assert office.done("request", "show", reference) == before


def test_under_four_eyes_nobody_approves_what_they_took_part_in(office: Office) -> None:
    four_eyes(office)
    me = os.getuid()
    people = office.done("people", "list")["people"]
    assert isinstance(people, list)
    (name,) = (person["name"] for person in people if person["uid"] == me)
    office.done("people", "roles", name, "--controller", "acme", "--add", "reviewer")
    reference = office.in_review()
    finished = office.run("request", "approve", reference)
    assert finished.code == 2
    assert "had no part in it" in finished.err
    assert office.done("request", "approve", reference, uid=REVIEWER)["state"] == "approved"


@pytest.mark.parametrize("arguments", [("request", "list"), ("people", "list"), ("trail", "verify")])
def test_a_user_account_that_nobody_added_sees_nothing(office: Office, arguments: tuple[str, ...]) -> None:
    finished = office.run(*arguments, uid=STRANGER)
    assert finished.code == 2
    assert finished.out == ""
    assert "is nobody's here" in finished.err


def test_a_reviewer_opens_nothing_and_an_agent_approves_nothing(office: Office) -> None:
    reference = office.in_review()
    arguments = ("request", "open", "--controller", "acme", "--right", "access", "--identifiers-file", "-")
    assert "no agent of acme" in office.run(*arguments, stdin=SUBJECT, uid=REVIEWER).err
    assert "no reviewer of acme" in office.run("request", "approve", reference).err


def test_collecting_again_or_a_new_decision_voids_the_approval(office: Office) -> None:
    reference = office.approved()
    office.done("request", "send-back", reference, "--reason-file", "-", stdin="look again", uid=REVIEWER)
    office.done("request", "collect", "--now", reference)
    finished = office.run("request", "build", "--now", reference)
    assert finished.code == 2
    assert "approve" in finished.err


def test_a_package_is_of_the_draft_even_if_the_source_changed_since(office: Office) -> None:
    reference = office.approved()
    World(office.folder / "register").run("UPDATE records SET text = 'changed after the approval'")
    passphrase = office.folder / "passphrase"
    office.done("request", "build", "--now", reference, "--write-passphrase", passphrase)
    (package,) = (office.folder / "state" / "packages").glob("*.zip")
    opened = open_package(package, passphrase.read_text(encoding="ascii").strip())
    assert [record["text"] for record in opened.json()] == [MARKER, "two"]


@pytest.mark.parametrize("command", ["refuse", "cancel"])
def test_a_request_that_ends_leaves_no_draft(office: Office, command: str) -> None:
    reference = office.in_review()
    reason = ("--ground", "unfounded", "--reason-file", "-") if command == "refuse" else ("--yes",)
    uid = REVIEWER if command == "refuse" else None
    office.done("request", command, reference, *reason, stdin="withdrawn", uid=uid)
    assert [f for f in (office.folder / "state" / "drafts").rglob("*") if f.is_file()] == []
    assert office.done("request", "list")["requests"] == []
    assert len(list(office.done("request", "list", "--all")["requests"])) == 1  # type: ignore[call-overload] # a list


def test_nothing_held_is_a_state_of_its_own(office: Office) -> None:
    World(office.folder / "register").run("DELETE FROM records WHERE customer_id = 'C-1'")
    reference = office.verified()
    finished = office.run("request", "collect", "--now", reference, "--json")
    assert finished.code == 5
    assert finished.json["state"] == "nobody_found"
    assert office.done("request", "close", reference)["state"] == "closed"


def test_an_unreadable_source_blocks_the_release_until_its_gap_is_accepted(office: Office) -> None:
    second_source(office)
    reference = office.in_review()
    seen = office.done("request", "review", reference, uid=REVIEWER)
    assert seen["blocked"] is True
    refused = office.run("request", "approve", reference, uid=REVIEWER)
    assert "second could not be read" in refused.err
    accept = ("request", "accept-gap", reference, "--source", "second", "--reason-file", "-")
    office.done(*accept, stdin="the server is lost", uid=REVIEWER)
    assert office.done("request", "approve", reference, uid=REVIEWER)["state"] == "approved"


def second_source(office: Office) -> None:
    """Another source with the same dataset under another name, whose file is no database."""
    register = office.folder / "register"
    text = (register / "register.toml").read_text(encoding="utf-8")
    text = text.replace(
        'datasets = ["records"]\n\n[controllers', 'datasets = ["records", "more"]\n\n[controllers', 1
    )
    source = (
        '[sources.second]\nkind = "sql_database"\nurl = "sqlite:///second.db"\ncontrollers = ["acme"]\n\n'
    )
    (register / "register.toml").write_text(
        text.replace("[purposes", f"{source}[purposes", 1), encoding="utf-8"
    )
    dataset = (register / "datasets" / "records.toml").read_text(encoding="utf-8")
    dataset = dataset.replace('name = "records"', 'name = "more"').replace(
        'source = "main"', 'source = "second"'
    )
    (register / "datasets" / "more.toml").write_text(dataset, encoding="utf-8")
    (register / "second.db").write_bytes(b"this is no database")


def test_another_request_of_the_same_person_is_shown_and_changes_nothing(office: Office) -> None:
    first = office.verified()
    arguments = ("request", "open", "--controller", "acme", "--right", "access", "--identifiers-file", "-")
    second = office.run(*arguments, "--json", stdin="email=SAM@example.org")
    assert f"{first} is about the same person" in second.err
    assert office.state(first) == "verified"


def test_an_identifier_that_was_only_typed_in_widens_nothing(office: Office) -> None:
    reference = office.opened(f"{SUBJECT}\ncustomer_id=C-2")
    verify = ("request", "verify", reference, "--by-evidence", "known_address", "--evidence-file", "-")
    office.done(*verify, "--proves", "email", stdin="seen")
    office.done("request", "collect", "--now", reference)
    seen = office.done("request", "review", reference, "--dataset", "records", "--whole", uid=REVIEWER)
    assert "STRANGE" not in json.dumps(seen)


def test_without_settings_the_state_lies_in_the_current_folder(tmp_path: Path) -> None:
    finished = in_a_process("people", "add", "kim", "--uid", REVIEWER, "--json", cwd=tmp_path)
    assert finished.code == 0
    assert (tmp_path / "dsar-state" / "requests.db").stat().st_mode & 0o077 == 0


def test_a_missing_key_file_is_named_and_none_is_made(office: Office) -> None:
    keys = office.folder / "state" / "keys.json"
    keys.rename(keys.with_name("aside"))
    finished = office.run("request", "list")
    assert finished.code == 2
    assert "keys.json is missing" in finished.err
    assert not keys.exists()


def test_no_text_of_a_person_is_taken_as_an_argument(office: Office) -> None:
    reference = office.in_review()
    finished = office.run("request", "refuse", reference, "--ground", "excessive", uid=REVIEWER)
    assert finished.code == 2
    assert "reason is missing" in finished.err


def test_the_list_shows_who_may_approve_and_when_nobody_is_left(office: Office) -> None:
    office.in_review()
    (waiting,) = list(office.done("request", "list")["requests"])  # type: ignore[call-overload] # a list
    assert waiting["may_approve"] == ["robin"]
    office.done("people", "disable", "robin")
    assert "nobody left: add a reviewer" in office.run("request", "list").out


def test_nobody_handles_a_request_about_themself(office: Office) -> None:
    office.done(
        "people", "own", "robin", "--identifiers-file", "-", stdin="email=SAM@example.org", uid=REVIEWER
    )
    reference = office.in_review()
    for command in ("show", "review", "approve"):
        finished = office.run("request", command, reference, uid=REVIEWER)
        assert finished.code == 2
        assert "nobody handles a request about themself" in finished.err
    (waiting,) = list(office.done("request", "list")["requests"])  # type: ignore[call-overload] # a list
    assert waiting["may_approve"] == []
    database = (office.folder / "state" / "requests.db-wal").read_bytes()
    assert b"sam@example" not in database.lower()
    office.done(
        "people", "own", "robin", "--identifiers-file", "-", stdin="email=robin@example.org", uid=REVIEWER
    )
    assert office.done("request", "approve", reference, uid=REVIEWER)["state"] == "approved"


def test_a_reviewer_of_some_datasets_sees_no_others_and_approves_none(office: Office) -> None:
    reference = office.in_review()
    office.done("people", "add", "kim", "--uid", STRANGER)
    office.done(
        "people", "roles", "kim", "--controller", "acme", "--add", "reviewer", "--dataset", "data_requests"
    )
    shown = office.run("request", "review", reference, "--dataset", "records", "--whole", uid=STRANGER)
    assert (shown.code, shown.out) == (2, "")
    assert "no dataset 'records' to review" in shown.err
    assert "may see all of its datasets" in office.run("request", "approve", reference, uid=STRANGER).err


def test_only_an_administrator_states_the_identifiers_of_somebody_else(office: Office) -> None:
    arguments = ("people", "own", "root", "--identifiers-file", "-")
    finished = office.run(*arguments, stdin=SUBJECT, uid=REVIEWER)
    assert finished.code == 2
    assert "no administrator" in finished.err


def test_in_a_state_folder_of_a_group_its_members_share_drafts_and_packages(office: Office) -> None:
    state = office.folder / "of a group"
    state.mkdir()
    state.chmod(0o2770)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DSAR_STATE", str(state))
        office.done("people", "roles", login_name(os.getuid()), "--controller", "*", "--add", "agent")
        office.in_review()
    modes = {f.relative_to(state).parts[0]: f.stat().st_mode & 0o7777 for f in state.iterdir()}
    assert (modes["drafts"], modes["packages"]) == (0o2770, 0o2770)
    assert (modes["keys.json"], modes["requests.db"], modes["trail-anchor.json"]) == (0o640, 0o660, 0o660)
    assert {f.stat().st_mode & 0o7777 for f in (state / "drafts").rglob("*") if f.is_file()} == {0o640}
