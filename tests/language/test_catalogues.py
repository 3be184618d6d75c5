"""Every text is translated into every language: none missing, none half translated, none left over."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from dsar_export.language.catalogue import ENGLISH, has_catalogue, languages, primary_language, texts
from tools.catalogues import (
    DOMAINS,
    LANGUAGES,
    ROOT,
    as_mo,
    as_po,
    catalogue,
    kept_file,
    texts_of,
    updated,
)

CATALOGUES = [(domain, language) for domain in DOMAINS for language in LANGUAGES]
PLACEHOLDER = re.compile(r"{[^{}]*}")
every_catalogue = pytest.mark.parametrize(("domain", "language"), CATALOGUES)


def messages(domain: str, language: str) -> Iterator[Message]:
    return (message for message in catalogue(domain, language) if message.id)


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text) if isinstance(text, tuple | list) else []


@every_catalogue
def test_a_catalogue_has_the_texts_of_the_sources_and_no_other(domain: str, language: str) -> None:
    kept = kept_file(domain, language).read_bytes()
    assert kept == as_po(updated(domain, language)), "run python -m tools.catalogues"


@every_catalogue
def test_the_compiled_catalogue_is_made_from_the_translators_file(domain: str, language: str) -> None:
    compiled = kept_file(domain, language).with_suffix(".mo").read_bytes()
    assert compiled == as_mo(updated(domain, language)), "run python -m tools.catalogues"


@every_catalogue
def test_every_text_is_translated(domain: str, language: str) -> None:
    missing = [m.id for m in messages(domain, language) if not all(forms(m.string)) or m.fuzzy]
    assert missing == []


@every_catalogue
def test_a_translation_has_the_placeholders_of_its_text(domain: str, language: str) -> None:
    assert [m.id for m in messages(domain, language) if not _same_placeholders(m)] == []


def _same_placeholders(message: Message) -> bool:
    named = [set(PLACEHOLDER.findall(form)) for form in forms(message.id)]
    # A plural form may leave out the number ("one record") and placeholders that only other forms have.
    least, most = set.intersection(*named) - {"{n}"}, set.union(*named)
    return all(least <= set(PLACEHOLDER.findall(form)) <= most for form in forms(message.string))


@every_catalogue
def test_a_translation_neither_begins_nor_ends_with_a_space(domain: str, language: str) -> None:
    odd = [m.id for m in messages(domain, language) if any(form != form.strip() for form in forms(m.string))]
    assert odd == []


def test_french_punctuation_has_a_no_break_space_before_it() -> None:
    breakable = re.compile(r"[^\u00a0\u202f\s][ ]?[:;?!](?=\s|$)| »|« ")
    wrong = [
        m.id
        for domain in DOMAINS
        for m in messages(domain, "fr")
        if any(found for form in forms(m.string) for found in breakable.findall(form) if found[0] not in ")/")
    ]
    assert wrong == []


def test_there_is_a_folder_for_each_translated_language() -> None:
    assert languages() == tuple(sorted((ENGLISH, *LANGUAGES)))


def test_a_tag_with_any_region_gives_the_texts_of_its_language() -> None:
    assert texts("de").phrase("Your orders") == texts("de-AT").phrase("Your orders") == "Ihre Bestellungen"
    assert texts("fr-CA").phrase("Your orders") == "Vos commandes"
    assert texts("en-GB").phrase("Your orders") == texts("nl").phrase("Your orders") == "Your orders"


def test_a_text_that_no_catalogue_has_stays_as_it_is() -> None:
    german = texts("de")
    assert (german.phrase("an unknown {brace}"), german.phrase("")) == ("an unknown {brace}", "")
    assert german.phrase("{n} of {m}", n="1", m="2") == "1 of 2"
    assert german.plural("{n} thing", "{n} things", 1200) == "1.200 things"


@pytest.mark.parametrize(
    ("tag", "known"),
    [
        ("en-GB", True),
        ("de", True),
        ("fr-BE", True),
        ("nl", False),
        ("DE", False),
        ("de_AT", False),
        ("", False),
    ],
)
def test_a_report_can_be_written_in_the_language_of_a_tag_that_has_a_catalogue(
    tag: str, *, known: bool
) -> None:
    assert has_catalogue(tag) is known


def test_the_primary_language_of_a_tag_is_the_part_before_its_region() -> None:
    assert [primary_language(tag) for tag in ("de-AT", "fr", "en-GB")] == ["de", "fr", "en"]


# The tool


def test_texts_are_found_in_every_kind_of_call() -> None:
    source = """
texts.phrase("one", name=locale.phrase("two"))
phrase("th" "ree" if x else "four")
Message("five {n}", (("n", "six"),))
plural("{n} row", "{n} rows", 7)
self.texts.plural("{n} cell" if a else "{n} field", "{n} cells" if a else "{n} fields", 7)
message("eight"), phrase(text), phrase(schema.title), rephrase("nine"), phrase("")
"""
    assert list(texts_of(source)) == [
        "one", "two", "three", "four", "five {n}", ("{n} row", "{n} rows"), ("{n} cell", "{n} cells"),
        ("{n} field", "{n} fields"), "eight",
    ]  # fmt: skip


@pytest.mark.parametrize("source", ['phrase(f"{n} rows")', 'phrase("a" + b)', 'message("%s rows" % n)'])
def test_a_text_put_together_at_run_time_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="line 1: "):
        list(texts_of(source))


KEPT = """\
# Terms of ours.
msgid ""
msgstr ""
"Language: fr\\n"

# kept on purpose
msgid "kept"
msgstr "gardé"

msgid "{n} row"
msgid_plural "{n} rows"
msgstr[0] "{n} ligne"
msgstr[1] "{n} lignes"

msgid "dropped"
msgstr "perdu"
"""


def test_an_update_keeps_translations_drops_unused_texts_and_guesses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.catalogues.FOLDER", tmp_path)
    monkeypatch.setitem(
        DOMAINS, "report", ["droppe", "kept", ("{n} row", "{n} rows"), ("{n} cell", "{n} cells")]
    )
    file = kept_file("report", "fr")
    file.parent.mkdir(parents=True)
    file.write_text(KEPT, encoding="utf-8")

    made = as_po(updated("report", "fr"))

    file.write_bytes(made)
    assert as_po(updated("report", "fr")) == made
    assert made.startswith(b"# Terms of ours.\nmsgid")
    found = [(m.id, m.string, m.user_comments) for m in messages("report", "fr")]
    assert found == [
        ("droppe", "", []),
        ("kept", "gardé", ["kept on purpose"]),
        (("{n} row", "{n} rows"), ("{n} ligne", "{n} lignes"), []),
        (("{n} cell", "{n} cells"), ("", ""), []),
    ]


def test_git_ignores_no_catalogue_so_the_wheel_has_them_all() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert not {"*.mo", "*.po"} & set(ignored)


def test_the_law_is_called_as_in_the_country_of_the_controller() -> None:
    names = {language: texts(language).under("gb").law for language in languages()}
    assert names == {"en": "UK GDPR", "de": "UK-DSGVO", "fr": "RGPD britannique"}
    german = texts("de")
    assert (german.law, german.under("DE").law, german.under("AT").law) == ("DSGVO",) * 3
    assert german.under("GB").phrase("Access to your data (Art. 15 {gdpr})").endswith("(Art. 15 UK-DSGVO)")


def test_what_is_filled_in_is_not_read_for_the_laws_name() -> None:
    assert texts("en").phrase("{label}: {text}", label="{gdpr}", text="x") == "{gdpr}: x"
