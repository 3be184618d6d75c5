"""Builds what sends mail, by the settings."""

from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

import idna

from dsar_export.delivery.mail_folder import DemonstrationFolder
from dsar_export.delivery.mail_message import Author, author_in
from dsar_export.delivery.smtp import Encryption, MailServer, SmtpSender
from dsar_export.errors import WrongUseError
from dsar_export.interfaces import Sender
from dsar_export.settings import Settings, SmtpTls

_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS: Final = {"smtp": 587, "smtps": 465}
_FORM: Final = (
    "DSAR_SMTP_URL has the form smtp://user@mail.example.org:587, or smtps://… where TLS comes first"
)


def sender_in(settings: Settings) -> Sender | None:
    """What sends mail; None if nothing is set, so that mail waits. WrongUseError names a wrong setting."""
    if settings.smtp_url is None and settings.outbox_folder is None:
        return None
    if settings.smtp_url is not None and settings.outbox_folder is not None:
        raise WrongUseError(
            "DSAR_SMTP_URL and DSAR_OUTBOX_FOLDER exclude each other; the folder is for demonstrations only"
        )
    if settings.outbox_folder is not None:
        return DemonstrationFolder(settings.outbox_folder, _author(settings))
    return SmtpSender(_server(settings, settings.smtp_url or ""), _author(settings))


def mail_way(settings: Settings) -> str | None:
    """Where mail goes, in a few words; None if nowhere."""
    match sender_in(settings):
        case SmtpSender(server=server):
            return f"sent by {server.host}, port {server.port}, encryption: {server.encryption}"
        case DemonstrationFolder(folder=folder):
            return f"written into {folder}, for demonstrations only: nobody receives it"
    return None


def _author(settings: Settings) -> Author:
    if settings.mail_from is None:
        raise WrongUseError("DSAR_MAIL_FROM is missing; name the address that all mail is from")
    return author_in(settings.mail_from)


def _server(settings: Settings, url: str) -> MailServer:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WrongUseError(_FORM) from None
    if parts.password is not None:
        raise WrongUseError("DSAR_SMTP_URL has a password; put it into DSAR_SMTP_PASSWORD or its secret file")
    if (
        parts.scheme not in _PORTS
        or not parts.hostname
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        raise WrongUseError(_FORM)
    user = None if parts.username is None else unquote(parts.username)
    password = None if settings.smtp_password is None else settings.smtp_password.get_secret_value()
    if (user is None) is not (password is None):
        raise WrongUseError("a login needs both: the user in DSAR_SMTP_URL, and DSAR_SMTP_PASSWORD")
    encryption = _encryption(settings.smtp_tls, parts)
    if user is not None and encryption is Encryption.NONE and parts.hostname not in _HERE:
        raise WrongUseError("no password leaves this machine unencrypted; set DSAR_SMTP_TLS=required")
    return MailServer(_host(parts.hostname), port or _PORTS[parts.scheme], encryption, user, password)


def _encryption(tls: SmtpTls, parts: SplitResult) -> Encryption:
    if tls is SmtpTls.REQUIRED:
        return Encryption.TLS if parts.scheme == "smtps" else Encryption.STARTTLS
    if parts.scheme == "smtps":
        raise WrongUseError("smtps:// is encrypted; leave DSAR_SMTP_TLS out, or write smtp://")
    if tls is SmtpTls.NONE and parts.hostname not in _HERE:
        raise WrongUseError(
            "DSAR_SMTP_TLS=none is for a mail server on this machine; DSAR_SMTP_TLS=unencrypted sends mail that "
            "anybody on the way can read"
        )
    return Encryption.NONE


def _host(name: str) -> str:
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode()
    except UnicodeError:
        raise WrongUseError(_FORM) from None
