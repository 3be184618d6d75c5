"""Pages as they are read: in three languages, complete without a script, and named for assistive technology."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.responses import HTMLResponse

from dsar_export.model.controller import Controller
from dsar_export.model.delivery import PassphraseWay
from dsar_export.model.request import Right
from dsar_export.use_cases.downloads import Offer
from dsar_export.web.pages import Pages, Reader
from dsar_export.web.words import Notice
from dsar_export.wiring import register_in

REGISTER = Path(__file__).parents[2] / "dsar_export" / "demo" / "register"
NOW = datetime(2026, 11, 30, 14, 3, tzinfo=UTC)
OFFER = Offer(
    "DSAR-20261102-K7M2Q9XA",
    "acme-gb",
    "en",
    Right.ACCESS,
    4_700_000_000,
    NOW,
    NOW + timedelta(days=7),
    3,
    tuple(PassphraseWay),
)
CONTROLLERS = tuple(register_in(REGISTER).organisation.controllers.values())
LANGUAGES = ("en", "de", "fr")


def spoken_by(language: str) -> Controller:
    return next(each for each in CONTROLLERS if each.language.startswith(language))


def pages(language: str, *, opener: bool = True) -> dict[str, HTMLResponse]:
    made, reader = Pages("", opener=opener), Reader(language, (spoken_by(language),))
    return {
        "link": made.link(reader, "/l/x", OFFER),
        "code": made.code(reader, "/l/x"),
        "wrong": made.code(reader, "/l/x", wrong=True),
        "perhaps": made.code(Reader(language, CONTROLLERS), "/l/x", counts=False),
        "passphrase": made.passphrase(reader, "/l/x", "one-two-three-four"),
        "again": made.again(Reader(language, CONTROLLERS), asked=False),
        "asked": made.again(Reader(language, CONTROLLERS), asked=True),
        **{notice.value: made.notice(Reader(language, CONTROLLERS), notice) for notice in Notice},
    }


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in tags]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_all_that_assistive_technology_needs(language: str) -> None:
    for name, page in pages(language).items():
        elements = Elements(bytes(page.body).decode())
        assert elements.of("html") == [{"lang": language}], name
        for landmark in ("title", "h1", "main", "header", "footer"):
            assert len(elements.of(landmark)) == 1, name
        ids = [each["id"] for _, each in elements.found if "id" in each]
        assert len(ids) == len(set(ids)), name
        for field in elements.of("input"):
            assert field["id"] in {label["for"] for label in elements.of("label")}, name
            assert set((field["aria-describedby"] or "").split()) <= set(ids), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_needs_nothing_but_itself(language: str) -> None:
    for name, page in pages(language).items():
        elements = Elements(bytes(page.body).decode())
        assert not elements.of("script", "img", "iframe", "link", "object", "video"), name
        assert not [each for _, each in elements.found if each.keys() & {"style", "onclick", "src"}], name
        targets = [str(each["href"]) for each in elements.of("a")]
        targets += [str(each["action"]) for each in elements.of("form")]
        assert all(re.match(r"/|mailto:", target) for target in targets), name
        style = bytes(page.body).decode().partition("<style>")[2].partition("</style>")[0]
        assert not re.search(r"url\(|@import|http", style)


def test_pages_have_the_same_parts_in_each_language_and_its_own_words() -> None:
    shown = {language: pages(language) for language in LANGUAGES}
    for name in shown["en"]:
        texts = {re.sub(r"<[^>]+>", "", bytes(shown[each][name].body).decode()) for each in LANGUAGES}
        assert len(texts) == 3, name
        tags = {tuple(t for t, _ in Elements(bytes(shown[e][name].body).decode()).found) for e in LANGUAGES}
        assert len(tags) == 1, name


@pytest.mark.parametrize(
    ("ways", "buttons", "sentence"),
    [
        ((), 1, "was given out already"),
        ((PassphraseWay.STAFF,), 1, "Ask us for it"),
        ((PassphraseWay.POST,), 1, "comes to you in a letter"),
        ((PassphraseWay.CODE, PassphraseWay.STAFF), 2, "Or ask us for it"),
    ],
)
def test_the_ways_of_the_register_are_shown(
    ways: tuple[PassphraseWay, ...], buttons: int, sentence: str
) -> None:
    reader = Reader("en", (spoken_by("en"),))
    text = bytes(
        Pages("", opener=False).link(reader, "/l/x", replace(OFFER, passphrase_ways=ways)).body
    ).decode()
    assert text.count("<button") == buttons
    assert sentence in text


def test_open_html_comes_first_where_it_is_served() -> None:
    assert "/open.html" in bytes(pages("en")["link"].body).decode()
    without = bytes(pages("en", opener=False)["link"].body).decode()
    assert "/open.html" not in without
    assert "7-Zip (Windows)" in without


def test_the_style_is_named_by_its_hash_and_text_is_never_markup() -> None:
    made = Pages("", opener=False)
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", made.style_source)
    odd = replace(spoken_by("en"), name="<b>Acme", contact="<script>alert(1)</script>")
    text = bytes(made.link(Reader("en", (odd,)), "/l/x", OFFER).body).decode()
    assert not Elements(text).of("script", "b")
