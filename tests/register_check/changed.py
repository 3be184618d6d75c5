"""The small world with one thing changed, and what the check finds."""

from pathlib import Path

from dsar_export.model.finding import Finding
from dsar_export.register_check import check_register
from dsar_export.register_file import read_register
from dsar_export.wiring import build_collectors
from tests.worlds import World


def changed(
    folder: Path,
    *,
    register: tuple[str, str] = ("", ""),
    dataset: tuple[str, str] = ("", ""),
    statement: str = "",
) -> World:
    """One text replaced in a file, or one statement run on the database."""
    made = World(folder / "register")
    assert register[0] in made.register_text
    assert dataset[0] in made.dataset_text
    made.register_text = made.register_text.replace(*register, 1)
    made.dataset_text = made.dataset_text.replace(*dataset, 1)
    made.write([{"text": "PRIVATE"}])
    if statement:
        made.run(statement)
    return made


def findings(world: World) -> list[Finding]:
    register = read_register(world.folder)
    return list(check_register(register, build_collectors(register)))


def told(world: World) -> list[str]:
    """Each finding on a line, with the file's name alone."""
    return [f"{Path(f.where).name}: {f.key}: {f.problem}" for f in findings(world)]
