"""The pages of a link: looking has no effect, and whoever has no link learns nothing."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest

from dsar_export.errors import DatabaseUnusableError, SourceUnreadableError
from dsar_export.model.mail import MailKind
from dsar_export.requests.download_links import LASTS
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.links import revoke
from dsar_export.use_cases.reissue import reissue
from tests.use_cases.parcels import FIRST, PASSPHRASE, SECOND
from tests.web.served import SECONDS, Answer, Served
from tests.worlds import World

LEFT = "<dd>3</dd>"


@pytest.fixture(scope="module")
def link(shop: Served) -> str:
    return shop.link(shop.available(bytes(12_300_000)))


@pytest.fixture(autouse=True)
def nobody_is_reached(shop: Served) -> None:
    """At first."""
    World(shop.parcels.register).run("DELETE FROM reach")


def test_a_page_says_what_it_is_how_large_and_until_when(shop: Served, link: str) -> None:
    page = shop.get(link)
    assert page.status == 200
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.partition("</style>")[2]))
    for shown in ("Acme Ltd", "12.3 MB", "Article 15", "29 November 2026, 12:00 GMT", "Downloads left 3"):
        assert shown in text
    assert PASSPHRASE not in page.text


def test_mail_scanners_leave_three_downloads_of_three(shop: Served) -> None:
    reference = shop.available()
    link = shop.link(reference)
    code, download = f"{link}/code", f"{link}/download"

    def looks(number: int) -> int:
        scanner = {"User-Agent": f"scanner {number % 5}", "X-Forwarded-For": f"192.0.2.{number % 5}"}
        path = (link, link, code, download)[number % 4]
        return shop.get(path, ("GET", "HEAD")[number % 2], scanner).status

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(looks, range(40)))
    assert set(statuses) == {200, 404}  # a button is no page
    assert LEFT in shop.get(link).text
    assert "start_download" not in shop.parcels.actions(reference)


VOIDS: dict[str, Callable[[Served, str, str], object]] = {
    "wrong": lambda *_: None,
    "revoked": lambda shop, reference, _: revoke(shop.desk, reference),
    "reissued": lambda shop, reference, _: reissue(shop.desk, reference),
    "used up": lambda shop, _, link: [shop.started(link) for _ in range(3)],
    "expired": lambda shop, *_: shop.parcels.set_clock(LASTS + timedelta(minutes=1)),
}


def answers_of(shop: Served, path: str) -> tuple[tuple[Answer, ...], float]:
    begun = time.monotonic()
    answers = (shop.get(path), shop.get(path, "HEAD"), shop.post(f"{path}/download"))
    return answers, time.monotonic() - begun


def answers_about_code(shop: Served, link: str) -> list[tuple[int, str]]:
    """What the pages for a code answer, without the link itself."""
    begun = time.monotonic()
    page, sent = shop.get(f"{link}/code"), shop.post(f"{link}/code")
    shown = shop.post(f"{link}/passphrase", code="123456")
    assert time.monotonic() - begun >= 3 * 0.25
    assert (page.status, sent.status, shown.status) == (200, 303, 422)
    found = [(page.status, page.text), (sent.status, sent.headers["location"]), (shown.status, shown.text)]
    return [(status, text.replace(link, "/l/…")) for status, text in found]


def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(shop: Served) -> None:
    seen = []
    for how, happens in VOIDS.items():
        reference = shop.available()
        link = "/l/" + "A" * 43 if how == "wrong" else shop.link(reference)
        happens(shop, reference, link)
        (page, head, start), seconds = answers_of(shop, link)
        assert seconds >= 3 * 0.25
        assert (page.status, head.status, start.status) == (404, 404, 404)
        assert head.body == b""
        fields = {n: v for n, v in page.headers.items() if n != "date"}
        assert {n: v for n, v in head.headers.items() if n != "date"} == fields
        seen.append((page.text, start.text, fields, *answers_about_code(shop, link)))
    assert all(each == seen[0] for each in seen)
    assert shop.get("/nothing/of/this").text == seen[0][0]


def test_the_page_of_a_link_that_leads_nowhere_speaks_the_readers_language(shop: Served) -> None:
    german = shop.get("/l/x", headers={"Accept-Language": "xx, fr;q=0.5, de-AT;q=0.9, en;q=0"}).text
    assert '<html lang="de">' in german
    assert "führt nirgendwohin" in german
    assert '<html lang="fr">' in shop.get("/l/x", headers={"Accept-Language": "fr-CA"}).text
    assert '<html lang="en">' in shop.get("/l/x", headers={"Accept-Language": "zz;q=x"}).text


def mails(shop: Served, number: int) -> None:
    """Waits until so many codes and links were queued, which happens after the answers."""
    until = time.monotonic() + SECONDS
    while len(shop.parcels.mails()) < number and time.monotonic() < until:
        time.sleep(0.02)
    assert len(shop.parcels.mails()) == number


def test_a_code_to_another_address_shows_the_passphrase_once(shop: Served) -> None:
    shop.parcels.reached(FIRST, SECOND)
    link, before = shop.link(shop.available()), len(shop.parcels.mails())
    asked = shop.post(f"{link}/code")
    assert (asked.status, asked.headers["location"]) == (303, f"{link}/code")
    assert "a code is on its way" in shop.get(f"{link}/code").text
    mails(shop, before + 1)
    mail = shop.parcels.mails()[-1]
    assert (mail.to, mail.kind) == (SECOND, MailKind.CODE)
    wrong = shop.post(f"{link}/passphrase", code=f"{(int(mail.code) + 1) % 10**6:06}")
    assert (wrong.status, "does not count" in wrong.text) == (422, True)
    shown = shop.post(f"{link}/passphrase", code=mail.code)
    assert (shown.status, shown.headers["cache-control"]) == (200, "no-store")
    assert re.sub(r"</?span>|<wbr>", "", shown.text).count(PASSPHRASE) == 1
    again = shop.post(f"{link}/passphrase", code=mail.code)
    assert again.status == 422
    assert PASSPHRASE not in again.text
    assert "was given out already" in shop.get(link).text


def test_it_is_shown_also_when_all_downloads_were_started(shop: Served) -> None:
    shop.parcels.reached(FIRST, SECOND)
    link, before = shop.link(shop.available()), len(shop.parcels.mails())
    for _ in range(3):
        shop.started(link)
    assert shop.post(f"{link}/code").status == 303
    mails(shop, before + 1)
    shown = shop.post(f"{link}/passphrase", code=shop.parcels.mails()[-1].code)
    assert "Note it down now" in shown.text
    assert "Acme Ltd" in shown.text


@pytest.mark.parametrize("addresses", [(), (FIRST,)], ids=["no address", "the link's alone"])
def test_with_no_other_address_the_answer_is_the_same_and_nothing_is_sent(
    shop: Served, addresses: tuple[str, ...]
) -> None:
    shop.parcels.reached(*addresses)
    reference, before = shop.available(), len(shop.parcels.mails())
    link = shop.link(reference)
    assert shop.post(f"{link}/code").status == 303
    assert "a code is on its way" in shop.get(f"{link}/code").text
    until = time.monotonic() + SECONDS
    while "no_other_contact" not in shop.parcels.actions(reference) and time.monotonic() < until:
        time.sleep(0.02)
    assert "no_other_contact" in shop.parcels.actions(reference)
    assert len(shop.parcels.mails()) == before


def test_a_lost_link_is_asked_for_by_reference_with_the_same_answer_for_any(shop: Served) -> None:
    shop.parcels.reached(FIRST)
    reference = shop.parcels.ready()
    (token,) = shop.parcels.send(reference)
    before = len(shop.parcels.mails())
    texts = {shop.post("/again", reference=any_).text for any_ in (reference.lower(), "nothing", "\x00" * 30)}
    assert len(texts) == 1
    mails(shop, before + 1)
    mail = shop.parcels.mails()[-1]
    assert (mail.to, mail.kind) == (FIRST, MailKind.LINK)
    assert shop.get(f"/l/{mail.tokens[0]}").status == 200
    assert shop.get(f"/l/{token}").status == 200
    shop.started(f"/l/{mail.tokens[0]}")
    assert shop.get(f"/l/{token}").status == 404


@pytest.fixture
def without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Desk) -> None:
        raise DatabaseUnusableError("the database of requests does not answer")

    monkeypatch.setattr(Desk, "looking", fails)


@pytest.mark.usefixtures("without_database")
def test_while_the_database_does_not_answer_a_page_says_so(shop: Served, link: str) -> None:
    page = shop.get(link)
    assert (page.status, page.headers["retry-after"]) == (503, "300")
    assert "We cannot answer just now" in page.text
    ready = shop.get("/health/ready")
    assert (ready.status, ready.body) == (503, b'{"ready":false,"reason":"DatabaseUnusableError"}')
    assert shop.get("/health/live").status == 200


def test_health_is_answered(shop: Served) -> None:
    assert shop.get("/health/live").body == b'{"live":true}'
    assert shop.get("/health/ready").body == b'{"ready":true,"downloads":0}'


def test_work_after_an_answer_that_fails_is_not_seen_by_anybody(
    shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise SourceUnreadableError("PRIVATE")

    monkeypatch.setattr("dsar_export.web.links.finish_passphrase_code", fails)
    link = shop.link(shop.available())
    assert shop.post(f"{link}/code").status == 303
    line = shop.logged("work failed")
    assert line == {"event": "work failed", "exception": "SourceUnreadableError", "log_level": "error"}


def test_no_line_of_the_log_has_a_link_or_a_download(shop: Served) -> None:
    link = shop.link(shop.available(bytes(5000)))
    download = shop.started(link)
    shop.get(download)
    with closing(shop.connection()) as connection:
        connection.request("GET", download, headers={"Range": "bytes=10-19"})
        connection.getresponse().read()
    line = shop.logged("download", status=206)
    assert line.keys() == {*("event", "log_level", "reference", "right", "status", "bytes", "seconds", "end")}
    assert (line["bytes"], line["end"]) == (10, "sent")
    everything = str(shop.logs)
    assert link.rpartition("/")[2] not in everything
    assert download.split("/")[2] not in everything
