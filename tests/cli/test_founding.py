"""A new state is made by the commands with which work begins, which say so; any other names what is missing."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from dsar_export.wiring.desk import login_name
from tests.cli.commands import Finished, in_this_process
from tests.worlds import SUBJECT, World

REFERENCE: Final = "DSAR-20260101-00000000"
OPEN: Final = ("request", "open", "--controller", "acme", "--identifiers-file", "-", "--right")
FOUND_NOTHING: Final = (
    *((*["request", "show"], REFERENCE), (*["request", "collect"], REFERENCE)),
    *((*["request", "due"], REFERENCE), (*["request", "approve"], REFERENCE)),
    *((*["request", "evidence"], REFERENCE), (*["request", "hand-on"], REFERENCE, "erasure=Legal")),
    *(tuple(words.split()) for words in ("request list", "request complaints", "inbox", "figures", "purge")),
    *(tuple(words.split()) for words in ("people list", "people disable kim", "trail show", "trail verify")),
    *(
        tuple(words.split())
        for words in ("mail list", "keys rotate", "database upgrade", "database restored")
    ),
    ("hold", REFERENCE, "--end"),
)


class Run:
    """Commands in this process, with a register and a place for a state that nobody made yet."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.state, self._capsys = folder / "state", capsys

    def __call__(self, *arguments: str) -> Finished:
        return in_this_process(self._capsys, *arguments, stdin=SUBJECT)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    World(tmp_path / "register").write([{"text": "one"}])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DSAR_REGISTER", str(tmp_path / "register"))
        patch.setenv("DSAR_STATE", str(tmp_path / "state"))
        yield Run(tmp_path, capsys)


def test_a_command_that_needs_a_state_makes_none_and_names_what_does(run: Run) -> None:
    words = f"no state at {run.state / 'requests.db'}; `request open` makes one, or set DSAR_STATE"
    finished = {arguments: run(*arguments) for arguments in FOUND_NOTHING}
    assert {
        a: f for a, f in finished.items() if (f.code, words in f.err, f.err.count("\n")) != (2, True, 1)
    } == {}
    assert not run.state.exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("people", "add", "kim", "--uid", "4711"), 0),
        (("people", "roles", login_name(os.getuid()), "--controller", "acme", "--add", "agent"), 0),
        ((*OPEN, "access"), 2),  # whoever founds is no agent yet, which the second line says
    ],
)
def test_the_commands_with_which_work_begins_make_a_state_with_a_notice(
    run: Run, arguments: tuple[str, ...], code: int
) -> None:
    first, again = run(*arguments), run(*arguments)
    notice = f"dsar-export: a new state was made in {run.state}, with {login_name(os.getuid())} as its administrator\n"
    assert (first.code, first.err.startswith(notice)) == (code, True)
    assert "a new state" not in again.err
    assert run("people", "list").code == 0


def test_a_wrong_argument_makes_no_state(run: Run) -> None:
    me = login_name(os.getuid())
    for arguments in ((*OPEN, "acess"), ("people", "roles", me, "--controller", "*", "--add", "boss")):
        assert run(*arguments).code == 2
    assert not run.state.exists()


@pytest.mark.parametrize("below", [".", "deeper/still"])
def test_a_file_is_no_state(run: Run, below: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run.state.write_text("mine", encoding="utf-8")
    monkeypatch.setenv("DSAR_STATE", str(run.state / below))
    for arguments in (("request", "list"), ("doctor",), ("people", "add", "kim", "--uid", "4711")):
        finished = run(*arguments)
        assert (finished.code, finished.err.count("\n")) == (2, 1), finished
        assert f"DSAR_STATE: {run.state} is a file; name a folder" in finished.err
    assert run.state.read_text(encoding="utf-8") == "mine"
