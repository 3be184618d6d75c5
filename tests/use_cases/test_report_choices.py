"""A report is written in the requested language or the controller's, never partly in another."""

from pathlib import Path

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.model.package import ReportChoices
from dsar_export.model.register import Register
from dsar_export.use_cases.report_choices import ReportOptions, report_choices
from dsar_export.wiring import register_in
from tests.register_check.changed import changed


def register(folder: Path, language: str) -> Register:
    """The small world's register, its one controller speaking a language."""
    return register_in(changed(folder, register=('language = "en"', f'language = "{language}"')).folder)


def test_without_a_requested_language_it_is_the_controllers(tmp_path: Path) -> None:
    assert report_choices(register(tmp_path, "fr-BE"), "acme", ReportOptions()) == ReportChoices("fr-BE")


def test_the_requested_options_become_the_choices_of_the_report(tmp_path: Path) -> None:
    options = ReportOptions("de-AT", every_row=True, large_print=True)
    assert report_choices(register(tmp_path, "en"), "acme", options) == ReportChoices("de-AT", True, True)


@pytest.mark.parametrize("tag", ["nl", "DE", "german", "de_DE", "de-", "d", "../de", "x-klingon"])
def test_a_language_without_a_catalogue_is_refused_and_the_available_ones_are_named(
    tmp_path: Path, tag: str
) -> None:
    with pytest.raises(WrongUseError, match="use --language with one of de, en, fr"):
        report_choices(register(tmp_path, "en"), "acme", ReportOptions(tag))


def test_a_controllers_language_without_a_catalogue_is_refused_with_its_file_and_key(tmp_path: Path) -> None:
    with pytest.raises(
        WrongUseError, match=r"register\.toml: controllers\.acme\.language: .*'nl'; use --language"
    ):
        report_choices(register(tmp_path, "nl"), "acme", ReportOptions())


def test_another_language_can_be_asked_for_where_the_controllers_has_no_catalogue(tmp_path: Path) -> None:
    assert report_choices(register(tmp_path, "nl"), "acme", ReportOptions("en")) == ReportChoices("en")


def test_an_unknown_controller_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="no controller 'acne' in the register; nearest valid name: acme"):
        report_choices(register(tmp_path, "en"), "acne", ReportOptions())
