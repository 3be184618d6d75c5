"""Whether the register's own words are translated into every language that its controllers answer in."""

from collections.abc import Iterator, Sequence
from typing import Final

from dsar_export.language.catalogue import has_catalogue, is_tag, primary_language
from dsar_export.language.register_words import answering_in, words_for, words_of
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.register.hints import location
from dsar_export.register.translations import translations_file

_SHOWN: Final = 3


def translation_findings(register: Register) -> Iterator[Finding]:
    """Warnings: one for each language with missing translations, one for each file with texts no longer in use."""
    own = register.organisation.language
    if not is_tag(own):
        problem = f"{own!r} is not the tag of a language, such as en or de-AT; correct it"
        yield Finding(location(register), "language", problem)
    elif register.names_known_sources:
        answered = (
            c.language for c in register.organisation.controllers.values() if has_catalogue(c.language)
        )
        for language in sorted({*map(primary_language, answered)} - {primary_language(own)}):
            yield from _missing(register, language)
    for language in register.translations:
        yield from _unused(register, language)


def _missing(register: Register, language: str) -> Iterator[Finding]:
    """A finding about the texts without a translation that reports in the language show."""
    needed = words_for(register, language)
    kept = register.translations.get(language)
    missing = [text for text in needed if kept is None or text not in kept.words]
    if missing:
        places = _first([needed[text][0] for text in missing])
        answering = ", ".join(answering_in(register, language))
        next_step = f"run dsar-export translations {register.folder} {language}, and translate what is empty"
        if kept is None:
            next_step += (
                f' (or state language = "{language}" in register.toml, if the register is written in it)'
            )
        yield _warning(
            register,
            language,
            "missing",
            f"{len(missing)} of the {len(needed)} texts that reports of {answering} show have no translation: "
            f"{places}; {next_step}",
        )


def _unused(register: Register, language: str) -> Iterator[Finding]:
    """A finding about the entries of a file whose texts the register no longer has."""
    known, lines = words_of(register), register.translations[language].lines
    unused = [line for text, line in lines.items() if text not in known]
    if unused:
        yield _warning(
            register,
            language,
            "unused",
            f"the register no longer has {len(unused)} of its texts, at the lines {_first(unused)}; run dsar-export "
            f"translations {register.folder} {language}, which moves them to the end of the file",
        )


def _warning(register: Register, language: str, key: str, problem: str) -> Finding:
    return Finding(str(translations_file(register.folder, language)), key, problem, warning=True)


def _first(places: Sequence[object]) -> str:
    return ", ".join(map(str, [*places[:_SHOWN], *(["…"] if len(places) > _SHOWN else [])]))
