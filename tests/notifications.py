"""Delivery status notifications in the shapes of several mail servers, written by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MAIL_ID: Final = "0123456789abcdef0123456789abcdef"
QUOTED: Final = ("sam@example.org", "User unknown", "TEXT-MARKER", "mx.example.org")
"""What notifications quote, and what is kept nowhere."""


@dataclass(frozen=True)
class Report:
    """What a server reports about one mail."""

    mail_id: str = MAIL_ID
    action: str = "failed"
    status: str = "5.1.1"


def returned_headers(report: Report) -> str:
    return f"""\
From: Data protection <privacy@example.org>
To: sam@example.org
Subject: =?utf-8?q?Your_code_for_the_request?=
Date: Sun, 22 Nov 2026 12:00:00 +0000
Message-ID: <{report.mail_id}@example.org>
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable
Content-Language: en
"""


_POSTFIX: Final = """\
From MAILER-DAEMON  Sun Nov 22 12:00:05 2026
Return-Path: <>
X-Original-To: privacy@example.org
Received: by mx.example.org (Postfix) id 4F1B2C3D4E; Sun, 22 Nov 2026 12:00:05 +0000 (UTC)
Date: Sun, 22 Nov 2026 12:00:05 +0000 (UTC)
From: MAILER-DAEMON@example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: privacy@example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="1A2B3C4D5E.1795348805/mx.example.org"
Content-Transfer-Encoding: 8bit
Message-Id: <20261122120005.4F1B2C3D4E@mx.example.org>

This is a MIME-encapsulated message.

--1A2B3C4D5E.1795348805/mx.example.org
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<sam@example.org>: host mx.example.org[192.0.2.1] rejected it: 550 5.1.1
    User unknown (in reply to RCPT TO command)

--1A2B3C4D5E.1795348805/mx.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 1A2B3C4D5E
X-Postfix-Sender: rfc822; privacy@example.org
Arrival-Date: Sun, 22 Nov 2026 12:00:01 +0000 (UTC)

Final-Recipient: rfc822; sam@example.org
Original-Recipient: rfc822;sam@example.org
Action: {report.action}
Status: {report.status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--1A2B3C4D5E.1795348805/mx.example.org
Content-Description: Undelivered Message
Content-Type: message/rfc822
Content-Transfer-Encoding: 8bit

Return-Path: <privacy@example.org>
Received: from app.example.org (localhost [127.0.0.1]) by mx.example.org (Postfix) with ESMTPS id 1A2B3C4D5E
{returned}
TEXT-MARKER

--1A2B3C4D5E.1795348805/mx.example.org--
"""


def postfix(report: Report) -> str:
    """A pipe gets the mbox line first; the whole mail comes back."""
    return _POSTFIX.format(report=report, returned=returned_headers(report))


_EXIM: Final = """\
Return-path: <>
Envelope-to: privacy@example.org
Received: from Debian-exim by mx.example.org with local (Exim 4.97) id 1tEXIM-0000AB-1c for privacy@example.org;
\tSun, 22 Nov 2026 12:00:05 +0000
X-Failed-Recipients: sam@example.org
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example.org>
To: privacy@example.org
References: <{report.mail_id}@example.org>
Content-Type: multipart/report; report-type=delivery-status; boundary=1795348805-eximdsn-1804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1tEXIM-0000AB-1c@mx.example.org>
Date: Sun, 22 Nov 2026 12:00:05 +0000

--1795348805-eximdsn-1804289383
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

  sam@example.org
    host mx.example.org [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<sam@example.org>:
    550 5.1.1 User unknown

--1795348805-eximdsn-1804289383
Content-type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Action: {report.action}
Final-Recipient: rfc822;sam@example.org
Status: {report.status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--1795348805-eximdsn-1804289383
Content-type: message/rfc822

Return-path: <privacy@example.org>
{returned}
TEXT-MARKER

--1795348805-eximdsn-1804289383--
"""


def exim(report: Report) -> str:
    """The text comes first in a part without a description; the mail comes back in message/rfc822."""
    return _EXIM.format(report=report, returned=returned_headers(report))


_EXCHANGE: Final = """\
From: <postmaster@example.org>
To: <privacy@example.org>
Date: Sun, 22 Nov 2026 12:00:05 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="d1a6f0c2-0001-4b1e-9d2f-exchange"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-GB
Message-ID: <d1a6f0c2@EX01.example.org>
In-Reply-To: <{report.mail_id}@example.org>
Subject: Undeliverable: Your code for the request
Auto-Submitted: auto-replied

--d1a6f0c2-0001-4b1e-9d2f-exchange
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="d1a6f0c2-0002-4b1e-9d2f-exchange"

--d1a6f0c2-0002-4b1e-9d2f-exchange
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Delivery has failed to these recipients or groups:

sam@example.org<mailto:sam@example.org> User unknown

--d1a6f0c2-0002-4b1e-9d2f-exchange
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<html><body><p>sam@example.org User unknown</p></body></html>

--d1a6f0c2-0002-4b1e-9d2f-exchange--

--d1a6f0c2-0001-4b1e-9d2f-exchange
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.example.org
Received-From-MTA: dns;app.example.org
Arrival-Date: Sun, 22 Nov 2026 12:00:01 +0000

Original-Recipient: rfc822;sam@example.org
Final-Recipient: rfc822;sam@example.org
Action: {report.action}
Status: {report.status}
Diagnostic-Code: smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; User unknown
X-Display-Name: sam@example.org

--d1a6f0c2-0001-4b1e-9d2f-exchange
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: quoted-printable

{returned}
--d1a6f0c2-0001-4b1e-9d2f-exchange--
"""


def exchange(report: Report) -> str:
    """The text is in a multipart of its own, and only headers come back, encoded; names of fields differ in case."""
    return _EXCHANGE.format(report=report, returned=returned_headers(report).replace("=", "=3D"))


def by_envelope(report: Report) -> str:
    """Nothing comes back but the envelope's id, from a server that knows RFC 3461."""
    return f"""\
From: mailer-daemon@example.org
To: privacy@example.org
MIME-Version: 1.0
Content-Type: multipart/report; boundary=b; report-type="Delivery-Status"

--b
Content-Type: text/plain

User unknown
--b
Content-Type: message/delivery-status

Original-Envelope-Id: {report.mail_id}@example.org
Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; sam@example.org
Action: {report.action} (User unknown)
Status: {report.status} (User unknown)
--b--
"""


def international(report: Report) -> str:
    """For an address in another script (RFC 6533)."""
    return f"""\
From: mailer-daemon@example.org
To: privacy@example.org
MIME-Version: 1.0
Content-Type: multipart/report; boundary=b; report-type=delivery-status

--b
Content-Type: text/plain; charset=utf-8

δοκιμή@example.org: User unknown
--b
Content-Type: message/global-delivery-status
Content-Transfer-Encoding: 8bit

Reporting-MTA: dns; mx.example.org

Final-Recipient: utf-8; δοκιμή@example.org
Action: {report.action}
Status: {report.status}

--b
Content-Type: message/global-headers
Content-Transfer-Encoding: 8bit

{returned_headers(report)}
--b--
"""


def wrapped(report: Report) -> str:
    """A gateway has added its disclaimer around a notification."""
    inner = postfix(report).split("\n", 1)[1]
    head, body = inner.split("\n\n", 1)
    kind = head[head.index("Content-Type:") : head.index("Content-Transfer-Encoding")]
    return f"""\
From: mailer-daemon@example.org
To: privacy@example.org
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
{kind}
{body}
--outer
Content-Type: text/plain

Checked for viruses.
--outer--
"""


SHAPES: Final[dict[str, Callable[[Report], str]]] = {
    shape.__name__: shape for shape in (postfix, exim, exchange, by_envelope, international, wrapped)
}
