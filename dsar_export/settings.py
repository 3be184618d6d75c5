"""Where this runs: settings from the environment (`DSAR_…`), secret files, and `dsar.toml`, in this order."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from dsar_export.errors import WrongUseError

_FILE: Final = "dsar.toml"


class SmtpTls(StrEnum):
    """Whether mail may leave without encryption."""

    REQUIRED = "required"
    NONE = "none"
    """To a mail server on this machine."""
    UNENCRYPTED = "unencrypted"
    """To another machine too: whoever is on the way reads it."""


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
    draft_store: Path | None = None
    package_store: Path | None = None
    smtp_url: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: SmtpTls = SmtpTls.REQUIRED
    mail_from: str | None = None
    outbox_folder: Path | None = None

    @property
    def database(self) -> str:
        """The URL of the database of requests."""
        return self.database_url or f"sqlite:///{self.state / 'requests.db'}"

    @property
    def keys(self) -> Path:
        return self.key_file or self.state / "keys.json"

    @property
    def anchor(self) -> Path:
        """The file that notes how far the trail was seen."""
        return self.state / "trail-anchor.json"

    @property
    def drafts(self) -> Path:
        return self.draft_store or self.state / "drafts"

    @property
    def packages(self) -> Path:
        return self.package_store or self.state / "packages"

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
        names = ", ".join(".".join(map(str, detail["loc"])) for detail in error.errors(include_input=False))
        raise WrongUseError(f"settings: {names}: unknown or not valid; see DSAR_… and {_FILE}") from None
    except ValueError:
        raise WrongUseError(f"{_FILE} is not TOML; correct it") from None
    for place in (found.state, *found.state.parents):
        if place.is_file():
            raise WrongUseError(f"DSAR_STATE: {place} is a file; name a folder, which need not exist yet")
    return found


def _settings_with(secrets: str | None) -> Settings:
    if secrets is None:
        return Settings()

    class WithSecrets(Settings):
        model_config = SettingsConfigDict(secrets_dir=secrets)

    return WithSecrets()
