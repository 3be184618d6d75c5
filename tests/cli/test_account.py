"""`people account` as an administrator runs it."""

from collections.abc import Sequence
from pathlib import Path

import pyotp
import pytest

from tests.cli.commands import COMMAND, in_this_process, on_a_terminal

PASSWORD = "correct horse battery"


@pytest.fixture
def founded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A state in which sam works."""
    monkeypatch.setenv("DSAR_STATE", str(tmp_path / "state"))
    assert in_this_process(capsys, "people", "add", "sam", "--uid", "4711").code == 0
    return tmp_path


def typed(folder: Path, *options: str, password: str = PASSWORD) -> tuple[int, str]:
    command: Sequence[str] = [*COMMAND, "people", "account", "sam", *options]
    return on_a_terminal(command, password, folder, times=2)


def test_an_account_is_made_on_a_terminal_and_its_secret_is_shown_once(founded: Path) -> None:
    code, shown = typed(founded)
    assert code == 0
    assert PASSWORD not in shown
    secret = shown.split("secret   ")[1].split()[0]
    assert len(pyotp.TOTP(secret).now()) == 6
    assert f"secret={secret}" in shown.split("otpauth://totp/")[1]
    code, shown = typed(founded)
    assert code == 2
    assert "sam has an account; --reset gives it another password" in " ".join(shown.split())
    code, shown = typed(founded, "--reset")
    assert code == 0
    assert secret not in shown


def test_a_password_comes_from_a_terminal_only(founded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = in_this_process(capsys, "people", "account", "sam", stdin=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.code == 2
    assert "there is no terminal" in done.err
    assert in_this_process(capsys, "people", "account", "sam", "--disable").code == 2


def test_an_account_is_disabled_without_a_terminal(founded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(founded)[0] == 0
    done = in_this_process(capsys, "people", "account", "sam", "--disable", "--json")
    assert done.json == {"person": "sam", "disabled": True}
    assert in_this_process(capsys, "people", "account", "sam", "--disable", "--reset").code == 2
