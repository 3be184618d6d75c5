"""Sends mail to a mail server by SMTP, over TLS that is verified."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from dsar_export.delivery.mail_message import Author, WrittenMail, written
from dsar_export.model.mail import Mail, Posted, Postmark, PostResult

_TIMEOUT: Final = 30.0
_AFTER_TEXT: Final = 180.0
"""Seconds that a server may look at the text: whoever hangs up too early has the mail come twice."""
_GOODBYE: Final = 5.0
_CLOSES: Final = 421
_LOGIN_NEEDED: Final = range(530, 540)
_CODES: Final = (
    (ssl.SSLCertVerificationError, "tls_certificate"),
    (ssl.SSLError, "tls"),
    (smtplib.SMTPAuthenticationError, "login"),
    (smtplib.SMTPNotSupportedError, "login"),
    (UnicodeError, "login"),
    (socket.gaierror, "host_unknown"),
    (TimeoutError, "timeout"),
)


class Encryption(StrEnum):
    """How the connection is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class MailServer:
    """A mail server and how to log in there."""

    host: str
    port: int
    encryption: Encryption
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    timeout: float = _TIMEOUT
    """Seconds to wait for each answer, except that to the text."""
    after_text: float = _AFTER_TEXT


class _NoServerError(Exception):
    """The server can't be used; its text is the code."""


@dataclass(frozen=True)
class SmtpSender:
    """Sends each mail over a connection of its own. See `interfaces.Sender`."""

    server: MailServer
    author: Author
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def send(self, mail: Mail, postmark: Postmark) -> PostResult:
        try:
            message = written(mail, postmark, self.author)
        except UnicodeError:
            return PostResult(Posted.REFUSED, "address")
        try:
            with self._connected() as client:
                return _handed_over(client, message, self)
        except _NoServerError as error:
            return PostResult(Posted.NO_SERVER, str(error))

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            client = self._open()
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise _NoServerError(_code_of(error)) from None
        try:
            try:
                self._prepare(client)
            except (OSError, smtplib.SMTPException, UnicodeError) as error:
                raise _NoServerError(_code_of(error)) from None
            yield client
        finally:
            _hang_up(client)

    def _open(self) -> smtplib.SMTP:
        server = self.server
        if server.encryption is Encryption.TLS:
            return smtplib.SMTP_SSL(
                server.host, server.port, self.author.domain, timeout=server.timeout, context=self.context
            )
        return smtplib.SMTP(server.host, server.port, self.author.domain, timeout=server.timeout)

    def _prepare(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        if self.server.encryption is Encryption.STARTTLS:
            if not client.has_extn("starttls"):
                raise _NoServerError("tls_missing")
            client.starttls(context=self.context)
            client.ehlo_or_helo_if_needed()
        if self.server.user is not None:
            client.login(self.server.user, self.server.password or "")


def _handed_over(client: smtplib.SMTP, message: WrittenMail, sender: SmtpSender) -> PostResult:
    """Step by step, because it matters where it fails: once the text has begun, nobody knows without an answer."""
    if message.needs_utf8 and not client.has_extn("smtputf8"):
        return PostResult(Posted.REFUSED, "smtputf8_missing")
    try:
        refusal = _addressed(client, message, sender.author)
    except (OSError, smtplib.SMTPException) as error:
        return PostResult(Posted.TRY_AGAIN, _code_of(error))
    return refusal or _delivered(client, message, sender.server.after_text)


def _addressed(client: smtplib.SMTP, message: WrittenMail, author: Author) -> PostResult | None:
    """Names author and recipient; what the server has against either."""
    code, _ = client.mail(author.address, ("SMTPUTF8", "BODY=8BITMIME") if message.needs_utf8 else ())
    if code != 250:  # it is about us, not about this mail
        return PostResult(Posted.NO_SERVER, _reply(code))
    code, _ = client.rcpt(message.recipient)
    return None if code in {250, 251} else _refused(code)


def _delivered(client: smtplib.SMTP, message: WrittenMail, after_text: float) -> PostResult:
    try:
        if client.sock is not None:
            client.sock.settimeout(after_text)
        code, _ = client.data(message.content)
    except smtplib.SMTPDataError as error:  # before the text
        return _refused(error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        return PostResult(Posted.PERHAPS_SENT, _code_of(error))
    if 400 <= code < 600:
        return _refused(code)
    return PostResult(Posted.SENT) if code == 250 else PostResult(Posted.PERHAPS_SENT, _reply(code))


def _refused(code: int) -> PostResult:
    if code == _CLOSES or code in _LOGIN_NEEDED:
        return PostResult(Posted.NO_SERVER, _reply(code))
    return PostResult(Posted.REFUSED if 500 <= code < 600 else Posted.TRY_AGAIN, _reply(code))


def _reply(code: int) -> str:
    return f"smtp_{code}" if 200 <= code < 600 else "protocol"  # -1 for an answer that is none


def _code_of(error: Exception) -> str:
    """A short code; the text of an error may quote an address, or what the server wrote about it."""
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
        return "timeout"
    found = next((code for kind, code in _CODES if isinstance(error, kind)), None)
    if found is None and isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code)
    return found or "connection"


def _hang_up(client: smtplib.SMTP) -> None:
    try:
        if client.sock is not None:
            client.sock.settimeout(_GOODBYE)
        client.quit()
    except (OSError, smtplib.SMTPException):
        client.close()
