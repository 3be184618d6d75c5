"""A provider of ours on loopback, which signs whatever a test wants."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwk, jwt

CLIENT = "dsar-export"


@dataclass
class SigningProvider:
    """What it claims about whoever comes, and by which keys."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """In place of what is right; a None leaves the claim out."""
    keys: list[jwk.RSAKey] = field(default_factory=lambda: [new_key("first")])
    """Those that it publishes; it signs with the last."""
    document: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """The paths that were asked for."""
    forms: list[dict[str, str]] = field(default_factory=list)
    signs_with: jwk.RSAKey | None = None
    algorithm: str = "RS256"

    def described(self) -> dict[str, Any]:
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{name}" for name in names}, **self.document}

    def token(self, nonce: str) -> str:
        now = int(time.time())
        right = {"iss": self.issuer, "aud": CLIENT, "sub": "subject-1", "iat": now, "exp": now + 300}
        claims = {
            name: value
            for name, value in (right | {"nonce": nonce} | self.claims).items()
            if value is not None
        }
        key = self.signs_with or self.keys[-1]
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, claims, key, algorithms=[self.algorithm])


def new_key(name: str) -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": name})


@contextmanager
def serving(provider: SigningProvider) -> Iterator[SigningProvider]:
    """The provider, which takes each code for the nonce that its token is to have."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path == "/jwks_uri":
                self._answer({"keys": [key.as_dict(private=False) for key in provider.keys]})
            else:
                self._answer(provider.described())

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            fields = {name: values[0] for name, values in form.items()}
            provider.forms.append(fields)
            self._answer({"id_token": provider.token(fields["code"])})

        def _answer(self, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
