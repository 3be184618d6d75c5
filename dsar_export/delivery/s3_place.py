"""Where a bucket is and how to log in there, and what is wrong if it can't be used, in words of ours."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from dsar_export.errors import StoreUnusableError, WrongUseError

_ADDRESS: Final = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[A-Za-z0-9][A-Za-z0-9._=-]*)*)/?")
_STATUS: Final = re.compile(r"status code: ([0-9]{3})")
_CODE: Final = re.compile(r"<Code>([A-Za-z]{1,60})</Code>")
_METADATA: Final = ("169.254.169.254", "169.254.170.2", "fd00:ec2::254")
"""Where a machine of AWS learns its role."""
_KEYS: Final = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


@dataclass(frozen=True)
class S3Login:
    """The server and an access key; without a key, the role of the machine is used, as on AWS."""

    endpoint: str | None = field(default=None, repr=False)
    """A URL; None for AWS itself."""
    region: str | None = None
    access_key_id: str | None = field(default=None, repr=False)
    secret_access_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    allow_http: bool = False


@dataclass(frozen=True)
class S3Place:
    """A bucket, a prefix in it, and the setting that names both, for errors."""

    setting: str
    bucket: str
    prefix: str
    login: S3Login

    @property
    def address(self) -> str:
        return f"s3://{self.bucket}" + (f"/{self.prefix}" if self.prefix else "")

    @property
    def server(self) -> str:
        """The server without what a URL may hold beside its name."""
        if self.login.endpoint is None:
            return "S3"
        parts = urlsplit(self.login.endpoint)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    def require_sound(self) -> None:
        """Raises WrongUseError for what would only show as a riddle of the library."""
        login = self.login
        if (login.access_key_id is None) != (login.secret_access_key is None):
            raise WrongUseError(f"{_KEYS} go together; set both, or none for the role of this machine")
        if login.endpoint is None:
            return
        if not _is_endpoint(login.endpoint):
            raise WrongUseError(
                "AWS_ENDPOINT_URL has the form https://host:port, without a user or a path; correct it"
            )
        if login.endpoint.startswith("http:") and not login.allow_http:
            raise WrongUseError(
                "AWS_ENDPOINT_URL is http, so whoever is on the way could read and repeat what is sent; make it https, "
                "or set DSAR_S3_ALLOW_HTTP=true on a network that is yours alone"
            )

    def unusable(self, error: Exception) -> StoreUnusableError:
        """What an error of the library means for whoever runs this."""
        return StoreUnusableError(f"{self.address}: {self._meaning(error)}")

    def _meaning(self, error: Exception) -> str:
        status, code = self.status_in(error), _found(_CODE, error)
        shown = code or f"status {status}"
        if any(host in str(error) for host in _METADATA):
            return f"no access key is set, and this machine has no role; set {_KEYS}"
        if status is None:
            return self._unanswered(error)
        if code in {"NoSuchBucket", "InvalidBucketName"}:
            return f"there is no such bucket at {self.server}; make it, or correct {self.setting}"
        if status in {"301", "307"} or code == "AuthorizationHeaderMalformed":
            return f"the bucket is in another region ({shown}); correct AWS_REGION"
        if status in {"401", "403"} or code == "InvalidAccessKeyId":
            return (
                f"{self.server} refuses the access key ({shown}); correct {_KEYS}, or let the key list, read, write "
                "and delete there"
            )
        return f"{self.server} failed ({shown}); try again, and look into its log if this stays"

    def _unanswered(self, error: Exception) -> str:
        if "InvalidCertificate" in str(error):
            return f"{self.server} has no certificate that is trusted here; name your authority's file in SSL_CERT_FILE"
        return f"{self.server} does not answer; correct AWS_ENDPOINT_URL, or try again when it does"

    @staticmethod
    def status_in(error: Exception) -> str | None:
        """The HTTP status that a server answered; None if there was no answer."""
        return _found(_STATUS, error)


def s3_place(address: str, setting: str, login: S3Login) -> S3Place:
    """The place that a setting names; WrongUseError."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise WrongUseError(f"{setting} is a folder, or has the form s3://bucket/prefix; correct it")
    return S3Place(setting, found[1], found[2].removeprefix("/"), login)


def _found(pattern: re.Pattern[str], error: Exception) -> str | None:
    match = pattern.search(str(error))
    return None if match is None else match[1]


def _is_endpoint(text: str) -> bool:
    try:
        parts = urlsplit(text)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return sound and "@" not in parts.netloc and parts.path in {"", "/"} and not parts.query
