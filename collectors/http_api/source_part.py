"""What register.toml says about an HTTP API: how to sign in, which hosts may be asked, and how much is accepted."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from ipaddress import ip_network
from typing import Final

from dsar_export.model.toml_table import toml_table

_MEGABYTE: Final = 1 << 20


class AuthKind(StrEnum):
    """How the API knows who asks."""

    BEARER = "bearer"
    BASIC = "basic"
    API_KEY = "api_key"
    CLIENT_CREDENTIALS = "client_credentials"


_NEEDED: Final[Mapping[AuthKind, frozenset[str]]] = {
    AuthKind.BEARER: frozenset(),
    AuthKind.BASIC: frozenset({"user"}),
    AuthKind.API_KEY: frozenset({"header"}),
    AuthKind.CLIENT_CREDENTIALS: frozenset({"token_address", "user"}),
}


@toml_table
class Auth:
    """How to sign in; the secret itself is in the environment or in a file."""

    kind: AuthKind
    """`bearer`, `basic`, `api_key` or `client_credentials`."""
    secret: str
    """The token, key, password or client secret: `env:NAME`, or `file:PATH` for a file that only holds it."""
    user: str | None = None
    """With `basic` and `client_credentials`: the user's or client's name, or `env:NAME`."""
    header: str | None = None
    """With `api_key`: the header that carries the key, such as `X-Api-Key`."""
    token_address: str | None = None
    """With `client_credentials`: where tokens are issued, on the API's own host or on one of `hosts`."""
    scope: str | None = None
    """With `client_credentials`: the scope to ask for, if any; one that reads is enough."""

    def __post_init__(self) -> None:
        if not self.secret.startswith(("env:", "file:")):
            raise ValueError("secret is env:NAME or file:PATH; never write the secret here")
        given = {
            name for name in ("user", "header", "token_address", "scope") if getattr(self, name) is not None
        }
        needed = _NEEDED[self.kind]
        spare = given - needed - ({"scope"} if self.kind is AuthKind.CLIENT_CREDENTIALS else set())
        if needed - given:
            raise ValueError(f"{self.kind} needs {min(needed - given)}; add it")
        if spare:
            raise ValueError(f"{self.kind} has no {min(spare)}; drop it")


@toml_table
class ApiSource:
    """The collector's own keys of a source of kind `http_api`."""

    auth: Auth | None = None
    """How to sign in; without it, the API is asked without a name."""
    hosts: tuple[str, ...] = ()
    """Further hosts that may be asked beside that of `url`, such as the one that issues tokens."""
    private: tuple[str, ...] = ()
    """Networks that are not public and may be asked nevertheless, such as `10.1.0.0/16`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of every question, such as the API's version; no secrets."""
    largest_answer: int = 16 * _MEGABYTE
    """Bytes of one answer, also after it is unpacked; a longer one is not read."""
    most_pages: int = 10_000
    """Pages of one list; a longer list is not read to its end, and therefore a gap."""
    probe: str | None = None
    """An address that names no person, such as `/v1/account`: `check` asks there whether the API answers."""

    def __post_init__(self) -> None:
        for network in self.private:
            try:
                ip_network(network)
            except ValueError:
                raise ValueError("private lists networks, such as 10.1.0.0/16 or 127.0.0.1/32") from None
        if any("/" in host or ":" in host or host != host.lower() for host in self.hosts):
            raise ValueError("hosts lists names in lower case, without scheme, port or path")
        if self.largest_answer < 1 or self.most_pages < 1:
            raise ValueError("largest_answer and most_pages are 1 or more")
        if any(name.lower() in {"authorization", "cookie", "host"} for name in self.headers):
            raise ValueError("headers have no Authorization, Cookie or Host; sign in by auth")
        if self.probe is not None and (not self.probe.startswith("/") or "{" in self.probe):
            raise ValueError(
                "probe is an address on the API's own host that names nobody, such as /v1/account"
            )

    @property
    def secrets(self) -> tuple[str, ...]:
        """Where the secrets are."""
        return () if self.auth is None else (self.auth.secret,)
