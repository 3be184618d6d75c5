"""The translations of a register's words: read with the register, and written anew for translators."""

from pathlib import Path

import pytest

from dsar_export.errors import RegisterError, WrongUseError
from dsar_export.register.translations import Update, update_translations
from dsar_export.wiring import register_in
from tests.worlds import World

KEPT = """\
# ours
msgid ""
msgstr ""
"X-Generator: some editor\\n"

# as in the shop
msgid "Your records"
msgstr "Ihre Aufzeichnungen"

#, fuzzy
msgid "Service"
msgstr "Dienstleistung?"

msgid "An earlier text"
msgstr "Ein früherer Text"

msgid "An earlier text that nobody translated"
msgstr ""

#~ msgid "To serve you."
#~ msgstr "Um für Sie da zu sein."

#~ msgid "Long gone"
#~ msgstr "Lange weg"
"""


def world(folder: Path, german: str | bytes | None = None, *, file: str = "de.po") -> World:
    """The small world, whose controller answers in German, with a file of translations."""
    made = World(folder / "register")
    made.register_text = made.register_text.replace('language = "en"', 'language = "de-AT"')
    made.write([{"text": "mine"}])
    if german is not None:
        (made.folder / "translations").mkdir()
        content = german if isinstance(german, bytes) else german.encode()
        (made.folder / "translations" / file).write_bytes(content)
    return made


def written(made: World, language: str = "de") -> str:
    return (made.folder / "translations" / f"{language}.po").read_text(encoding="utf-8")


def updated(made: World, language: str = "de") -> Update:
    return update_translations(register_in(made.folder), language)


def test_translations_are_read_with_the_register_but_no_doubtful_ones(tmp_path: Path) -> None:
    register = register_in(world(tmp_path, KEPT).folder)

    assert dict(register.translations["de"].words) == {
        "Your records": "Ihre Aufzeichnungen",
        "An earlier text": "Ein früherer Text",
    }
    assert list(register.translations["de"].lines.items()) == [
        ("Your records", 7),
        ("Service", 11),
        ("An earlier text", 14),
        ("An earlier text that nobody translated", 17),
    ]


def test_a_register_without_translations_has_none_and_is_in_english(tmp_path: Path) -> None:
    register = register_in(world(tmp_path).folder)

    assert register.translations == {}
    assert register.organisation.language == "en"
    assert register.own_schemas == {"records"}


@pytest.mark.parametrize("content", [f"\ufeff{KEPT}", KEPT.replace("\n", "\r\n")])
def test_a_file_that_windows_wrote_is_read(content: str, tmp_path: Path) -> None:
    register = register_in(world(tmp_path, content).folder)

    assert register.translations["de"].words["Your records"] == "Ihre Aufzeichnungen"


@pytest.mark.parametrize(
    ("content", "file", "problem"),
    [
        (
            'msgid "Service\nmsgstr "Dienst"\n',
            "de.po",
            "de.po:1: expected msgid or msgstr with a text between ",
        ),
        (KEPT + 'msgid "Service"\nmsgstr "x"\n', "de.po", "de.po:25: the file has this text twice; keep one"),
        (b'msgid "Service"\nmsgstr "f\xfcr"\n', "de.po", "de.po: not UTF-8; save it in UTF-8"),
        (KEPT, "de_AT.po", "de_AT.po: expected the name of a language without a region, such as de.po"),
        (KEPT, "german.po", "german.po: expected the name of a language without a region, such as de.po"),
    ],
)
def test_a_malformed_file_is_refused_with_file_line_and_next_step(
    content: str | bytes, file: str, problem: str, tmp_path: Path
) -> None:
    made = world(tmp_path, content, file=file)

    with pytest.raises(RegisterError) as caught:
        register_in(made.folder)

    assert str(caught.value).startswith(str(made.folder / "translations" / problem.partition(":")[0]))
    assert problem in str(caught.value)


def test_a_malformed_file_is_reported_together_with_other_problems(tmp_path: Path) -> None:
    made = world(tmp_path, "odd")
    (made.folder / "register.toml").write_text(made.register_text.replace("notice =", "notise ="))

    with pytest.raises(RegisterError) as caught:
        register_in(made.folder)

    assert "notise: unknown key" in str(caught.value)
    assert "de.po:1: expected" in str(caught.value)


def test_a_new_file_has_every_text_with_its_place_and_no_translation(tmp_path: Path) -> None:
    made = world(tmp_path)

    update = updated(made, "de-AT")

    assert update == Update(made.folder / "translations" / "de.po", 10, 10, 0, 0)
    assert '\n#. register.toml: purposes.service.title\nmsgid "Service"\nmsgstr ""\n' in written(made)
    assert (
        "\n#. schemas/records.schema.json: fields.record_id.title\n"
        "#. schemas/records.schema.json: fields.text.title\n"
    ) in written(made)
    assert register_in(made.folder).translations["de"].words == {}


def test_an_update_keeps_what_is_translated_and_guesses_nothing(tmp_path: Path) -> None:
    made = world(tmp_path, KEPT)

    update = updated(made)

    text = written(made)
    assert update == Update(made.folder / "translations" / "de.po", 10, 8, 0, 2)
    assert text.startswith("# ours\nmsgid")
    assert '# as in the shop\n#. register.toml: promises.records.text\nmsgid "Your records"\n' in text
    assert '#, fuzzy\nmsgid "Service"\nmsgstr "Dienstleistung?"\n' in text
    assert '\nmsgid "To serve you."\nmsgstr "Um für Sie da zu sein."\n' in text
    assert '#~ msgid "An earlier text"\n#~ msgstr "Ein früherer Text"\n' in text
    assert '#~ msgid "Long gone"\n#~ msgstr "Lange weg"\n' in text
    assert "nobody translated" not in text
    assert updated(made) == update
    assert written(made) == text


def test_texts_that_nobody_shows_in_the_language_come_last_and_are_optional(tmp_path: Path) -> None:
    made = world(tmp_path)
    another = made.register_text.partition("[controllers.acme]")[2].partition("[sources")[0]
    english = (
        f'[controllers.other]{another.replace("de-AT", "en")}[[promises]]\nid = "x"\ntext = "Only here"\n'
    )
    only = 'datasets = ["records"]\ncontrollers = ["other"]\n\n'
    made.register_text = made.register_text.replace("[sources.main]", f"{english}{only}[sources.main]")
    made.write([])

    update = updated(made)

    assert (update.texts, update.missing, update.optional) == (11, 10, 1)
    assert written(made).endswith(
        "#. register.toml: promises.x.text\n#. Not shown by anybody who answers in this language.\n"
        'msgid "Only here"\nmsgstr ""\n\n'
    )


def test_a_percent_sign_makes_no_text_a_format(tmp_path: Path) -> None:
    made = world(tmp_path)
    made.register_text = made.register_text.replace("To serve you.", "For 5 % of the price.")
    made.write([])

    updated(made)

    assert "5 % of" in written(made)
    assert "python-format" not in written(made)


@pytest.mark.parametrize(
    ("language", "problem"),
    [
        ("nl", "reports are not available in 'nl'; choose one of de, en, fr"),
        ("German", "reports are not available in 'German'; choose one of de, en, fr"),
        ("en-GB", "the register is itself in 'en' (language in register.toml); choose another"),
    ],
)
def test_a_language_without_reports_or_of_the_register_itself_is_refused(
    language: str, problem: str, tmp_path: Path
) -> None:
    made = world(tmp_path)

    with pytest.raises(WrongUseError) as caught:
        updated(made, language)

    assert str(caught.value) == problem
    assert not (made.folder / "translations").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    made = world(tmp_path)
    (made.folder / "translations").write_text("in the way", encoding="utf-8")

    with pytest.raises(RegisterError, match=r"de\.po: can't be read \(not a directory\)"):
        updated(made)
