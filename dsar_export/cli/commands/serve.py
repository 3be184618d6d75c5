"""`dsar-export serve`."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from dsar_export.cli import terminal
from dsar_export.errors import DatabaseUnusableError, WrongUseError
from dsar_export.settings import Settings, read_settings
from dsar_export.use_cases.accounts import is_any_account
from dsar_export.wiring.desk import open_web_desk
from dsar_export.wiring.mail import mail_way
from dsar_export.wiring.web_url import web_url_in

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_STAFF: Final = "/staff"


def run_serve(host: str | None, port: int | None, workers: int | None) -> int:
    """Becomes the process that answers, so that whoever started this command watches over that."""
    settings = read_settings()
    if settings.register_folder is None:
        raise WrongUseError("no register: name its folder in DSAR_REGISTER")
    if web_url_in(settings) is None and (host or settings.web_host) not in _LOOPBACK:
        raise WrongUseError(
            "DSAR_WEB_URL is missing: only this machine could ask. Set it to where people reach the pages, such as "
            "https://privacy.example.org"
        )
    given = {"web_host": host, "web_port": port}
    chosen = settings.model_copy(update={name: value for name, value in given.items() if value is not None})
    count = workers if workers is not None else 1 if settings.broker_url is None else 0
    for line in _where_to_look(chosen, count, may_sign_in=_may_sign_in(settings)):
        terminal.out().print(line)
    options = [("--host", host), ("--port", None if port is None else str(port))]
    become([word for name, value in options if value is not None for word in (name, value)], count)
    return 0


def become(arguments: list[str], workers: int) -> None:
    """Becomes the pages, or the process that watches over them and over workers."""
    module = ["dsar_export.cli.side_by_side", str(workers)] if workers else ["dsar_export.web"]
    os.environ.setdefault("dramatiq_queue_prefetch", "1")  # as for workers of their own
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", *module, *arguments])  # noqa: S606 # our own modules


def _may_sign_in(settings: Settings) -> bool:
    with suppress(DatabaseUnusableError):  # it may answer later, and until then pages say so
        desk = open_web_desk(settings)
        try:
            return is_any_account(desk)
        finally:
            desk.engine.dispose()
    return True


def _where_to_look(settings: Settings, workers: int, *, may_sign_in: bool) -> Iterator[str]:
    url = web_url_in(settings) or _own_url(settings)
    if "/" in url.partition("://")[2]:
        yield f"pages of links  {url} (a path: pages of staff are not served)"
    else:
        yield f"pages of staff  {url}{_STAFF}"
    yield f"workers         {workers or 'none here: start them with `dsar-export worker`'}"
    if not may_sign_in:
        yield "no account yet  make one: `dsar-export people account NAME`"
    yield f"mail            {_mail(settings)}"


def _mail(settings: Settings) -> str:
    try:
        way = mail_way(settings)
    except WrongUseError as error:  # pages and workers need none
        return f"can't be sent: {error}"
    if way is None:
        return "waits, as no mail server is set: DSAR_SMTP_URL and DSAR_MAIL_FROM"
    return f"sent by the workers; {way}"


def _own_url(settings: Settings) -> str:
    host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
    return f"http://{host}:{settings.web_port or '(the port in the log)'}"
