"""The mail with a link, as text and as a page that looks like the report: nothing about the person, no passphrase."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from string import Template
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from dsar_export.language.catalogue import Texts, message, texts
from dsar_export.language.formats import long_date
from dsar_export.language.zones import moment_text
from dsar_export.model.controller import Controller
from dsar_export.model.mail import Mail
from dsar_export.model.request import Right
from dsar_export.requests.download_links import MOST_DOWNLOADS, OpenLink
from dsar_export.requests.requests import StoredRequest

LINK_PATH: Final = "/l/"
"""Where the page of a link is, with the token behind."""
LOST_PATH: Final = "/again"
"""Where whoever lost a link asks for another."""
_SUBJECT: Final = message("The answer to your request {reference} is ready")
_REMINDER_SUBJECT: Final = message("The answer to your request {reference} still waits for you")
_RIGHTS: Final[Mapping[Right, str]] = MappingProxyType(
    {
        Right.ACCESS: message("Everything that we hold (access, Article 15)"),
        Right.PORTABILITY: message("Data to take elsewhere (portability, Article 20)"),
    }
)
_HELLO: Final = message(
    "{controller} has prepared the answer to the request {reference}. The link works until {until}, for {most} "
    "downloads. It is meant for you alone: do not pass it on."
)
_REMINDER: Final = message(
    "{controller} has prepared the answer to the request {reference}, and sent you a link to it on {day}. Nobody has "
    "downloaded it yet. The link in that mail works until {last}."
)
_LOST: Final = message(
    "If the link is lost or no longer works, get another one with the reference {reference}:"
)
_PASSPHRASE: Final = message("The passphrase")
_PASSPHRASE_TEXT: Final = message(
    "The answer is an encrypted package. The passphrase that opens it is not in this mail, and never comes to this "
    "address; the page says how you get it. Nobody of us ever asks you for it."
)
_OPENING: Final = message("How to open the package")
_WAYS: Final = (
    message(
        "On any computer: open.html, a page that you get beside the package. It opens the package in your browser, "
        "without a network, and sends nothing anywhere."
    ),
    message("Or a program. Windows: 7-Zip. macOS: Keka. Linux: 7-Zip (7z), or bsdtar in a terminal."),
)
_QUESTIONS: Final = message("Questions")
_QUESTIONS_TEXT: Final = message(
    "Write to {contact}, and name the request {reference}. If you know nothing of this request, do not open the link, "
    "and tell us."
)
_PAGE: Final = Template("""<!DOCTYPE html>
<html lang="$language"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>$title</title></head>
<body style="margin:0;padding:24px 12px;background:#eaeff4;color:#1b1f24;font-family:'Noto Sans',Arial,sans-serif;\
font-size:16px;line-height:1.5">
<div style="max-width:600px;margin:0 auto;padding:24px;background:#ffffff;border-top:4px solid #0b3d66">
<p style="margin:0 0 4px;color:#57606a;font-size:14px">$controller</p>
<h1 style="margin:0 0 16px;color:#0b3d66;font-size:24px;line-height:1.25">$title</h1>
$parts
</div></body></html>
""")
_STYLES: Final = {
    "heading": 'h2 style="margin:24px 0 6px;color:#0b3d66;font-size:18px"',
    "text": 'p style="margin:0 0 10px"',
    "link": 'p style="margin:0 0 10px;overflow-wrap:anywhere"',
}


@dataclass(frozen=True)
class _Part:
    """A piece of the mail; a link is the address of a page that `text` names."""

    kind: str
    text: str
    address: str = ""


def link_mail(
    request: StoredRequest,
    controller: Controller,
    to: str,
    links: Mapping[Right, str],
    until: datetime,
    web: str,
) -> Mail:
    """The mail with the links to the packages of a request, by right."""
    words = texts(request.listed.language)
    ends = moment_text(until, ZoneInfo(controller.time_zone))
    named = _names(request, controller) | {"until": ends, "most": f"{MOST_DOWNLOADS}"}
    parts = [_Part("text", words.phrase(_HELLO, **named))]
    parts += [_Part("link", words.phrase(_RIGHTS[right]), links[right]) for right in links]
    parts += [*_about_opening(words), *_lost(words, named, web), *_questions(words, named)]
    return _mail(request, controller, to, words.phrase(_SUBJECT, **named), parts)


def reminder_mail(request: StoredRequest, controller: Controller, to: str, link: OpenLink, web: str) -> Mail:
    """The mail that says that nobody has downloaded the answer; it has no link to the package itself."""
    words, zone = texts(request.listed.language), ZoneInfo(controller.time_zone)
    day = long_date(link.made_at.astimezone(zone).date(), request.listed.language)
    named = _names(request, controller) | {"day": day, "last": moment_text(link.expires_at, zone)}
    parts = [_Part("text", words.phrase(_REMINDER, **named)), *_lost(words, named, web)]
    parts += [*_about_opening(words), *_questions(words, named)]
    return _mail(request, controller, to, words.phrase(_REMINDER_SUBJECT, **named), parts)


def _names(request: StoredRequest, controller: Controller) -> dict[str, str]:
    reference = request.listed.reference
    return {"controller": controller.name, "contact": controller.contact, "reference": reference}


def _about_opening(words: Texts) -> Iterator[_Part]:
    yield _Part("heading", words.phrase(_PASSPHRASE))
    yield _Part("text", words.phrase(_PASSPHRASE_TEXT))
    yield _Part("heading", words.phrase(_OPENING))
    yield from (_Part("text", words.phrase(way)) for way in _WAYS)


def _lost(words: Texts, named: Mapping[str, str], web: str) -> Iterator[_Part]:
    yield _Part("link", words.phrase(_LOST, **named), f"{web}{LOST_PATH}")


def _questions(words: Texts, named: Mapping[str, str]) -> Iterator[_Part]:
    yield _Part("heading", words.phrase(_QUESTIONS))
    yield _Part("text", words.phrase(_QUESTIONS_TEXT, **named))


def _mail(
    request: StoredRequest, controller: Controller, to: str, subject: str, parts: Sequence[_Part]
) -> Mail:
    language = request.listed.language
    page = _PAGE.substitute(
        language=escape(language),
        title=escape(subject),
        controller=escape(controller.name),
        parts="\n".join(map(_as_html, parts)),
    )
    return Mail(to, subject, "\n\n".join(map(_as_text, parts)) + "\n", language, page)


def _as_text(part: _Part) -> str:
    if part.kind == "heading":
        return part.text.upper()
    return f"{part.text}\n{part.address}" if part.address else part.text


def _as_html(part: _Part) -> str:
    start = _STYLES[part.kind]
    shown = escape(part.text)
    if part.address:
        address = escape(part.address)
        shown = f'{shown}<br><a href="{address}" style="color:#0b3d66">{address}</a>'
    return f"<{start}>{shown}</{start.split()[0]}>"
