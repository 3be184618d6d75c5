"""`request letter`."""

from dataclasses import dataclass
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, register_of, services_of, text_from, zone_of
from dsar_export.cli.progress import shown_progress
from dsar_export.delivery.new_file import refuse_existing_file, write_new_file
from dsar_export.errors import WrongUseError
from dsar_export.language.letter_text import plain_text
from dsar_export.model.letter import LetterKind
from dsar_export.use_cases.letter_matter import Given
from dsar_export.use_cases.letters import LetterOrder, letter_for, letter_kind, mailed_letter
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.moments import moment_of
from dsar_export.wiring import build_letter_renderer


@dataclass(frozen=True)
class Wish:
    """The letter that was asked for, as it was typed."""

    kind: str
    language: str | None
    text_file: str | None
    on: str | None
    pdf: Path | None
    mail: bool


def run_letter(register: Path | None, reference: str, wish: Wish, *, as_json: bool) -> int:
    """Prints the letter, draws it into a new file, or puts it into the outbox."""
    kind, pdf = letter_kind(wish.kind), wish.pdf
    if pdf is not None and wish.mail:
        raise WrongUseError("name one of --pdf and --mail")
    if pdf is not None:
        refuse_existing_file(pdf)
    at_work, read = desk(), register_of(register)
    controller = request_file(at_work, reference).request.listed.controller
    moment = moment_of(wish.on, zone_of(read, controller))
    day = None if moment is None else moment.astimezone(zone_of(read, controller)).date()
    asks = kind is LetterKind.QUESTION or wish.text_file is not None
    given = Given(text_from(wish.text_file, "question") if asks else None, day)
    order = LetterOrder(kind, wish.language, given)
    if wish.mail:
        with shown_progress() as progress:
            letter = mailed_letter(at_work, services_of(register, progress), reference, order)
        terminal.err().print("The letter waits in the outbox; `mail send` sends it.")
    else:
        letter = letter_for(at_work, read, reference, order)
    if pdf is not None:
        write_new_file(pdf, build_letter_renderer().render(letter))
    if as_json:
        shown = {"kind": letter.kind, "language": letter.language, "subject": letter.subject}
        terminal.print_json({**shown, "paragraphs": letter.paragraphs})
    elif pdf is None:
        terminal.out().print(plain_text(letter), end="")
    else:
        terminal.print_facts([("letter", str(pdf))])
    return 0
