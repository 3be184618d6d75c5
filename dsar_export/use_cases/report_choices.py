"""Turns the requested language and layout of a report into choices that the report can follow."""

from dataclasses import dataclass

from dsar_export.errors import WrongUseError
from dsar_export.language.catalogue import has_catalogue, languages
from dsar_export.model.package import ReportChoices
from dsar_export.model.register import Register
from dsar_export.register.hints import location
from dsar_export.use_cases.services import known_controller


@dataclass(frozen=True)
class ReportOptions:
    """The requested language and layout; without a language, the controller's is used."""

    language: str | None = None
    every_row: bool = False
    large_print: bool = False


def report_choices(register: Register, controller: str, options: ReportOptions) -> ReportChoices:
    """The choices for one report; WrongUseError if there is no catalogue for its language."""
    own = known_controller(register, controller).language
    language = own if options.language is None else options.language
    if not has_catalogue(language):
        available = ", ".join(languages())
        if options.language is None:
            at = f"{location(register)}: controllers.{controller}.language"
            raise WrongUseError(
                f"{at}: there is no report in {own!r}; use --language with one of {available}"
            )
        raise WrongUseError(f"there is no report in {language!r}; use --language with one of {available}")
    return ReportChoices(language, options.every_row, options.large_print)
