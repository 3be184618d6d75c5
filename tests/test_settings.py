"""Settings come from the environment, from secret files and from dsar.toml, in this order."""

from datetime import timedelta
from pathlib import Path

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.settings import BrokerKind, read_settings


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


@pytest.mark.parametrize("url", ["http://broker.example.org", "redis", "memory://", "sqs://x"])
def test_another_kind_of_broker_is_refused_without_its_address(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DSAR_BROKER_URL", url)
    with pytest.raises(WrongUseError, match="broker_url") as raised:
        read_settings()
    assert url not in str(raised.value).replace("redis://", "")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("redis://h", BrokerKind.REDIS),
        ("rediss://h", BrokerKind.REDIS),
        ("amqp://h", BrokerKind.RABBITMQ),
        ("amqps://h", BrokerKind.RABBITMQ),
        ("", None),
    ],
)
def test_a_broker_is_known_by_the_scheme_of_its_address(
    monkeypatch: pytest.MonkeyPatch, url: str, kind: BrokerKind | None
) -> None:
    monkeypatch.setenv("DSAR_BROKER_URL", url)
    assert read_settings().broker_kind is kind


def test_stores_are_folders_of_the_state_unless_settings_name_others() -> None:
    settings = read_settings()
    assert (settings.drafts, settings.packages) == (Path("dsar-state/drafts"), Path("dsar-state/packages"))


def test_a_store_is_a_folder_or_lies_in_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSAR_DRAFT_STORE", "/srv/drafts")
    monkeypatch.setenv("DSAR_PACKAGE_STORE", "s3://bucket/packages")
    settings = read_settings()
    assert settings.drafts == Path("/srv/drafts")
    assert settings.package_store == "s3://bucket/packages"
    assert settings.packages == Path("dsar-state/packages")  # in which they are assembled


@pytest.mark.parametrize("name", ["DSAR_S3_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"])
def test_the_key_of_s3_comes_as_a_setting_of_ours_or_as_usual_and_from_a_secret_file(
    here: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (here / "secrets").mkdir()
    (here / "secrets" / name).write_text("of the file\n", encoding="utf-8")
    monkeypatch.setenv("DSAR_SECRETS_DIR", str(here / "secrets"))
    secret = read_settings().s3_secret_access_key
    assert secret is not None
    assert secret.get_secret_value() == "of the file"
    assert "of the file" not in repr(read_settings())
    monkeypatch.setenv(name, "of the environment")
    secret = read_settings().s3_secret_access_key
    assert secret is not None
    assert secret.get_secret_value() == "of the environment"


def test_settings_of_ours_go_before_the_usual_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://usual.example.org")
    assert read_settings().s3_endpoint == "https://usual.example.org"
    monkeypatch.setenv("DSAR_S3_ENDPOINT", "https://ours.example.org")
    assert read_settings().s3_endpoint == "https://ours.example.org"


def test_a_key_of_the_file_is_named_as_in_our_settings(here: Path) -> None:
    (here / "dsar.toml").write_text('s3_region = "eu-central-1"\ns3_allow_http = true\n', encoding="utf-8")
    assert (read_settings().s3_region, read_settings().s3_allow_http) == ("eu-central-1", True)


def test_a_lease_has_the_seconds_of_the_settings_but_not_fewer_than_ten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read_settings().lease == timedelta(seconds=90)
    monkeypatch.setenv("DSAR_LEASE_SECONDS", "10")
    assert read_settings().lease == timedelta(seconds=10)
    monkeypatch.setenv("DSAR_LEASE_SECONDS", "9")
    with pytest.raises(WrongUseError, match=r"DSAR_LEASE_SECONDS|lease_seconds"):
        read_settings()


@pytest.mark.parametrize(
    ("proxies", "wanted"),
    [
        ("*", "an address such as 10.0.0.5"),
        ("0.0.0.0/0", "believe anybody's X-Forwarded-For"),
        ("10.0.0.1,", "none left empty"),
    ],
)
def test_proxies_that_would_be_anybody_are_refused_with_what_is_wanted(
    proxies: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DSAR_TRUSTED_PROXIES", proxies)
    with pytest.raises(WrongUseError, match=wanted) as caught:
        read_settings()
    assert "trusted_proxies" in str(caught.value)


def test_named_proxies_are_kept_as_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSAR_TRUSTED_PROXIES", "10.0.0.5, fd00::/8")
    assert read_settings().trusted_proxies == "10.0.0.5/32,fd00::/8"
