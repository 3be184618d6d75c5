"""Each wrong argument gets one line that says what is allowed, exit code 2, and changes nothing."""

import os
from typing import Final

from dsar_export.wiring.desk import login_name
from tests.cli import test_requests
from tests.cli.commands import Finished
from tests.cli.test_requests import Office
from tests.worlds import STRANGER, SUBJECT

office = test_requests.office

OPEN: Final = ("request", "open", "--controller", "acme", "--identifiers-file", "-")
VERIFY: Final = ("request", "verify", "{reference}", "--evidence-file", "-")
REVIEWS: Final = (*["people", "roles", "{me}", "--controller", "acme", "--add", "reviewer", "--dataset"],)
WRONG: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("people", "list", "--jsno"), "no such option; dsar-export people list has --json, --help"),
    (("request", "shwo", "{reference}"), "no such command; perhaps show; see dsar-export request --help"),
    (("trail", "42"), "no such command; dsar-export trail has show, verify, export"),
    (("people",), "a command is missing; dsar-export people has add, "),
    (("request", "show"), "REFERENCE is missing; see dsar-export request show --help"),
    (("request", "show", "{reference}", "42"), "a word too many; dsar-export request show takes REFERENCE"),
    (("request", "show", "{reference}", "--json=42"), "'--json' does not take a value"),
    (("people", "add", "kim"), "--uid is missing; see dsar-export people add --help"),
    (("people", "add", "kim", "--uid", "-42"), "--uid is a whole number of at least 0"),
    (("request", "review", "{reference}", "--count", "x42"), "--count is a whole number from 1 to 250"),
    (("request", "answer-complaint", "{reference}", "x42"), "NUMBER is a whole number of at least 1"),
    ((*OPEN, "--right", "42"), "--right is one of access, portability; repeat it"),
    ((*OPEN, "--right", "access", "--channel", "42"), "--channel is one of letter, email"),
    ((*VERIFY, "--by-evidence", "Passport 42!"), "the kind of evidence is a short code in small letters"),
    ((*VERIFY, "--by-evidence", "call", "--by-code"), "name one of --by-code and --by-evidence"),
    ((*VERIFY, "--proves", "email", "--by-code"), "leave --proves out"),
    (
        ("request", "note", "{reference}", "--text-file", "{folder}/gone"),
        "no such file or directory); name an",
    ),
    (
        ("request", "note", "{reference}", "--text-file", "{folder}/latin1"),
        "it is not UTF-8; save it in UTF-8",
    ),
    (("request", "evidence", "{reference}", "--verify", "{folder}"), "is a directory); name another file"),
    (
        ("request", "evidence", "{reference}", "--manifest", "{folder}/gone"),
        "no such file or directory); name an",
    ),
    (("request", "evidence", "{reference}", "--verify", "{folder}/latin1"), "is no JSON object; name a file"),
    (("inspect", "{folder}/latin1", "--passphrase-file", "-"), "is no ZIP file; name a package"),
    (("inspect", "{folder}/gone", "--passphrase-file", "-"), "no such file or directory); name another file"),
    (("inspect", "{folder}", "--passphrase-file", "-"), "is a directory); name another file"),
    (("people", "roles", "{me}", "--controller", "acem", "--add", "agent"), "nearest valid name: acme"),
    (
        ("people", "roles", "{me}", "--controller", "acem", "--end", "agent"),
        "`dsar-export people list` shows",
    ),
    ((*REVIEWS, "recordss"), "no dataset 'recordss' at acme; nearest valid name: records"),
    (("people", "roles", "{me}", "--controller", "acme"), "name a role with --add, or one with --end"),
    (("people", "own", "{me}"), "name a file with --identifiers-file; an empty one takes back"),
    (("trail", "show", "DSAR-20260101-00000000"), "`request list --all` shows all requests"),
    (("check", "{folder}/latin1"), "register.toml: can't be read (not a directory)"),
)


def refused(finished: Finished, words: str) -> bool:
    """One line with the words, and none of the library's; no number that was typed is repeated."""
    line = finished.err
    foreign = ("Input should", "Error)", "invalid value", "[a-z]", "42", "Traceback")
    one = (finished.code, line.count("\n"), finished.out) == (2, 1, "")
    return one and words in line and not any(text in line for text in foreign)


def test_each_wrong_argument_gets_one_line_and_changes_nothing(office: Office) -> None:
    reference, me = office.opened(), login_name(os.getuid())
    (office.folder / "latin1").write_bytes("Größe".encode("latin-1"))
    before = office.done("trail", "show")["entries"]
    failed = []
    for arguments, words in WRONG:
        named = [each.format(reference=reference, folder=office.folder, me=me) for each in arguments]
        finished = office.run(*named, stdin=SUBJECT)
        failed += [] if refused(finished, words) else [(arguments, finished)]
    assert failed == []
    assert office.done("trail", "show")["entries"] == before


def test_a_stranger_is_not_chosen_and_the_request_stays_where_it_is(office: Office) -> None:
    reference = office.opened(f"{SUBJECT}\n{STRANGER}\n")
    office.done(*(each.format(reference=reference) for each in VERIFY), "--by-evidence", "call", stdin="seen")
    assert office.run("request", "collect", "--now", reference).code == 4
    before = office.done("trail", "show", reference)
    choose = ("request", "choose", reference, "--reason-file", "-", "--choose")
    finished = office.run(*choose, "C-9", stdin="called back")
    assert finished.code == 2
    assert (
        "a chosen key is not that of a candidate; nothing was changed. Choose one of the candidates"
        in finished.err
    )
    assert "candidates: 2; run this on a terminal to see their keys" in finished.err
    assert (office.state(reference), office.done("trail", "show", reference)) == ("ambiguous", before)
    assert office.done(*choose, "C-2", stdin="called back")["state"] == "verified"
    again = office.run(*choose, "C-2", stdin="called back")
    assert (again.code, "possible now: " in again.err) == (2, True)


def test_whoever_opens_a_request_about_themself_reads_no_reference_that_does_not_exist(
    office: Office,
) -> None:
    office.done("people", "own", login_name(os.getuid()), "--identifiers-file", "-", stdin=SUBJECT)
    finished = office.run(*OPEN, "--right", "access", stdin=SUBJECT)
    assert (finished.code, finished.err.count("\n")) == (2, 1)
    assert "nothing was opened, ask a colleague to open it" in finished.err
    assert "DSAR-2" not in finished.err
    assert office.done("request", "list", "--all")["requests"] == []
