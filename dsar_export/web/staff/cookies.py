"""The cookie with the token of a session."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True)
class SessionCookie:
    """Sent back to this host alone, by its own pages, and never to a script.

    `secure` says whether people reach the pages by TLS. The prefix `__Host-` then keeps other hosts of the domain from
    setting it (RFC 6265bis, section 4.1.3.2).
    """

    secure: bool

    @property
    def name(self) -> str:
        return "__Host-dsar-staff" if self.secure else "dsar-staff"

    def token(self, request: Request) -> str | None:
        """The token that came with a request."""
        return request.cookies.get(self.name)

    def keep(self, response: Response, token: str) -> None:
        """Asks the browser to keep the token until it is closed; the session ends before that by itself."""
        response.set_cookie(self.name, token, path="/", secure=self.secure, httponly=True, samesite="lax")

    def forget(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")
