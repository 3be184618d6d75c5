"""Writes a mail as the bytes that a mail server gets; the same mail always gives the same bytes."""

import re
import unicodedata
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Final

import idna

from dsar_export.errors import WrongUseError
from dsar_export.model.mail import Mail, Postmark, is_one_address

_CRLF: Final = "\r\n"
_SENDER: Final = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>|(?P<bare>[^<>]+)")
_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 -]{0,58}[A-Za-z0-9])?")
_HOST: Final = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class Author:
    """Who all mail is from; its domain is that of every Message-ID."""

    name: str
    address: str
    """With its domain as DNS has it."""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True)
class WrittenMail:
    """A mail ready to be handed over."""

    recipient: str
    """With its domain as DNS has it."""
    content: bytes

    @property
    def needs_utf8(self) -> bool:
        """Whether the name before the `@` can only be written where the server knows SMTPUTF8."""
        return not self.recipient.isascii()


def author_in(text: str) -> Author:
    """The author that `privacy@example.org` or `Data protection <privacy@example.org>` names; WrongUseError."""
    found = _SENDER.fullmatch(text.strip())
    name = "" if found is None else (found["name"] or "").strip().strip('"')
    address = "" if found is None else (found["address"] or found["bare"]).strip()
    if not is_one_address(address) or not address.rpartition("@")[0].isascii() or not name.isprintable():
        raise WrongUseError("DSAR_MAIL_FROM is one address, such as Data protection <privacy@example.org>")
    try:
        return Author(name, _in_dns(address))
    except UnicodeError:
        raise WrongUseError("DSAR_MAIL_FROM: its domain is none; correct it") from None


def written(mail: Mail, postmark: Postmark, author: Author) -> WrittenMail:
    """The mail as bytes; UnicodeError if its domain can't be one."""
    recipient = _in_dns(mail.to)
    message = EmailMessage(policy=SMTP if recipient.isascii() else SMTPUTF8)
    _set(message, "From", author.address, author.name)
    message["To"] = recipient
    _set(message, "Subject", "", _one_line(mail.subject))
    message["Date"] = format_datetime(postmark.at.replace(microsecond=0))
    message["Message-ID"] = f"<{postmark.mail_id}@{author.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    text = mail.text.replace("\r\n", "\n").replace("\r", "\n")
    message.set_content(_printable(text), charset="utf-8", cte="quoted-printable")
    if mail.html is not None:
        page = mail.html.replace("\r\n", "\n").replace("\r", "\n")
        message.add_alternative(_printable(page), subtype="html", charset="utf-8", cte="quoted-printable")
        message.set_boundary(f"={postmark.mail_id}=")
    message["Content-Language"] = mail.language  # after the text, which replaces all Content-… headers
    return WrittenMail(recipient, message.as_bytes())


def _set(message: EmailMessage, name: str, address: str, text: str) -> None:
    """A header with any text and perhaps an address.

    The policy would decode what looks encoded in a text, and loses blanks where it folds: the text is encoded here.
    """
    as_it_is = not text or _PLAIN.fullmatch(text)
    encoded = text if as_it_is else Header(text, "utf-8", header_name=name).encode(linesep=_CRLF)
    parts = [encoded] if encoded else []
    parts += [f"<{address}>" if encoded else address] if address else []
    message.set_raw(name, f"{_CRLF} ".join(parts))


def _one_line(text: str) -> str:
    return _printable(" ".join(text.splitlines())).replace("\t", " ")


def _printable(text: str) -> str:
    """A text without control characters, and without halves of surrogate pairs, which no encoding can write."""
    return "".join(_written_character(c) for c in text)


def _written_character(character: str) -> str:
    if character in "\n\t":
        return character
    match unicodedata.category(character):
        case "Cc":
            return " "
        case "Cs":
            return "\ufffd"
    return character


def _in_dns(address: str) -> str:
    """The address with its domain in IDNA 2008 form (UTS 46), as DNS and every server know it."""
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = idna.encode(domain, uts46=True).decode()
        if not _HOST.fullmatch(domain):
            raise UnicodeError("no domain")
    return f"{local}@{domain}"
