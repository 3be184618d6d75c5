"""A letter as plain text, for the terminal and for mail."""

from dsar_export.language.catalogue import texts
from dsar_export.language.letter_words import reference_line
from dsar_export.model.letter import Letter


def plain_text(letter: Letter) -> str:
    """The whole letter, its parts separated by empty lines; ends with a line end."""
    head = f"{letter.date}\n{reference_line(letter, texts(letter.language))}"
    parts = ("\n".join(letter.sender), head, letter.subject, *letter.paragraphs)
    return "\n\n".join(parts) + "\n"
