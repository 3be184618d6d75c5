"""Settings come from the environment, from secret files and from dsar.toml, in this order."""

from datetime import timedelta
from pathlib import Path

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.settings import read_settings


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_any_the_state_lies_in_the_current_folder() -> None:
    settings = read_settings()
    assert settings.database == "sqlite:///dsar-state/requests.db"
    assert settings.keys == Path("dsar-state/keys.json")
    assert settings.register_folder is None


def test_the_environment_goes_before_the_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "dsar.toml").write_text('register = "of the file"\nstate = "from the file"\n', encoding="utf-8")
    monkeypatch.setenv("DSAR_STATE", "from the environment")
    settings = read_settings()
    assert settings.state == Path("from the environment")
    assert settings.register_folder == Path("of the file")
    monkeypatch.setenv("DSAR_REGISTER", "of the environment")
    assert read_settings().register_folder == Path("of the environment")


def test_a_secret_file_has_the_url_of_the_database(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "secrets").mkdir()
    (here / "secrets" / "DSAR_DATABASE_URL").write_text("postgresql://db.example.org/x\n", encoding="utf-8")
    monkeypatch.setenv("DSAR_SECRETS_DIR", str(here / "secrets"))
    assert read_settings().database == "postgresql://db.example.org/x"


@pytest.mark.parametrize(
    ("text", "named"), [("stat = 'x'", "stat"), ("state = [1]", "state"), ("= 1", "not TOML")]
)
def test_a_wrong_file_is_named_without_its_values(here: Path, text: str, named: str) -> None:
    (here / "dsar.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongUseError, match=named) as raised:
        read_settings()
    assert "[1]" not in str(raised.value)


def test_a_lease_has_the_seconds_of_the_settings_but_not_fewer_than_ten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read_settings().lease == timedelta(seconds=90)
    monkeypatch.setenv("DSAR_LEASE_SECONDS", "10")
    assert read_settings().lease == timedelta(seconds=10)
    monkeypatch.setenv("DSAR_LEASE_SECONDS", "9")
    with pytest.raises(WrongUseError, match="DSAR_LEASE_SECONDS|lease_seconds"):
        read_settings()
