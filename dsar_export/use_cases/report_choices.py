"""How a report is wanted, and what becomes of the wish."""

from dataclasses import dataclass

from dsar_export.errors import WrongUseError
from dsar_export.language.catalogue import has_catalogue, languages
from dsar_export.model.package import ReportChoices
from dsar_export.model.register import Register
from dsar_export.register.hints import location
from dsar_export.use_cases.services import known_controller


@dataclass(frozen=True)
class ReportWish:
    """What was asked for; without a language it is the controller's."""

    language: str | None = None
    every_row: bool = False
    large_print: bool = False


def report_choices(register: Register, controller: str, wish: ReportWish) -> ReportChoices:
    """The choices of one report; WrongUseError where nobody can tell it in the language."""
    own = known_controller(register, controller).language
    language = own if wish.language is None else wish.language
    if not has_catalogue(language):
        told = ", ".join(languages())
        if wish.language is None:
            at = f"{location(register)}: controllers.{controller}.language"
            raise WrongUseError(f"{at}: no report can be told in {own!r}; say --language with one of {told}")
        raise WrongUseError(f"no report can be told in {language!r}; say --language with one of {told}")
    return ReportChoices(language, wish.every_row, wish.large_print)
