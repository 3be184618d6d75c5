"""The check warns of words of the register that a report would show in another language than its own."""

import re
from collections.abc import Mapping
from pathlib import Path

from dsar_export.register.translations import update_translations
from dsar_export.wiring import register_in
from tests.register_check.changed import Change, changed, findings, problems
from tests.worlds import World

GERMAN: Mapping[str, str] = {'language = "en"': 'language = "de"'}


def translated(made: World, *, but: str = "") -> World:
    """The world with a German file in which every text is translated, except one."""
    path = update_translations(register_in(made.folder), "de").file
    text = path.read_text(encoding="utf-8")
    filled = re.sub(r'^msgstr ""\n\n', 'msgstr "übersetzt"\n\n', text, flags=re.MULTILINE)
    if but:
        assert f'msgid "{but}"\nmsgstr "übersetzt"' in filled
        filled = filled.replace(f'msgid "{but}"\nmsgstr "übersetzt"', f'msgid "{but}"\nmsgstr ""')
    path.write_text(filled, encoding="utf-8")
    return made


def with_language(folder: Path, language: str, register: Change = ("", "")) -> World:
    """The world with the register's own language stated."""
    made = changed(folder, register=register)
    made.register_text = f'language = "{language}"\n{made.register_text}'
    return made.write([])


def test_a_register_in_the_language_of_its_controllers_needs_no_translation(tmp_path: Path) -> None:
    assert problems(changed(tmp_path / "english")) == []
    assert problems(changed(tmp_path / "british", register=('language = "en"', 'language = "en-GB"'))) == []
    assert problems(with_language(tmp_path / "german", "de-DE", GERMAN)) == []


def test_a_language_without_a_file_is_one_warning_with_the_first_places_and_the_next_step(
    tmp_path: Path,
) -> None:
    made = changed(tmp_path, register=GERMAN)

    (found,) = findings(made)

    assert found.warning
    assert (found.where, found.key) == (str(made.folder / "translations" / "de.po"), "missing")
    assert found.problem == (
        "10 of the 10 texts that reports of acme show have no translation: register.toml: notice, register.toml: "
        "purposes.service.title, register.toml: purposes.service.description, …; run dsar-export translations "
        f'{made.folder} de, and translate what is empty (or state language = "de" in register.toml, if the register '
        "is written in it)"
    )


def test_a_translated_register_has_no_finding_until_a_text_is_new(tmp_path: Path) -> None:
    made = translated(changed(tmp_path, register=GERMAN))
    assert problems(made) == []

    made.register_text = made.register_text.replace("To serve you.", "To serve you well.")
    made.write([])

    missing, unused = findings(made)
    assert (missing.key, unused.key) == ("missing", "unused")
    assert missing.warning
    assert unused.warning
    assert missing.problem.startswith(
        "1 of the 10 texts that reports of acme show have no translation: register.toml: "
        "purposes.service.description; run dsar-export translations "
    )
    assert "if the register is written in it" not in missing.problem
    lines = (made.folder / "translations" / "de.po").read_text(encoding="utf-8").split("\n")
    line = lines.index('msgid "To serve you."') + 1
    assert unused.problem.startswith(f"the register no longer has 1 of its texts, at the lines {line}; run ")

    update_translations(register_in(made.folder), "de")
    assert [finding.key for finding in findings(made)] == ["missing"]


def test_an_empty_translation_is_missing(tmp_path: Path) -> None:
    (found,) = problems(translated(changed(tmp_path, register=GERMAN), but="Service"))

    assert found.startswith("de.po: missing: 1 of the 10 texts")
    assert "register.toml: purposes.service.title; run" in found


def test_a_file_for_a_language_in_which_nobody_answers_needs_no_text(tmp_path: Path) -> None:
    made = changed(tmp_path)
    update_translations(register_in(made.folder), "de")

    assert problems(made) == []


def test_a_language_of_the_register_that_is_no_tag_is_an_error(tmp_path: Path) -> None:
    made = with_language(tmp_path, "German")

    (found,) = findings(made)

    assert not found.warning
    assert (Path(found.where).name, found.key) == ("register.toml", "language")
    assert found.problem == "'German' is not the tag of a language, such as en or de-AT; correct it"


def test_a_language_without_reports_is_an_error_and_no_translation_is_asked_for(tmp_path: Path) -> None:
    (found,) = problems(changed(tmp_path, register=('language = "en"', 'language = "nl"')))

    assert found.startswith("register.toml: controllers.acme.language: reports are not available in 'nl'")


def test_a_source_that_is_not_there_hides_no_other_finding(tmp_path: Path) -> None:
    made = changed(tmp_path, register=GERMAN, dataset=('source = "main"', 'source = "mian"'))

    assert any("unknown source 'mian'" in found for found in problems(made))
