"""Mail to one person: what it says, which kind it is, and what became of it."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from dsar_export.errors import WrongUseError

_LOCAL: Final = re.compile(r"[^\s\"(),:;<>@\[\\\]]+")
_LABEL: Final = re.compile(r"(?!-)(?:[A-Za-z0-9_-]|[^\x00-\x7f\s])+(?<!-)")
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64


class MailKind(StrEnum):
    """What a mail is for; it decides how long it is tried."""

    CODE = "code"
    """A code that proves who asks."""
    NOTICE = "notice"
    """That something happened, such as a code sent to another contact."""
    LETTER = "letter"
    LINK = "link"
    """A link to a package."""
    REMINDER = "reminder"
    """That a package was not fetched yet."""

    @property
    def copies(self) -> int:
        """How often it may leave here, if nobody knows whether the first one arrived.

        A letter that is lost is worse than one that comes twice; a code can be asked for again.
        """
        return 1 if self is MailKind.CODE else 2


class MailState(StrEnum):
    """What became of a mail. Once it is neither waiting nor tried again, its text is wiped."""

    WAITING = "waiting"
    SENT = "sent"
    """The mail server has taken it over."""
    PERHAPS_SENT = "perhaps_sent"
    """The mail server may have it: its answer was lost."""
    REFUSED = "refused"
    """The mail server refused it for good."""
    GIVEN_UP = "given_up"
    """It was tried until its time was over."""
    EXPIRED = "expired"
    """Its time was over before anybody tried."""
    BOUNCED = "bounced"
    """A mail server took it over, and sent it back later."""


NOT_SENT: Final = frozenset(MailState) - {MailState.WAITING, MailState.SENT}
"""What staff must look at, as the person may have no mail."""


class Posted(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    PERHAPS_SENT = "perhaps_sent"
    """The connection was lost after the text, so nobody knows."""
    REFUSED = "refused"
    """This mail is refused for good."""
    TRY_AGAIN = "try_again"
    """This mail is refused for now."""
    NO_SERVER = "no_server"
    """The mail server can't be used, whatever the mail; nothing was offered to it."""


@dataclass(frozen=True)
class PostResult:
    """How one attempt ended, and a short code of why, such as `smtp_550`: never a server's text."""

    posted: Posted
    code: str | None = None

    def __post_init__(self) -> None:
        if self.code is not None and not _CODE.fullmatch(self.code):
            raise ValueError("a code is short; a server's text quotes addresses")


class Delivery(StrEnum):
    """What a mail server says about a mail after it took it over."""

    FAILED = "failed"
    """For good."""
    DELAYED = "delayed"
    DELIVERED = "delivered"
    """Or handed on to where no news comes from."""


@dataclass(frozen=True)
class Notification:
    """What a delivery status notification says: no address, and none of its text."""

    mail_ids: tuple[str, ...]
    """The mails that it may be about, by the part of the Message-ID before the `@`."""
    delivery: Delivery
    status: str | None = None
    """Why it failed, such as `5.1.1` (RFC 3463)."""


@dataclass(frozen=True)
class Mail:
    """One mail to one address; WrongUseError if the address is not exactly one, or a header could be injected."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    language: str
    html: str | None = field(default=None, repr=False)
    """The same as a page, for programs that show one."""

    def __post_init__(self) -> None:
        if not is_one_address(self.to):
            raise WrongUseError("a mail goes to exactly one address, written as name@domain; correct it")
        if "\r" in self.subject or "\n" in self.subject:
            raise WrongUseError("the subject of a mail is one line; remove the line break")


@dataclass(frozen=True)
class Postmark:
    """What stays the same however often a mail is tried, so that two copies are known as one mail."""

    mail_id: str
    """The part of the Message-ID before the `@`."""
    at: datetime


def is_one_address(text: str) -> bool:
    """Whether a text is exactly one mail address and nothing else; names and domains of any script may be."""
    local, _, domain = text.rpartition("@")
    labels = domain.split(".")
    return (
        len(text) <= _LONGEST
        and len(local) <= _LONGEST_LOCAL
        and text.isprintable()
        and _LOCAL.fullmatch(local) is not None
        and all(local.split("."))  # a dot at an end, or two, would need quotes
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
    )
