"""Any Unicode survives in subjects, names and texts, and no header can be injected."""

import email
import re
import unicodedata
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dsar_export.delivery.mail_message import Author, author_in, written
from dsar_export.errors import WrongUseError
from dsar_export.model.mail import Mail, Postmark

POSTMARK = Postmark("0123abcd", datetime(2026, 11, 2, tzinfo=UTC))
AUTHOR = Author("Data protection", "privacy@example.org")
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
    "MIME-Version", "Content-Language",
}  # fmt: skip


def content(subject: str = "s", text: str = "t", author: Author = AUTHOR) -> bytes:
    return written(Mail("sam@example.org", subject, text, "en"), POSTMARK, author).content


def parsed(message: bytes) -> EmailMessage:
    found = email.message_from_bytes(message, policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert set(found.keys()) == HEADERS
    return found


def kept(text: str, lines: str = "") -> str:
    """A text as it arrives: control characters are blanks, and halves of surrogate pairs can't be written."""

    def one(c: str) -> str:
        category = unicodedata.category(c)
        return c if c in lines else " " if category == "Cc" else "\ufffd" if category == "Cs" else c

    return "".join(map(one, text))


@settings(max_examples=150)
@given(st.text(max_size=90).filter(lambda t: "\r" not in t and "\n" not in t))
@example("=?utf-8?q?Bcc=3A_robin=40example=2Eorg?=")
@example("Your data,  Zoë Müller-Lüdenscheidt " * 4)
@example(" blanks around ")
@example("half of a pair \ud800, and a line\u2028separator")
def test_any_subject_survives(subject: str) -> None:
    message = content(subject)
    assert message.isascii()
    assert max(map(len, message.splitlines())) <= 78
    assert parsed(message)["Subject"] == kept(" ".join(subject.splitlines()))


@settings(max_examples=150)
@given(st.text(max_size=60).filter(lambda t: t.isprintable() and not set('<>"') & set(t)))
@example("Büro, Datenschutz (x); y: z@example.org")
@example("أمينة البيانات")
@example("Ää " * 20)
@example("00" + "\U0001d54a" * 12)
def test_any_name_of_the_author_survives(name: str) -> None:
    message = content(author=author_in(f"{name} <privacy@example.org>"))
    (found,) = parsed(message)["From"].addresses
    assert found.addr_spec == "privacy@example.org"
    # `display_name` of some Pythons has a blank between two encoded words, which RFC 2047 says to leave out.
    raw = email.message_from_bytes(message, policy=policy.compat32)["From"].replace("\r\n", "")
    phrase = raw.removesuffix(">").removesuffix("privacy@example.org").removesuffix("<")
    assert str(make_header(decode_header(phrase))).strip() == name.strip()


@settings(max_examples=100)
@given(st.text(max_size=200))
@example(".\n..\n.dots\nFrom here\n" + "long " * 400 + "\ttrailing \n")
def test_any_text_survives(text: str) -> None:
    message = content(text=text)
    assert message.isascii()
    assert max(map(len, message.splitlines())) <= 78
    arrived = parsed(message).get_content().replace("\r\n", "\n")
    one_ending = text.replace("\r\n", "\n").replace("\r", "\n")
    assert arrived.removesuffix("\n") == kept(one_ending, "\n\t").removesuffix("\n")


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_a_line_break_in_a_subject_is_refused(ending: str) -> None:
    with pytest.raises(WrongUseError, match="one line") as raised:
        Mail("sam@example.org", f"hello{ending}Bcc: robin@example.org", "t", "en")
    assert "robin" not in str(raised.value)


@pytest.mark.parametrize(
    "to",
    [
        "sam@example.org, robin@example.org", "sam@example.org\r\nBcc: robin@example.org", "Sam <sam@example.org>",
        "sam@example.org\n", " sam@example.org", "sam", "@example.org", "sam@", "sam@localhost", "a b@example.org",
        "sam@example.org;robin@example.org", "sam@@example.org", ".sam@example.org", "s..am@example.org",
        "sam@[127.0.0.1]", "sam@exa\u2028mple.org", f"{'s' * 65}@example.org", "sam@-example.org", '"sam"@example.org',
    ],
)  # fmt: skip
def test_anything_but_one_address_is_refused(to: str) -> None:
    with pytest.raises(WrongUseError, match="exactly one address") as raised:
        Mail(to, "s", "t", "en")
    assert not re.search("sam|robin", str(raised.value))


@pytest.mark.parametrize(
    "to", ["sam@example.org", "o'neil+x@a-b.example", "jürgen@exämple.org", "a@उदाहरण.org"]
)
def test_one_address_of_any_script_is_taken(to: str) -> None:
    assert Mail(to, "s", "t", "en").to == to


def test_a_mail_shows_nothing_of_itself() -> None:
    shown = repr(Mail("sam@example.org", "SUBJECT", "TEXT", "en"))
    assert shown == "Mail(language='en')"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "privacy",
        "a@example.org, b@example.org",
        "x <a@example.org> y",
        "n\nm <a@example.org>",
        "ü@example.org",
    ],
)
def test_an_author_is_one_address(text: str) -> None:
    with pytest.raises(WrongUseError, match="DSAR_MAIL_FROM"):
        author_in(text)


def test_an_author_has_the_domain_that_dns_knows() -> None:
    assert author_in('"Büro" <a@exämple.org>') == Author("Büro", "a@xn--exmple-cua.org")
    assert author_in("a@example.org").domain == "example.org"


def test_a_page_comes_beside_the_text_and_the_bytes_stay_the_same() -> None:
    mail = Mail(
        "sam@example.org", "s", "The text \u00e9\n", "fr", "<p>The page \u00e9 \x00</p>\n" + "x" * 2000
    )
    first, again = (written(mail, POSTMARK, AUTHOR).content for _ in range(2))
    assert first == again
    message = email.message_from_bytes(first, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message.get_content_type() == "multipart/alternative"
    assert message["Content-Language"] == "fr"
    text, page = message.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(page, EmailMessage)
    assert (text.get_content_type(), text.get_content()) == ("text/plain", "The text \u00e9\r\n")
    assert page.get_content_type() == "text/html"
    assert page.get_content().startswith("<p>The page \u00e9  </p>")
    assert first.isascii()
    assert max(map(len, first.split(b"\r\n"))) <= 78
