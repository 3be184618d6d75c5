"""The cookies by which browsers are recognised."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True)
class TokenCookie:
    """A token that is sent back to this host alone, by its own pages, and never to a script.

    `secure` says whether people reach the pages by TLS. The prefix `__Host-` then keeps other hosts of the domain from
    setting it (RFC 6265bis, section 4.1.3.2).
    """

    secure: bool
    purpose: str
    seconds: int | None = None
    """How long the browser keeps it; None until it is closed."""

    @property
    def name(self) -> str:
        return f"__Host-dsar-{self.purpose}" if self.secure else f"dsar-{self.purpose}"

    def token(self, request: Request) -> str | None:
        """The token that came with a request."""
        return request.cookies.get(self.name)

    def keep(self, response: Response, token: str) -> None:
        """Asks the browser to keep the token; what it stands for ends before that by itself."""
        response.set_cookie(
            self.name,
            token,
            max_age=self.seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def forget(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")
