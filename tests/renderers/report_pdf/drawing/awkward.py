"""Texts that have broken other tools, and scripts of the world."""

from typing import Final

from hypothesis import strategies as st

from renderers.report_pdf.blocks import (
    Block,
    Bullets,
    Facts,
    Families,
    Family,
    Grid,
    Group,
    Heading,
    Jump,
    Link,
    Prose,
    Report,
    Timeline,
)
from tests.renderers.report_pdf.drawing.tagged import records, report, section

MARKUP: Final = (
    "<b>bold</b>", "</para><para>", "<br/>", '<img src="/etc/passwd"/>', "<a href='file:///etc/hostname'>x</a>",
    '<onDraw name="f"/>', "<font size=90>", "&amp;", "&lt;script&gt;", "&#0;", "&#x41;", "<!-- x -->", "<![CDATA[x]]>",
    "%s", "%(x)s", "%n%n", "100 %", "{0}", "{}", "{page} {pages}", "${7*7}", "{{7*7}}", "../../etc/passwd",
    "file:///etc/passwd", "\\", "\\n", "\\(", "(", ")", "))) Tj ET", "<</Type/Page>> endstream endobj", "EMC",
    "/F1 9 Tf", "<feff0041>", "]]", "'; DROP TABLE x; --", "=1+1",
)  # fmt: skip

NAUGHTY: Final = {
    "every control character": "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)])),
    "NUL": "a\x00b",
    "lone surrogates": "a\ud800b\udfffc\udc00\ud800",
    "noncharacters": "a\ufffe\uffff\ufdd0\U0001ffff\U0010ffff",
    "unassigned": "\u0378\u0530\U000e0fff",
    "private use": "\ue000\ue001\uf8ff\U00100000",
    "overrides": "\u202eevil\u202c \u2066isolated\u2069 \u202bembedded",
    "marks of direction": "\u200e1\u200f2\u061c3",
    "byte order marks": "\ufeffa\ufeff",
    "soft hyphens": "extra\xadordinary",
    "zero widths": "a\u200bb\u2060c\u200cd\u200de",
    "zalgo": "z" + "\u0301\u0316\u0334\u0489" * 200,
    "marks only": "\u0301" * 50,
    "emoji": "😀 👩\u200d👩\u200d👧\u200d👦 👍🏽 🇩🇪 1\ufe0f\u20e3 🏴\U000e0067\U000e007f",
    "blanks": " \u00a0\u2003\u3000\u1680\t  ",
    "line ends": "a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h" + "\n" * 10_000,
    "a long token": "x" * 10_000,
    "a long token of wide letters": "漢" * 10_000,
    "a long token from the right": "م" * 3_000,
    "a megabyte": "word " * 200_000,
    "a megabyte without blanks": "\u0416" * 500_000,
    "long lines": ("The quick brown fox " * 200 + "\n") * 3,
    "brackets": "([{<«» >}])" * 20,
    "nothing": "",
    "one blank": " ",
    "one line end": "\n",
    "ligatures": "ﷺ ﷽ ﬁ ﬃ ŉ",
    "wide forms": "ＡＢＣ１２３，。｡ﾊﾟ",
    "mathematics": "𝔘𝔫𝔦 ∑∫√ ½ ² ₂ ℝ",
    "undecodable": "\udc80\udcff",
}  # fmt: skip

SCRIPTS: Final = {
    "Latin": "Zażółć gęślą jaźń, Ærøskøbing, Iñtërnâtiônàlizætiøn",
    "Greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
    "Cyrillic": "Съешь ещё этих мягких французских булок, Київ",
    "Armenian": "Բարեւ աշխարհ",
    "Georgian": "გამარჯობა მსოფლიო",
    "Hebrew": "שלום עולם, שָׁלוֹם 123 (abc)",
    "Arabic": "مرحبا بالعالم، عام ١٢٣٤ و 2026 (abc)",
    "Persian": "سلام دنیا ۱۲۳۴ می\u200cخواهم",
    "Chinese": "你好，世界。漢字",
    "Japanese": "こんにちは世界、カタカナ",
    "Hangul": "안녕하세요 세계",
    "Devanagari": "नमस्ते दुनिया हिन्दी क्षत्रिय",
    "Bengali": "ওহে বিশ্ব",
    "Gurmukhi": "ਸਤ ਸ੍ਰੀ ਅਕਾਲ",
    "Gujarati": "નમસ્તે દુનિયા",
    "Oriya": "ନମସ୍କାର",
    "Tamil": "வணக்கம் உலகம்",
    "Telugu": "నమస్కారం",
    "Kannada": "ನಮಸ್ಕಾರ",
    "Malayalam": "നമസ്കാരം ലോകം",
    "Sinhala": "ආයුබෝවන්",
    "Thai": "สวัสดีชาวโลก ที่นี่",
    "Lao": "ສະບາຍດີ",
    "Myanmar": "မင်္ဂလာပါ",
    "Khmer": "សួស្តី\u200bពិភពលោក ភាសាខ្មែរ",
    "Ethiopic": "ሰላም ልዑል",
    "emoji": "😀👍🎉☎✈",
}

TEXTS: Final = (
    st.lists(
        st.sampled_from([*MARKUP, *SCRIPTS.values(), *(t for t in NAUGHTY.values() if len(t) < 60)])
        | st.text(st.characters(), max_size=12)
        | st.text("abc ,.", max_size=30),
        max_size=4,
    )
    .map("".join)
    .map(lambda text: text[:190])
)

BLOCKS: Final[st.SearchStrategy[Block]] = st.one_of(
    TEXTS.map(Prose),
    TEXTS.map(Heading),
    TEXTS.map(lambda text: Link(text, "https://example.org/")),
    TEXTS.map(lambda text: Jump(text, "there")),
    st.lists(TEXTS, max_size=3).map(lambda items: Bullets(tuple(items))),
    st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(lambda pairs: Facts(tuple(pairs))),
    st.builds(
        Grid,
        st.tuples(TEXTS, TEXTS, TEXTS),
        st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=3).map(tuple),
        st.sampled_from([frozenset(), frozenset({2})]),
    ),
    st.builds(
        records,
        st.tuples(*[TEXTS] * 5),
        st.lists(st.tuples(*[TEXTS] * 5) | TEXTS.map(Group), max_size=4).map(tuple),
        title=TEXTS.map(lambda text: text[:20]),
    ),
    st.lists(
        st.builds(
            Family,
            TEXTS,
            TEXTS,
            st.lists(st.tuples(TEXTS, st.lists(TEXTS).map(tuple)), max_size=2).map(tuple),
        )
        | TEXTS.map(Group),
        max_size=3,
    ).map(lambda families: Families(tuple(families))),
)

REPORTS: Final[st.SearchStrategy[Report]] = st.builds(
    lambda title, heading, blocks, opening, large: report(
        section(*blocks, title=heading), title=title, opening=tuple(opening), large_print=large
    ),
    TEXTS,
    TEXTS,
    st.lists(BLOCKS, max_size=4),
    st.lists(BLOCKS, max_size=2),
    st.booleans(),
)


def every_kind(text: str) -> tuple[Block, ...]:
    """A block of each kind, with the text wherever one of the person or the register can be."""
    return (
        Prose(text),
        Heading(text, "there"),
        Link(text, "https://example.org/"),
        Jump(text, "there"),
        Bullets((text, text)),
        Facts(((text, text), (text, Link(text, "mailto:privacy@example.org")))),
        Grid((text, text), ((text, text),) * 2, right=frozenset({1})),
        Grid((text, text), ((text, text),) * 2, places=("there", "there")),
        records((text, text), ((text, text), Group(text), (text, text))),
        records((text,) * 12, ((text,) * 12,)),
        Families((Family(text, text, ((text, (text, text)),)), Group(text), Family(text, "", ()))),
        Timeline(((text, {"2024-01": 3, "2026-02": 1}),), f"In words: {text}"),
    )
