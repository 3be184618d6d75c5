"""The organisation's identity provider: it signs what it is asked to."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import Key, KeySet, RSAKey

from dsar_export.model.login import LoginPurpose
from tests.web.served import Served

ISSUER, AUDIENCE = "https://login.example.org", "dsar-export"
CUSTOMER: Final = "customer_number"
SETTINGS: Final[Mapping[str, Any]] = {
    "login_issuer": ISSUER,
    "login_audience": AUDIENCE,
    "login_claims": f"customer_id={CUSTOMER},email=email",
}


@dataclass
class Provider:
    """Its keys, and a number for each token."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048))
    number: int = 0

    def write_keys(self, file: Path, *others: Key) -> Path:
        file.write_text(json.dumps(KeySet([self.key, *others]).as_dict(private=False)))
        return file

    def token(
        self,
        shop: Served,
        reference: str,
        purpose: str = LoginPurpose.VERIFY,
        *,
        key: Key | None = None,
        alg: str = "RS256",
        **changes: Any,
    ) -> str:
        """A login of Sam's, just now; a change to None leaves a claim out."""
        self.number += 1
        now = int(shop.parcels.office.now.timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "sam-at-provider",
            "jti": f"token-{self.number}",
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "dsar_reference": reference,
            "dsar_purpose": purpose,
            CUSTOMER: "C-1",
            **changes,
        }
        signer: Key = key or self.key
        signer.ensure_kid()
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": alg, "kid": signer.kid}, kept, signer, algorithms=[alg])


def signed_by_public_key(token: str, key: RSAKey) -> str:
    """The token with an HMAC by the provider's public key, which anybody could make."""
    header = urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": key.kid}).encode()).rstrip(b"=").decode()
    signed = f"{header}.{token.split('.')[1]}"
    mac = hmac.digest(key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"
