"""Where this runs: settings from the environment (`DSAR_…`), secret files, and `dsar.toml`, in this order."""

import os
import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from dsar_export.errors import WrongUseError
from dsar_export.model.proxies import trusted_networks
from dsar_export.model.webhook import listed_networks
from dsar_export.model.work import LEASE

_FILE: Final = "dsar.toml"
_CONTACT: Final = re.compile(r"(mailto:[!-~]+@[!-~]+|https://[!-~]+)")


class SmtpTls(StrEnum):
    """Whether mail may leave without encryption."""

    REQUIRED = "required"
    NONE = "none"
    """To a mail server on this machine."""
    UNENCRYPTED = "unencrypted"
    """To another machine too: whoever is on the way reads it."""


class BrokerKind(StrEnum):
    """Which broker wakes workers."""

    REDIS = "redis"
    RABBITMQ = "rabbitmq"


_BROKERS: Final = {
    "redis": BrokerKind.REDIS,
    "rediss": BrokerKind.REDIS,
    "amqp": BrokerKind.RABBITMQ,
    "amqps": BrokerKind.RABBITMQ,
}


def _broker_of(url: SecretStr) -> BrokerKind | None:
    scheme, separator, _ = url.get_secret_value().partition("://")
    return _BROKERS.get(scheme) if separator else None


class LogFormat(StrEnum):
    """How workers write their log."""

    AUTO = "auto"
    """For people on a terminal, otherwise as JSON."""
    JSON = "json"
    CONSOLE = "console"


def _aws(name: str, *usual: str) -> Any:
    """A setting of ours that may also come as one or another of the usual AWS_… variables."""
    choices = (f"DSAR_S3_{name.upper()}", *(f"AWS_{each.upper()}" for each in usual), f"s3_{name}")
    return Field(default=None, validation_alias=AliasChoices(*choices))


def is_s3(store: str | None) -> bool:
    """Whether a store is no folder of this machine."""
    return store is not None and "://" in store


def _folder(store: str | None) -> Path | None:
    return None if store is None or is_s3(store) else Path(store)


class Settings(BaseSettings):
    """Without any, everything of requests lies in `./dsar-state`."""

    model_config = SettingsConfigDict(
        env_prefix="DSAR_",
        env_ignore_empty=True,
        toml_file=_FILE,
        extra="forbid",
        hide_input_in_errors=True,
    )

    register_folder: Path | None = Field(
        default=None, validation_alias=AliasChoices("DSAR_REGISTER", "register")
    )
    state: Path = Path("dsar-state")
    database_url: str | None = None
    key_file: Path | None = None
    broker_url: SecretStr | None = None
    """Redis or RabbitMQ, which wakes workers; without it they look into the database themselves."""
    lease_seconds: int = Field(default=int(LEASE.total_seconds()), ge=10)
    """After so long without a sign of life, another worker takes over from one that was killed."""
    log_format: LogFormat = LogFormat.AUTO
    health_port: int | None = Field(default=None, ge=1, le=65535)
    """Where a worker answers on 127.0.0.1 whether it lives and work is done; nowhere by default."""
    draft_store: str | None = None
    """A folder, or `s3://bucket/prefix`."""
    package_store: str | None = None
    s3_endpoint: str | None = _aws("endpoint", "endpoint_url_s3", "endpoint_url")
    s3_region: str | None = _aws("region", "region", "default_region")
    s3_access_key_id: SecretStr | None = _aws("access_key_id", "access_key_id")
    s3_secret_access_key: SecretStr | None = _aws("secret_access_key", "secret_access_key")
    s3_session_token: SecretStr | None = _aws("session_token", "session_token")
    s3_allow_http: bool = False
    """Whether the S3 server may be reached without TLS."""
    smtp_url: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: SmtpTls = SmtpTls.REQUIRED
    mail_from: str | None = None
    outbox_folder: Path | None = None
    web_host: str = "127.0.0.1"
    """Where `serve` listens."""
    web_port: int = Field(default=8080, ge=0, le=65535)
    web_url: str | None = None
    """Where people reach the pages of their links; https, or this machine."""
    trusted_proxies: str | None = None
    """Addresses and networks of proxies, with commas, whose word counts on who asks."""
    downloads_at_once: int = Field(default=100, ge=1)
    downloads_per_client: int = Field(default=10, ge=1)
    staff_passwords: bool = True
    """Whether staff sign in by passwords; without them, only by the identity provider."""
    oidc_issuer: str | None = None
    """The organisation's identity provider (OpenID Connect), by which staff sign in."""
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    api_requests_per_minute: int = Field(default=600, ge=1)
    """Of one token, and of one address without a token that counts."""
    login_issuer: str | None = None
    """The identity provider whose signed tokens prove to the API who a person is."""
    login_audience: str | None = None
    login_keys: str | None = None
    """Its public keys: a JWKS file, or an https address of one."""
    login_claims: str = "email=email"
    """Which claim proves which kind of identifier: `kind=claim`, with commas."""
    staff_requests_per_minute: int = Field(default=600, ge=1)
    """Of one session on the pages of staff."""
    staff_requests_per_minute_signed_out: int = Field(default=60, ge=1)
    """Of one address without a session that lasts."""
    security_contact: str | None = None
    """Where somebody writes who found a weakness: an address as `mailto:…`, or a page as `https://…`."""

    webhook_private: str | None = None
    """Networks, with commas, in which webhooks may be although nobody reaches them from the internet."""

    @field_validator("broker_url")
    @classmethod
    def _known_broker(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and _broker_of(url) is None:
            raise ValueError("redis://… or amqp://…")
        return url

    @field_validator("security_contact")
    @classmethod
    def _contact(cls, contact: str | None) -> str | None:
        if contact is not None and _CONTACT.fullmatch(contact) is None:
            raise ValueError("DSAR_SECURITY_CONTACT has the form mailto:security@example.org or https://…")
        return contact

    @field_validator("trusted_proxies")
    @classmethod
    def _known_proxies(cls, proxies: str | None) -> str | None:
        return None if proxies is None else ",".join(trusted_networks(proxies))

    @field_validator("webhook_private")
    @classmethod
    def _known_networks(cls, networks: str | None) -> str | None:
        return None if networks is None else ",".join(map(str, listed_networks(networks)))

    @property
    def database(self) -> str:
        """The URL of the database of requests."""
        return self.database_url or f"sqlite:///{self.state / 'requests.db'}"

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)

    @property
    def broker_kind(self) -> BrokerKind | None:
        """By the address of the broker; None if there is none."""
        return None if self.broker_url is None else _broker_of(self.broker_url)

    @property
    def keys(self) -> Path:
        return self.key_file or self.state / "keys.json"

    @property
    def anchor(self) -> Path:
        """The file that notes how far the trail was seen."""
        return self.state / "trail-anchor.json"

    @property
    def drafts(self) -> Path:
        """The folder of Drafts, if they lie in one."""
        return _folder(self.draft_store) or self.state / "drafts"

    @property
    def packages(self) -> Path:
        """The folder of packages; if they lie in S3, the one in which they are assembled."""
        return _folder(self.package_store) or self.state / "packages"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 # the library's signature
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, file_secret_settings, TomlConfigSettingsSource(settings_cls)


def read_settings() -> Settings:
    """The settings of this process; WrongUseError names the one that is wrong."""
    secrets = os.environ.get("DSAR_SECRETS_DIR")
    try:
        found = _settings_with(secrets)
    except ValidationError as error:
        raise WrongUseError(f"settings: {_wrong_ones(error)}; see DSAR_… and {_FILE}") from None
    except ValueError:
        raise WrongUseError(f"{_FILE} is not TOML; correct it") from None
    for place in (found.state, *found.state.parents):
        if place.is_file():
            raise WrongUseError(f"DSAR_STATE: {place} is a file; name a folder, which need not exist yet")
    return found


def _wrong_ones(error: ValidationError) -> str:
    """The names of settings that are wrong, with what our own rules want; never with what they are."""
    wrong = error.errors(include_input=False)
    names = ", ".join(".".join(map(str, detail["loc"])) for detail in wrong)
    wanted = [str(detail["ctx"]["error"]) for detail in wrong if detail["type"] == "value_error"]
    return f"{names}: {'; '.join(wanted) or 'unknown or not valid'}"


def _settings_with(secrets: str | None) -> Settings:
    if secrets is None:
        return Settings()

    class WithSecrets(Settings):
        model_config = SettingsConfigDict(secrets_dir=secrets)

    return WithSecrets()
