"""`people login` as an administrator runs it."""

from pathlib import Path

import pytest

from tests.cli.commands import in_this_process


@pytest.fixture
def founded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A state in which sam and kim work."""
    monkeypatch.setenv("DSAR_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("DSAR_OIDC_ISSUER", "https://login.example.org")
    for name, uid in (("sam", "4711"), ("kim", "4712")):
        assert in_this_process(capsys, "people", "add", name, "--uid", uid).code == 0
    return tmp_path


def test_an_account_is_bound_and_ended(founded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    login = ("people", "login", "sam")
    done = in_this_process(capsys, *login, "--subject-file", "-", "--json", stdin="subject-1\n")
    assert done.json == {"person": "sam", "login": True}
    taken = in_this_process(capsys, "people", "login", "kim", "--subject-file", "-", stdin="subject-1\n")
    assert taken.code == 2
    assert "sam" in taken.err
    assert "subject-1" not in taken.err
    assert in_this_process(capsys, *login, "--end", "--json").json == {"person": "sam", "login": False}
    assert in_this_process(capsys, *login, "--end").code == 2


@pytest.mark.parametrize("options", [[], ["--end", "--subject-file", "-"]])
def test_either_a_subject_or_the_end_is_named(
    founded: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    done = in_this_process(capsys, "people", "login", "sam", *options, stdin="x")
    assert done.code == 2
    assert "--subject-file" in done.err


def test_the_provider_must_be_known(
    founded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DSAR_OIDC_ISSUER")
    done = in_this_process(capsys, "people", "login", "sam", "--subject-file", "-", stdin="x")
    assert done.code == 2
    assert "DSAR_OIDC_ISSUER" in done.err
