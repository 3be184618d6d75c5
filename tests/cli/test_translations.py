"""`dsar-export translations`: the file for translators, and how much of it is left to translate."""

from pathlib import Path

from tests.cli.commands import dsar
from tests.worlds import World


def test_the_command_writes_the_file_and_counts_what_is_left(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([])
    file = world.folder / "translations" / "de.po"

    first = dsar("translations", world.folder, "de", "--json")
    file.write_text(
        file.read_text(encoding="utf-8").replace('"Service"\nmsgstr ""', '"Service"\nmsgstr "Dienst"')
    )
    again = dsar("translations", world.folder, "de")

    assert (first.code, again.code) == (0, 0)
    assert first.json == {"file": str(file), "texts": 10, "missing": 10, "optional": 0, "unused": 0}
    assert [line.split() for line in again.out.splitlines()] == [
        ["file", str(file)],
        ["texts", "10"],
        ["missing", "9"],
        ["optional", "0"],
        ["unused", "0"],
    ]
    assert (first.err, again.err) == ("", "")


def test_a_language_without_reports_is_refused(tmp_path: Path) -> None:
    done = dsar("translations", World(tmp_path / "register").write([]).folder, "nl")

    assert done.code == 2
    assert done.err == "dsar-export: reports are not available in 'nl'; choose one of de, en, fr\n"


def test_a_malformed_file_is_left_as_it_is(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([])
    (world.folder / "translations").mkdir()
    (world.folder / "translations" / "de.po").write_text('msgid "Service\n', encoding="utf-8")

    done = dsar("translations", world.folder, "de")

    assert done.code == 2
    assert "de.po:1: expected msgid or msgstr" in done.err
    assert (world.folder / "translations" / "de.po").read_text(encoding="utf-8") == 'msgid "Service\n'
