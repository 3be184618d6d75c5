"""`dsar-export demo --web`: the example organisation with its pages, until Ctrl-C."""

import os
from pathlib import Path
from typing import Final

from dsar_export.cli import terminal
from dsar_export.cli.commands.serve import become
from dsar_export.demo import demo_person
from dsar_export.demo.office import Colleague, found_office, make_room
from dsar_export.settings import read_settings
from dsar_export.use_cases.services import SilentProgress
from dsar_export.wiring import build_services
from dsar_export.wiring.desk import open_desk

WEB_FOLDER: Final = "web"
_HOST: Final = "127.0.0.1"


def run_demo_web(out: Path, port: int) -> int:
    """Makes the office in a folder of its own, and becomes the process that serves it."""
    folder, person = (out / WEB_FOLDER).resolve(), demo_person((out / "organisation").resolve())
    make_room(folder)
    _set_up(folder, person.register, port)
    desk = open_desk(read_settings())
    made = found_office(folder, desk, build_services(person.register, SilentProgress()), person)
    desk.engine.dispose()
    _show(folder, made, port)
    become(["--demo", str(folder)], workers=1)
    return 0


def _set_up(folder: Path, register: Path, port: int) -> None:
    """No setting of a real installation counts here: neither of the environment nor of a dsar.toml."""
    for name in [each for each in os.environ if each.startswith("DSAR_")]:
        del os.environ[name]
    os.chdir(folder)
    os.environ.update(
        DSAR_REGISTER=str(register),
        DSAR_STATE=str(folder / "state"),
        DSAR_OUTBOX_FOLDER=str(folder / "outbox"),
        DSAR_MAIL_FROM="Example <privacy@example.org>",
        DSAR_WEB_HOST=_HOST,
        DSAR_WEB_PORT=str(port),
        DSAR_WEB_URL=f"http://{_HOST}:{port}",
        DSAR_LOG_FORMAT="console",
    )


def _show(folder: Path, made: tuple[Colleague, ...], port: int) -> None:
    out, url = terminal.out(), f"http://{_HOST}:{port}"
    out.print(f"\nthe pages of the example organisation, until Ctrl-C; everything lies in {folder}\n")
    out.print(f"  1. open   {url}/demo         the codes of now for both colleagues")
    out.print(f"  2. open   {url}/staff        sign in as one of them")
    for each in made:
        out.print(f"            {each.login:<9} password {each.password}")
        out.print(f"            {'':<9} for an app: {each.otpauth}")
    out.print("  3. look   at what waits; as reviewer open the request in review, and approve it")
    out.print(f"  4. open   {url}/demo/outbox  the mail that people would get\n")
