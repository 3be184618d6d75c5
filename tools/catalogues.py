"""The translation catalogues; `python -m tools.catalogues` updates them from the sources.

It keeps existing translations and guesses nothing: a new text has no translation until somebody writes one.
"""

import ast
import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dsar_export.language.po_file import StableCatalog

ROOT: Final = Path(__file__).parent.parent
FOLDER: Final = ROOT / "dsar_export" / "language" / "catalogues"
LANGUAGES: Final = ("de", "fr")
TRANSLATED_PACKAGES: Final = ("dsar_export", "renderers")
"""The packages with texts for the person."""
MARKS: Final[Mapping[str, int]] = {"phrase": 1, "message": 1, "Message": 1, "Unfit": 1, "plural": 2}
"""The functions that take English texts, with the number of leading arguments that are texts."""
TRANSLATED_IN_SCHEMAS: Final = ("title", "description")

Text = str | tuple[str, str]
"""A text, or its singular and plural forms."""


def report_texts() -> list[Text]:
    """All texts for the person in the sources, in the order of files and lines."""
    files = sorted(file for package in TRANSLATED_PACKAGES for file in (ROOT / package).rglob("*.py"))
    return _once(text for file in files for text in texts_of(file.read_text(encoding="utf-8")))


def texts_of(source: str) -> Iterator[Text]:
    """The literal texts that a source passes to `phrase`, `plural`, `message`, `Message` or `Unfit`.

    Babel's own extraction works on tokens, so it would miss a text inside the arguments of another.
    """
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        forms = [list(_constants(argument)) for argument in call.args[: MARKS.get(name, 0)]]
        yield from zip(*forms, strict=True) if len(forms) == 2 else (text for form in forms for text in form)


def _constants(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.IfExp):
        yield from _constants(argument.body)
        yield from _constants(argument.orelse)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
        yield argument.value
    elif isinstance(argument, ast.JoinedStr | ast.BinOp):
        raise ValueError(
            f"line {argument.lineno}: a concatenated or formatted text can't be translated; use named placeholders"
        )


def schema_texts() -> list[Text]:
    """The titles and descriptions in the built-in schemas, in their order."""
    files = sorted((ROOT / "schemas").glob("*.schema.json"))
    return _once(text for file in files for text in _texts_in(json.loads(file.read_text(encoding="utf-8"))))


def _texts_in(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in TRANSLATED_IN_SCHEMAS and isinstance(value, str):
                yield value
            else:
                yield from _texts_in(value)
    elif isinstance(node, list):
        for each in node:
            yield from _texts_in(each)


def _once(texts: Iterator[Text]) -> list[Text]:
    """Each text once. A text that is also another's singular shares its entry."""
    found = list(dict.fromkeys(texts))
    singulars = {text[0] for text in found if isinstance(text, tuple)}
    return [text for text in found if text not in singulars]


def catalogue(domain: str, language: str) -> Catalog:
    """The catalogue in the repository; an empty one if there is no file."""
    file = kept_file(domain, language)
    if not file.exists():
        return Catalog(language)
    with file.open("rb") as kept:
        return read_po(kept, language, charset="utf-8", abort_invalid=True)


def kept_file(domain: str, language: str) -> Path:
    """The .po file; the .mo file that the product reads is next to it."""
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def updated(domain: str, language: str) -> Catalog:
    """The catalogue with the texts of the sources and the existing translations."""
    kept = catalogue(domain, language)
    made = StableCatalog(language, header_comment=kept.header_comment, fuzzy=False)
    for text in DOMAINS[domain]:
        before = kept.get(text)
        if before is None or isinstance(before.id, str) != isinstance(text, str):
            made.add(text)
        else:
            made.add(text, before.string, flags=before.flags, user_comments=before.user_comments)
    return made


def as_po(catalog: Catalog) -> bytes:
    """The file for translators: each text on one line and without locations, so that it changes only with the texts."""
    file = BytesIO()
    write_po(file, catalog, width=0, no_location=True, ignore_obsolete=True)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The file that the product reads."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


DOMAINS: Final[Mapping[str, list[Text]]] = {"report": report_texts(), "schemas": schema_texts()}


if __name__ == "__main__":
    for language in LANGUAGES:
        for domain in DOMAINS:
            made = updated(domain, language)
            file = kept_file(domain, language)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(as_po(made))
            file.with_suffix(".mo").write_bytes(as_mo(made))
