"""Files of translators are read strictly: what one program drops without a word is an error here."""

import pytest
from babel.messages.catalog import Catalog

from dsar_export.language.po_file import MalformedError, StableCatalog, parsed, written

HEADER = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n\n'
NOT_A_LINE = 'expected msgid or msgstr with a text between quotation marks (\\" within it), or #'


def entries(catalog: Catalog) -> dict[object, object]:
    return {message.id: message.string for message in catalog if message.id}


def test_a_file_is_read_with_its_comments_doubts_and_entries_no_longer_in_use() -> None:
    text = (
        f"# kept by us\n{HEADER}"
        '# why so\n#. register.toml: notice\nmsgid "one"\nmsgstr ""\n"ei"\n"ns"\n\n'
        '#, fuzzy\nmsgid "two"\nmsgstr "zwei"\n\n#~ msgid "gone"\n#~ msgstr "weg"\n'
    )
    read = parsed(text, "de")

    assert entries(read) == {"one": "eins", "two": "zwei"}
    assert read["one"].user_comments == ["why so"]
    assert (read["one"].fuzzy, read["two"].fuzzy) == (False, True)
    assert [m.id for m in read.obsolete.values()] == ["gone"]
    assert read.header_comment == "# kept by us"


def test_quotation_marks_tabs_and_line_breaks_inside_a_text_survive() -> None:
    made = StableCatalog("de", header_comment="", fuzzy=False)
    made.add('a "b"\n\tc\\d\u2028e', "ä\u202f;\u00a0«\n»")

    assert entries(parsed(written(made).decode(), "de")) == entries(made)


def test_a_file_without_a_header_or_with_windows_line_ends_is_read() -> None:
    assert entries(parsed('msgid "one"\nmsgstr "eins"', "de")) == {"one": "eins"}
    assert entries(parsed('msgid "one"\r\nmsgstr "eins"\r\n', "de")) == {"one": "eins"}
    assert entries(parsed("", "de")) == {}


@pytest.mark.parametrize(
    "header",
    ["PO-Revision-Date: yesterday", "POT-Creation-Date: YEAR-MO-DA HO:MI+ZONE", "Plural-Forms: odd"],
)
def test_the_header_that_another_program_wrote_does_not_matter(header: str) -> None:
    text = f'msgid ""\nmsgstr ""\n"{header}\\n"\n\nmsgid "one"\nmsgstr "eins"\n'

    assert entries(parsed(text, "de")) == {"one": "eins"}


@pytest.mark.parametrize(
    ("body", "line", "problem"),
    [
        ('msgid "one\nmsgstr "eins"\n', 5, NOT_A_LINE),
        ('msgid "one"\nmsgstr "eins" more\n', 6, NOT_A_LINE),
        ('msgid "on"e"\nmsgstr "eins"\n', 5, NOT_A_LINE),
        ('msgid "one\\q"\nmsgstr "eins"\n', 5, NOT_A_LINE),
        ('msgid "one"\nmsgstr “eins”\n', 6, NOT_A_LINE),
        ('<<<<<<< HEAD\nmsgid "one"\nmsgstr "eins"\n', 5, NOT_A_LINE),
        ('msgid "one"\nmsgid_plural "ones"\nmsgstr[0] "eins"\n', 6, NOT_A_LINE),
        ('msgctxt "a"\nmsgid "one"\nmsgstr "eins"\n', 5, NOT_A_LINE),
        ('msgid "one"\n\nmsgid "two"\nmsgstr "zwei"\n', 5, "expected a msgstr after each msgid"),
        ('msgid "one"\nmsgstr "eins"\n\nmsgid "one"\nmsgstr "ein"\n', 8, "the file has this text twice; "),
        (
            'msgid "one"\nmsgstr "eins"\n\nmsgid ""\n"one"\nmsgstr "ein"\n',
            8,
            "the file has this text twice; ",
        ),
    ],
)
def test_a_malformed_file_is_refused_with_the_line(body: str, line: int, problem: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parsed(HEADER + body, "de")

    assert caught.value.line == line
    assert str(caught.value).startswith(problem)


def test_a_file_has_neither_dates_nor_names_of_programs() -> None:
    made = StableCatalog("de", header_comment="# ours", fuzzy=False)
    made.add("one", "eins", auto_comments=["register.toml: notice"])

    assert written(made).decode() == (
        '# ours\nmsgid ""\nmsgstr ""\n"Language: de\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit"\n\n'
        '#. register.toml: notice\nmsgid "one"\nmsgstr "eins"\n\n'
    )
