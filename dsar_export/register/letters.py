"""Templates of letters, our own or those of the register: what is wrong with them, and filling them in.

A template is plain text with names in braces. Nothing in it is evaluated, and what is filled in is not read again.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from dsar_export.errors import RegisterError, why_unreadable
from dsar_export.language.catalogue import languages, primary_language
from dsar_export.model.finding import Finding
from dsar_export.model.letter import COMPLAINT_TO_US, PLACEHOLDERS, LetterKind, needs_complaint_to_us
from dsar_export.model.register import Register
from dsar_export.register.hints import nearest

FOLDER: Final = "letters"
_ENDING: Final = ".txt"
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_BRACE: Final = re.compile(r"[{}]")
_EMPTY_LINES: Final = re.compile(r"\n(?:[^\S\n]*\n)+")
_BLANKS: Final = {"\n": "\n", "\t": " "}


@dataclass(frozen=True)
class Template:
    """The text of a letter before anything is filled in, and the file that it stands in."""

    file: str
    kind: LetterKind
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def names(self, placeholder: str) -> bool:
        """Whether it has a name in braces."""
        return placeholder in _PLACEHOLDER.findall(self.text)


def template_of(folder: Path, language: str, kind: LetterKind) -> Template:
    """The template for a language: the register's own if there is one; RegisterError if it can't be read."""
    name = f"{kind}{_ENDING}"
    own = folder / FOLDER / primary_language(language) / name
    if own.exists():
        return _own_template(own, kind)
    built_in = files("dsar_export.language") / FOLDER / primary_language(language) / name
    return Template(
        f"{FOLDER}/{primary_language(language)}/{name}", kind, built_in.read_text(encoding="utf-8")
    )


def letter_findings(register: Register) -> Iterator[Finding]:
    """What is wrong with the register's own templates, file by file."""
    found = sorted((register.folder / FOLDER).glob(f"**/*{_ENDING}"))
    for path in found:
        language, kind = path.parent.name, path.stem
        if path.parent.parent != register.folder / FOLDER or language not in languages():
            hint = nearest(language, languages())
            yield Finding(
                str(path), language, f"no letters are written in this language; {hint}; rename the folder"
            )
        elif kind not in list(LetterKind):
            yield Finding(
                str(path), kind, f"there is no such letter; {nearest(kind, LetterKind)}; rename the file"
            )
        else:
            yield from _findings_in(path, LetterKind(kind), register)


def template_findings(template: Template, countries: Collection[str]) -> Iterator[Finding]:
    """What is wrong with one template, for letters of controllers in these countries."""
    if not template.lines[0].strip():
        yield _finding(
            template, 1, "subject", "the first line is empty; write the subject of the letter there"
        )
    if not "".join(template.lines[1:]).strip():
        yield _finding(template, 1, "paragraphs", "there is no text below the subject; write it")
    for number, line in enumerate(template.lines, start=1):
        yield from _line_findings(template, number, line)
    named = set(_PLACEHOLDER.findall(template.text))
    for name in sorted(_needed(template.kind, countries) - named):
        yield _finding(
            template, len(template.lines), name, f"{{{name}}} is missing, and this letter needs it; add it"
        )


def filled(template: Template, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Subject and paragraphs with the values in place; a paragraph about something that is empty is left out."""
    subject, *rest = template.lines
    parts = _EMPTY_LINES.split("\n".join(line.rstrip() for line in rest).strip())
    kept = [part for part in parts if all(values[name].strip() for name in _PLACEHOLDER.findall(part))]
    paragraphs = [each for part in kept for each in _EMPTY_LINES.split(_clean(_filled(part, values)))]
    return " ".join(_clean(_filled(subject, values)).split()), tuple(
        p.strip() for p in paragraphs if p.strip()
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match[1]].strip(), text)


def _clean(text: str) -> str:
    """The text with LF line ends, and without characters that steer a terminal or a mail program."""
    lines = "\n".join(text.splitlines())
    return "".join(_BLANKS.get(c, "" if unicodedata.category(c) in {"Cc", "Cs"} else c) for c in lines)


def _own_template(path: Path, kind: LetterKind) -> Template:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RegisterError(f"{path}: not UTF-8; save it in UTF-8") from None
    except OSError as error:
        raise RegisterError(f"{path}: can't be read ({why_unreadable(error)})") from None
    return Template(str(path), kind, text)


def _findings_in(path: Path, kind: LetterKind, register: Register) -> Iterator[Finding]:
    countries = {controller.country for controller in register.organisation.controllers.values()}
    try:
        yield from template_findings(_own_template(path, kind), countries)
    except RegisterError as error:
        yield Finding(str(path), kind, str(error).removeprefix(f"{path}: "))


def _line_findings(template: Template, number: int, line: str) -> Iterator[Finding]:
    known = PLACEHOLDERS[template.kind].known
    for name in _PLACEHOLDER.findall(line):
        if name not in known:
            problem = f"{{{name}}} is nothing that this letter has; {nearest(name, known)}"
            yield _finding(template, number, name, problem)
    if _BRACE.search(_PLACEHOLDER.sub("", line)):
        problem = (
            "a brace that belongs to no placeholder; one looks like {received}, in small letters; correct it"
        )
        yield _finding(template, number, "braces", problem)


def _needed(kind: LetterKind, countries: Collection[str]) -> frozenset[str]:
    more = {COMPLAINT_TO_US} if any(needs_complaint_to_us(kind, each) for each in countries) else set()
    return PLACEHOLDERS[kind].needed | more


def _finding(template: Template, line: int, key: str, problem: str) -> Finding:
    return Finding(f"{template.file}:{line}", key, problem)
