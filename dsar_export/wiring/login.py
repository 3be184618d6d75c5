"""The organisation's identity provider, by the settings: whose logins count, and the keys that they are signed by."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsar_export.errors import ProviderUnavailableError, WrongUseError
from dsar_export.logins.keys import Keys
from dsar_export.logins.transport import Transport, is_private
from dsar_export.model.login import LoginRules
from dsar_export.settings import Settings

_FORM: Final = (
    "DSAR_LOGIN_CLAIMS says which claim proves which kind of identifier, such as "
    "email=email,customer_id=customer"
)


@dataclass(frozen=True)
class TrustedLogin:
    """Whose tokens count, and by which keys."""

    rules: LoginRules
    keys: Keys


def login_in(settings: Settings) -> TrustedLogin | None:
    """The provider of the settings, None if there is none; WrongUseError if one of the settings is missing."""
    given = (settings.login_issuer, settings.login_audience, settings.login_keys)
    issuer, audience, keys = given
    if not any(given):
        return None
    if issuer is None or audience is None or keys is None:
        raise WrongUseError("DSAR_LOGIN_ISSUER, DSAR_LOGIN_AUDIENCE and DSAR_LOGIN_KEYS go together; set all")
    if "://" in keys and not is_private(keys):
        raise WrongUseError("DSAR_LOGIN_KEYS is a file or an https address; correct it")
    return TrustedLogin(LoginRules(issuer, audience, _claims(settings.login_claims)), Keys(_reader(keys)))


def _reader(place: str) -> Callable[[], Mapping[str, object]]:
    """Gets the JWKS from an address, or from a file."""
    transport = Transport()
    return (lambda: transport.get(place)) if is_private(place) else (lambda: _in_file(Path(place)))


def _in_file(file: Path) -> Mapping[str, object]:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProviderUnavailableError("DSAR_LOGIN_KEYS: the file is no JWKS that can be read; name another")
    return found


def _claims(text: str) -> Mapping[str, str]:
    pairs = [each.partition("=") for each in text.split(",")]
    found = {kind.strip(): claim.strip() for kind, _, claim in pairs}
    if len(found) != len(pairs) or not all(kind and claim for kind, claim in found.items()):
        raise WrongUseError(_FORM)
    return found
