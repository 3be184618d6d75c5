"""`dsar-export serve`."""

import os
import sys
from contextlib import suppress

from dsar_export.errors import DatabaseUnusableError, WrongUseError
from dsar_export.settings import read_settings
from dsar_export.wiring.desk import open_web_desk
from dsar_export.wiring.web_url import web_url_in

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def run_serve(host: str | None, port: int | None) -> int:
    """Becomes the process that answers, so that whoever started this command watches over that."""
    settings = read_settings()
    if settings.register_folder is None:
        raise WrongUseError("no register: name its folder in DSAR_REGISTER")
    if web_url_in(settings) is None and (host or settings.web_host) not in _LOOPBACK:
        raise WrongUseError(
            "DSAR_WEB_URL is missing: only this machine could ask. Set it to where people reach the pages, such as "
            "https://privacy.example.org"
        )
    with suppress(DatabaseUnusableError):  # it may answer later, and until then pages say so
        open_web_desk(settings).engine.dispose()
    chosen = [("--host", host), ("--port", None if port is None else str(port))]
    arguments = [word for name, value in chosen if value is not None for word in (name, value)]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "dsar_export.web", *arguments])  # noqa: S606 # our own module
