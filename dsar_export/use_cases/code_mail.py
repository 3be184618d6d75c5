"""Sends a code to an address on file, whatever it is for: counted, stored as a keyed hash, and mailed once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dsar_export.language.catalogue import texts
from dsar_export.model.contact import KnownContact
from dsar_export.model.controller import Controller
from dsar_export.model.delivery import CodePurpose
from dsar_export.model.mail import Mail, MailKind
from dsar_export.requests.codes import LASTS, SentCode, may_send, store_code
from dsar_export.requests.identifiers import StoredIdentifier
from dsar_export.requests.installation import epoch
from dsar_export.requests.outbox import contact_index
from dsar_export.requests.requests import StoredRequest
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.post import post_mail

_DIGITS: Final = 6


@dataclass(frozen=True)
class AskedOfProven:
    """That a code may be sent to an address of whoever proved a request; it says nothing of whether there is one.

    `token` is that of the link or of the visit in which somebody asked.
    """

    token: str = field(repr=False)
    reference: str
    controller: str
    subject: str | None
    proven: tuple[StoredIdentifier, ...]
    at: datetime


@dataclass(frozen=True)
class CodeWords:
    """What a code is for, and the subject and text of its mail."""

    purpose: CodePurpose
    subject: str
    text: str


def send_code(
    act: Act,
    controller: Controller,
    request: StoredRequest,
    target: KnownContact,
    stored: Sequence[StoredIdentifier],
    words: CodeWords,
) -> str | None:
    """Sends a code, and returns what finds its address again; None if too many were sent, which the trail says."""
    desk, reference = act.desk, request.listed.reference
    index = contact_index(desk.vault, target.address)
    found_by = next(s.value_index for s in stored if s.identifier == target.found_by)
    sender = desk.person.name
    if not may_send(act.connection, {index, found_by}, sender, act.at, words.purpose):
        act.note("too_many_codes", request)
        return None
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    mac, now = code_mac(desk, reference, code), epoch(act.connection)
    store_code(act.connection, SentCode(reference, mac, index, found_by, sender, now, act.at, words.purpose))
    mail = mail_about(request, controller, target.address, (words.subject, words.text), code)
    post_mail(act, mail, MailKind.CODE, reference)
    return index


def mail_about(
    request: StoredRequest, controller: Controller, to: str, words: tuple[str, str], code: str = ""
) -> Mail:
    """A mail in the language of the request; `words` are its subject and text."""
    language = request.listed.language
    named = {
        "controller": controller.name,
        "contact": controller.contact,
        "reference": request.listed.reference,
        "minutes": str(LASTS.seconds // 60),
        "code": code,
    }
    subject, text = (texts(language).phrase(each, **named) for each in words)
    return Mail(to, subject, f"{text}\n", language)


def code_mac(desk: Desk, reference: str, code: str) -> str:
    """The keyed hash of a code as somebody typed it: blanks do not count."""
    return desk.vault.code_mac(reference, "".join(code.split()))
