"""Reads a delivery status notification (RFC 3464, RFC 6533): which mail it is about, and what became of that one."""

import email.policy
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser, HeaderParser
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.model.mail import Delivery, Notification

LARGEST: Final = 16 * 1024 * 1024
_DEEPEST: Final = 8
_STATUS: Final = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_UNKNOWN: Final = "5.0.0"
_MESSAGE_ID: Final = re.compile(r"\s*<([0-9a-f]{32})@[^<>@\s]+>\s*")
_ENVELOPE_ID: Final = re.compile(r"\s*<?([0-9a-f]{32})(?:@\S+)?\s*")
_STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_HEADERS: Final = "text/rfc822-headers"
_RETURNED: Final = frozenset({"message/rfc822", "message/global", "message/global-headers"})
_NONE: Final = (
    "this is no delivery status notification (multipart/report, delivery-status); nothing was changed"
)


def notification_in(content: bytes) -> Notification:
    """What a message reports; WrongUseError if it is no notification."""
    if len(content) > LARGEST:
        raise WrongUseError(_NONE)
    try:
        report = _report(BytesParser(policy=email.policy.compat32).parsebytes(content))
        if report is None:
            raise WrongUseError(_NONE)
        return _read(_parts(report))
    except (
        MessageError,
        RecursionError,
        LookupError,
        ValueError,
    ):  # a message that nobody should have written
        raise WrongUseError(_NONE) from None


def _read(parts: list[Message]) -> Notification:
    fields = [block for part in parts if part.get_content_type() in _STATUS_TYPES for block in _blocks(part)]
    ids = [match[1] for text in _message_ids(parts) if (match := _MESSAGE_ID.fullmatch(text))]
    ids += [
        match[1]
        for block in fields
        if (match := _ENVELOPE_ID.fullmatch(_text(block, "Original-Envelope-Id")))
    ]
    failed = [block for block in fields if _action(block) == "failed"]
    if not failed:
        later = (
            Delivery.DELAYED if any(_action(block) == "delayed" for block in fields) else Delivery.DELIVERED
        )
        return Notification(tuple(dict.fromkeys(ids)), later)
    status = _STATUS.match(_text(failed[0], "Status"))
    return Notification(tuple(dict.fromkeys(ids)), Delivery.FAILED, _UNKNOWN if status is None else status[1])


def _report(message: Message, depth: int = 0) -> Message | None:
    """The report in a message; a gateway may have put it into another multipart, but a returned mail is not opened."""
    if message.get_content_maintype() != "multipart" or depth > _DEEPEST:
        return None
    kind = message.get_param("report-type")
    if message.get_content_subtype() == "report" and isinstance(kind, str):
        return message if kind.lower() == "delivery-status" else None
    found = (_report(part, depth + 1) for part in _parts(message))
    return next((report for report in found if report is not None), None)


def _message_ids(parts: list[Message]) -> Iterator[str]:
    """The Message-IDs of returned mails, of which a server may send the headers only."""
    for part in parts:
        kind = part.get_content_type()
        if kind == _HEADERS:
            body = part.get_payload(decode=True)
            text = body.decode("utf-8", "replace") if isinstance(body, bytes) else ""
            yield _text(HeaderParser().parsestr(text.lstrip("\r\n")), "Message-ID")
        elif kind in _RETURNED:
            yield from (_text(returned, "Message-ID") for returned in _parts(part)[:1])


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields: one about the message, then one about each recipient."""
    for block in _parts(part):
        yield block
        rest = block.get_payload()  # of a type that the library does not take apart
        while isinstance(rest, str) and rest.strip():
            further: Message = HeaderParser().parsestr(rest.lstrip("\r\n"))
            if not further:  # no field at all, so the rest would stay as it is
                return
            yield further
            rest = further.get_payload()


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _action(block: Message) -> str:
    return _text(block, "Action").split("(")[0].strip().lower()


def _text(message: Message, name: str) -> str:
    """A header on one line; one that can't be decoded counts as missing."""
    found = message.get(name)
    return " ".join(found.split()) if isinstance(found, str) else ""
