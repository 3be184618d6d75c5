"""The intake of a letter on the command line: groups, agents, other rights, who it is, and words of the shell."""

import json
import os
import shlex
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from dsar_export.cli.commands import request_intake
from dsar_export.errors import SourceUnreadableError
from dsar_export.use_cases.services import Services
from tests.cli import test_requests
from tests.cli.commands import COMMAND, Finished
from tests.cli.test_requests import REVIEWER, Office
from tests.worlds import STRANGER, SUBJECT, open_package

office = test_requests.office
OPEN = ("request", "open", "--right", "access", "--identifiers-file", "-")
AGENT = "Advocates of Example Ltd, power of attorney of 3 May"
GONE = (date.today() - timedelta(days=2)).isoformat()  # noqa: DTZ011 - two days are enough in any zone
COMING = "2199-12-31"

CONTACTS = """
[[contacts]]
kind = "email"
given = "customer_id"
source = "main"
table = "customers"
given_column = "id"
address_column = "email"
"""


def group_of_two(office: Office) -> None:
    """Another company in the same register, without data of its own."""
    file = office.folder / "register" / "register.toml"
    text = file.read_text(encoding="utf-8")
    begin, end = text.index("[controllers.acme]"), text.index("[sources.main]")
    sister = text[begin:end].replace("controllers.acme", "controllers.sister").replace("Acme", "Sister")
    file.write_text(text + sister, encoding="utf-8")


def opened(office: Office, *more: object, stdin: str = SUBJECT) -> Finished:
    return office.run(*OPEN, "--controller", "acme", *more, "--json", stdin=stdin)


def agent_file(office: Office) -> Path:
    file = office.folder / "agent.txt"
    file.write_text(AGENT, encoding="utf-8")
    return file


def entries(office: Office, reference: str) -> list[dict[str, object]]:
    found = office.done("trail", "show", reference)["entries"]
    assert isinstance(found, list)
    return found


def test_one_letter_to_a_group_opens_linked_requests(office: Office) -> None:
    group_of_two(office)
    done = opened(office, "--controller", "sister")
    assert (done.code, done.err) == (0, "")  # they are not shown as other requests of the person
    both = done.json["requests"]
    assert isinstance(both, list)
    first, second = both
    assert (first["controller"], second["controller"]) == ("acme", "sister")
    assert first["group_reference"] == second["group_reference"] is not None
    assert (first["linked"], second["linked"]) == ([second["reference"]], [first["reference"]])
    assert f"linked to     {second['reference']}" in office.run("request", "show", first["reference"]).out
    listed = office.run("request", "list").out
    assert listed.count(first["group_reference"]) == 2
    assert entries(office, second["reference"])[0]["details"] == {
        "channel": "email",
        "rights": "access",
        "group_reference": first["group_reference"],
    }


def test_all_requests_of_a_letter_are_opened_or_none(office: Office) -> None:
    group_of_two(office)
    people = office.done("people", "list")["people"]
    assert isinstance(people, list)
    (me,) = (person["name"] for person in people if person["uid"] == os.getuid())
    office.done("people", "roles", me, "--controller", "*", "--end", "agent")
    office.done("people", "roles", me, "--controller", "acme", "--add", "agent")
    refused = office.run(*OPEN, "--controller", "acme", "--controller", "sister", stdin=SUBJECT)
    assert refused.code == 2
    assert "no agent of sister" in refused.err
    assert office.done("request", "list")["requests"] == []


def test_a_company_of_which_the_mandate_covers_nothing_is_not_asked_for_all(office: Office) -> None:
    group_of_two(office)
    options = ("--controller", "sister", "--agent-file", agent_file(office), "--mandate-dataset", "records")
    refused = opened(office, *options)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "the mandate covers no dataset of sister" in refused.err
    assert office.done("request", "list")["requests"] == []


def test_a_request_to_one_company_stands_alone(office: Office) -> None:
    one = opened(office).json
    assert (one["group_reference"], one["linked"], one["mandate"], one["handed_on"]) == (None, [], None, [])


def test_an_agent_gets_what_the_mandate_covers_and_the_package_names_the_rest(office: Office) -> None:
    test_requests.second_source(office)  # it can't be read, and nobody tries
    options = ("--agent-file", agent_file(office), "--mandate-dataset", "records", "--mandate-until", COMING)
    reference = str(opened(office, *options).json["reference"])
    verify(office, reference)
    assert office.done("request", "collect", "--now", reference)["state"] == "in_review"
    seen = office.done("request", "review", reference, uid=REVIEWER)
    assert (seen["blocked"], seen["unread"], seen["not_covered"]) == (False, [], ["more", "data_requests"])
    assert "outside the agent's mandate" in office.run("request", "review", reference, uid=REVIEWER).out
    office.done("request", "approve", reference, uid=REVIEWER)
    passphrase = office.folder / "passphrase"
    office.done("request", "build", "--now", reference, "--write-passphrase", passphrase)
    (package,) = (office.folder / "state" / "packages").glob("*.zip")
    found = open_package(package, passphrase.read_text(encoding="ascii").strip())
    manifest = json.loads(found.members["datapackage.json"])["dsar"]
    assert [o["dataset"] for o in manifest["outcomes"]] == ["records"]
    assert [n["dataset"] for n in manifest["not_covered"]] == ["more", "data_requests"]
    assert "the person can ask for it directly" in manifest["not_covered"][0]["reason"]
    assert manifest["gaps"] == []
    assert not [name for name in found.members if "more" in name]
    inspected = office.run("inspect", package, "--passphrase-file", passphrase, "--json")
    assert inspected.code == 0, inspected.out


def verify(office: Office, reference: str) -> None:
    arguments = ("request", "verify", reference, "--by-evidence", "known_address", "--evidence-file", "-")
    office.done(*arguments, stdin="seen")


def test_the_agents_name_is_sealed_and_shown_nowhere(office: Office) -> None:
    found = opened(office, "--agent-file", agent_file(office), "--mandate-until", COMING)
    reference = str(found.json["reference"])
    assert found.json["mandate"] == {"datasets": [], "until": f"{COMING}T23:59:59.999999+00:00"}
    printed = office.run("request", "show", reference).out
    assert f"agent         all datasets, until {COMING} 23:59 GMT" in printed
    trail = entries(office, reference)
    assert trail[1]["action"] == "mandate"
    details = trail[1]["details"]
    assert isinstance(details, dict)
    assert {**details, "until": 0} == {"datasets": 0, "until": 0}
    for text in (found.out, printed, json.dumps(trail)):
        assert "Advocates" not in text
    for file in (office.folder / "state").rglob("*"):
        assert not file.is_file() or b"Advocates" not in file.read_bytes()


def test_after_the_mandate_has_ended_nothing_is_collected_approved_or_built(office: Office) -> None:
    reference = office.approved()
    agent = agent_file(office)

    def until(day: str) -> Finished:
        return office.run("request", "mandate", reference, "--agent-file", agent, "--mandate-until", day)

    assert "mandate is not possible while it is approved" in until(GONE).err
    office.done("request", "send-back", reference, "--reason-file", "-", stdin="an agent asks", uid=REVIEWER)
    assert until(GONE).code == 0
    refused = office.run("request", "collect", "--now", reference)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "mandate ended" in refused.err
    assert refused.err.endswith("possible now: mandate, refuse, cancel\n")
    assert until(COMING).code == 0
    assert office.done("request", "collect", "--now", reference)["state"] == "in_review"
    assert until(GONE).code == 0
    assert office.state(reference) == "in_review"  # the scope is the same
    assert "mandate ended" in office.run("request", "approve", reference, uid=REVIEWER).err


def test_under_another_scope_the_request_is_collected_again(office: Office) -> None:
    test_requests.second_source(office)
    reference = str(opened(office, "--agent-file", agent_file(office)).json["reference"])
    verify(office, reference)
    office.done("request", "collect", "--now", reference)
    before = office.done("request", "review", reference, uid=REVIEWER)
    assert before["blocked"] is True
    corrected = office.done("request", "mandate", reference, "--mandate-dataset", "records")
    assert (corrected["state"], corrected["mandate"]) == (
        "verified",
        {"datasets": ["records"], "until": None},
    )
    assert office.run("request", "approve", reference, uid=REVIEWER).code == 2
    office.done("request", "collect", "--now", reference)
    assert office.done("request", "review", reference, uid=REVIEWER)["blocked"] is False
    everything = office.done("request", "mandate", reference, "--mandate-dataset", "*")
    assert (everything["state"], everything["mandate"]) == ("verified", {"datasets": [], "until": None})


def test_what_else_the_letter_asks_for_is_handed_on_to_a_named_contact(office: Office) -> None:
    found = opened(office, "--also", "erasure=Legal department", "--also", "objection=Marketing").json
    reference = str(found["reference"])
    handed = office.done("request", "hand-on", reference, "correction=Dana in accounts")["handed_on"]
    assert isinstance(handed, list)
    assert [(h["right"], h["contact"]) for h in handed] == [
        ("erasure", "Legal department"),
        ("objection", "Marketing"),
        ("correction", "Dana in accounts"),
    ]
    assert "handed on     erasure to Legal department, 2" in office.run("request", "show", reference).out
    trail = [(e["action"], e["details"]) for e in entries(office, reference)]
    rights = [{"right": right} for right in ("erasure", "objection", "correction")]
    assert trail[1:] == [("hand_on", right) for right in rights]


def test_who_is_behind_a_verified_request_is_shown_masked_and_changes_nothing(office: Office) -> None:
    reference = office.opened()
    refused = office.run("request", "identify", reference)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "identify is not possible while it is received; possible now: verify" in refused.err
    verify(office, reference)
    before = office.done("request", "show", reference)
    found = office.run("request", "identify", reference)
    assert found.code == 0
    assert "one person is behind these identifiers" in found.out
    assert "sam@" not in found.out.lower()
    assert office.done("request", "show", reference) == before
    assert entries(office, reference)[-1]["details"] == {"identifiers": 3, "people": 1}
    assert office.done("request", "identify", reference)["people"] == 1
    assert "no agent of acme" in office.run("request", "identify", reference, uid=REVIEWER).err


@pytest.mark.parametrize(
    ("identifiers", "code", "shown"),
    [
        (
            f"{SUBJECT}\n{STRANGER}",
            4,
            "2 people are behind these identifiers; collect stops and asks for --choose",
        ),
        ("email=nobody@example.org", 5, "nobody is behind these identifiers"),
    ],
)
def test_several_people_and_nobody_are_shown_in_one_sentence(
    office: Office, identifiers: str, code: int, shown: str
) -> None:
    reference = office.opened(identifiers)
    verify(office, reference)
    found = office.run("request", "identify", reference)
    assert found.code == code
    assert shown in found.out


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("--agent-file", "AGENT", "--mandate-dataset", "record"), "nearest valid name: records"),
        (("--mandate-dataset", "records"), "need --agent-file"),
        (("--mandate-until", COMING), "need --agent-file"),
        (("--agent-file", "AGENT", "--mandate-until", "soon"), "a time has the form"),
        (("--agent-file", "AGENT", "--mandate-until", "2999-01-01"), "too far ahead"),
        (("--agent-file", "EMPTY"), "the agent is missing"),
        (("--agent-file", "MISSING"), "can't be read"),
        (("--agent-file", "-"), "only one of --identifiers-file and --agent-file"),
        (("--also", "erasure"), "expected RIGHT=CONTACT"),
        (("--also", "deletion=Legal"), "one of correction, erasure, restriction, objection"),
        (("--controller", "acne"), "nearest valid name: acme"),
    ],
)
def test_each_wrong_option_of_an_intake_is_refused_in_one_line(
    office: Office, arguments: tuple[str, ...], shown: str
) -> None:
    (office.folder / "empty").write_text("\n", encoding="utf-8")
    files = {
        "AGENT": agent_file(office),
        "EMPTY": office.folder / "empty",
        "MISSING": office.folder / "missing",
    }
    refused = opened(office, *(files.get(each, each) for each in arguments))
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert shown in refused.err
    assert office.done("request", "list")["requests"] == []


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("mandate",), "name what to correct"),
        (("mandate", "--mandate-dataset", "records"), "has no agent"),
        (("hand-on", "erasure="), "expected RIGHT=CONTACT"),
    ],
)
def test_each_wrong_option_of_what_follows_is_refused_in_one_line(
    office: Office, arguments: tuple[str, ...], shown: str
) -> None:
    reference = office.opened()
    command, *options = arguments
    refused = office.run("request", command, reference, *options)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert shown in refused.err


def completed(office: Office, words: str, **settings: str) -> Finished:
    typed = words.split(" ")
    shell = {"COMP_WORDS": words, "COMP_CWORD": str(len(typed) - 1)}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(office.folder)
        for name, value in {"_DSAR_EXPORT_COMPLETE": "complete_bash", **shell, **settings}.items():
            patch.setenv(name, value)
        return office.run()


def test_the_shell_completes_commands_options_and_references_of_open_requests(office: Office) -> None:
    ended, still_open = office.opened(), office.opened()
    office.done("request", "cancel", ended, "--yes")
    found = completed(office, "dsar-export request show DSAR-")
    assert (found.code, found.out.split(), found.err) == (0, [still_open], "")
    assert completed(office, "dsar-export request hand").out.split() == ["hand-on"]
    assert "--mandate-until" in completed(office, "dsar-export request mandate --m").out


@pytest.mark.parametrize("url", [None, "sqlite:///none.db", "postgresql://localhost:1/none", "nonsense"])
def test_without_a_database_the_shell_completes_nothing_and_makes_none(
    office: Office, url: str | None
) -> None:
    empty = office.folder / "empty"
    empty.mkdir()
    settings = {"DSAR_STATE": str(empty / "state")} | ({} if url is None else {"DSAR_DATABASE_URL": url})
    before = {f for f in office.folder.rglob("*") if "state" not in f.parts}
    found = completed(office, "dsar-export request show D", **settings)
    assert (found.code, found.out.strip(), found.err) == (0, "", "")
    assert {f for f in office.folder.rglob("*") if "state" not in f.parts} == before


def test_the_script_for_the_shell_is_shown(office: Office) -> None:
    command = shlex.join([*COMMAND, "--show-completion"])
    done = subprocess.run(
        ["bash", "-c", f"{command} && echo done"],
        cwd=office.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "_DSAR_EXPORT_COMPLETE=complete_bash" in done.stdout
    assert done.stdout.endswith("done\n")


def test_a_code_needs_an_identifier_that_leads_to_addresses(office: Office) -> None:
    reference = office.opened()
    refused = office.run("request", "code", reference)
    assert (refused.code, "[[contacts]] in the register" in refused.err) == (2, True)
    register = office.folder / "register" / "register.toml"
    register.write_text(f"{register.read_text(encoding='utf-8')}{CONTACTS}", encoding="utf-8")
    refused = office.run("request", "code", reference)
    assert (refused.code, "to name one of: customer_id" in refused.err) == (2, True)


def test_a_code_is_sent_and_typed_in_without_any_argument_that_holds_it(office: Office) -> None:
    register = office.folder / "register" / "register.toml"
    register.write_text(f"{register.read_text(encoding='utf-8')}{CONTACTS}", encoding="utf-8")
    known, unknown = office.opened("customer_id=C-1\n"), office.opened("customer_id=C-9\n")
    shown = {office.run("request", "code", reference).out for reference in (known, unknown)}
    assert shown == {
        "If an address of the person is on file, a code is on its way there; `mail send` sends it.\n"
    }
    assert office.done("request", "code", known) == {"reference": known}
    wrong = office.run("request", "verify", known, "--by-code", "--evidence-file", "-", stdin="1234567\n")
    assert (wrong.code, "does not count" in wrong.err) == (2, True)
    neither = office.run("request", "verify", known)
    assert (neither.code, "--by-code" in neither.err) == (2, True)


@pytest.mark.parametrize(
    ("wrong", "identifiers", "words"),
    [
        (("--language", "klingon"), SUBJECT, "choose one of de, en, fr"),
        ((), "emial=sam@example.org\n", "nearest valid name: email"),
        (("--agent-file", "agent.txt", "--mandate-until", "2020-01-01"), SUBJECT, "has ended already"),
    ],
)
def test_what_would_fail_later_is_refused_at_the_intake(
    office: Office, wrong: tuple[str, ...], identifiers: str, words: str
) -> None:
    (office.folder / "agent.txt").write_text("Agent & Co", encoding="utf-8")
    arguments = ("request", "open", "--controller", "acme", "--right", "access", "--identifiers-file", "-")
    named = [str(office.folder / part) if part == "agent.txt" else part for part in wrong]
    refused = office.run(*arguments, *named, stdin=identifiers)
    assert (refused.code, words in refused.err) == (2, True), refused.err


def test_an_empty_file_is_no_text(office: Office) -> None:
    reference = office.opened()
    refused = office.run("request", "note", reference, "--text-file", "-", stdin=" \n")
    assert (refused.code, "the note is empty" in refused.err) == (2, True)


def test_the_answer_is_given_before_anything_is_looked_up_and_a_failure_does_not_change_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = office.folder / "register" / "register.toml"
    register.write_text(f"{register.read_text(encoding='utf-8')}{CONTACTS}", encoding="utf-8")
    known, unknown = office.opened("customer_id=C-1\n"), office.opened("customer_id=C-9\n")
    usual = [office.run("request", "code", reference) for reference in (known, unknown)]
    given: list[str] = []

    def failing(*_: object) -> Services:
        given.append(office.capsys.readouterr().out)
        sys.stdout.write(given[-1])
        raise SourceUnreadableError("main can't be read")

    monkeypatch.setattr(request_intake, "services_of", failing)
    failed = [office.run("request", "code", reference) for reference in (known, unknown)]
    assert {(done.code, done.out, done.err) for done in (*usual, *failed)} == {(0, usual[0].out, "")}
    assert given == [usual[0].out] * 2
    for reference in (known, unknown):
        found = office.done("request", "show", reference)["code_not_sent"]
        assert isinstance(found, dict)
        assert found["why"] == "code_failed"
        assert "the look-up failed" in office.run("request", "show", reference).out
