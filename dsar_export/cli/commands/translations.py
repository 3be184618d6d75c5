"""`dsar-export translations`: writes the file with the translations of a register's words into a language."""

from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.register.translations import update_translations
from dsar_export.wiring import register_in


def run_translations(folder: Path, language: str, *, as_json: bool) -> int:
    """Adds new texts, keeps what is translated, and says how much is left to translate."""
    made = update_translations(register_in(folder), language)
    counts = {
        "texts": made.texts,
        "missing": made.missing,
        "optional": made.optional,
        "unused": made.unused,
    }
    if as_json:
        terminal.print_json({"file": str(made.file), **counts})
    else:
        facts = [(name, f"{n:,}") for name, n in counts.items()]
        terminal.print_facts([("file", str(made.file)), *facts])
    return ExitCode.DONE
