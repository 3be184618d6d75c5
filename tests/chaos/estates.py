"""What the workers of these tests work on: an installation with its register, its database, and what wakes them."""

import base64
import json
import os
import random
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import psycopg
from pydantic import SecretStr
from sqlalchemy import make_url

from dsar_export.model.people import Grant, Role
from dsar_export.model.register import Register
from dsar_export.requests.database import writing
from dsar_export.requests.people import EVERY_CONTROLLER, grant
from dsar_export.settings import Settings
from dsar_export.use_cases.desk import Desk
from dsar_export.wiring.desk import open_desk
from tests.chaos.child import VARIABLE, Traps
from tests.chaos.forge import Forge, children
from tests.sites import FOUNDED
from tests.use_cases.offices import quick_services, register_in
from tests.worlds import World
from tools.servers.killable import KillableServer, rabbitmq, valkey
from tools.servers.killable_s3 import KillableS3, killable_s3
from tools.servers.pgbouncer import pgbouncer
from tools.servers.postgres import PostgresServer, installed, postgres_server, run
from tools.servers.seaweedfs import BUCKET, S3Server
from tools.servers.starting import server_account

_ROWS: Final = 36
_ROW_BYTES: Final = 160_000
_FOLDERS: Final = ("armed", "met", "kills", "down")


@dataclass
class Estate:
    """An installation; the settings are those of staff, and of workers."""

    name: str
    folder: Path
    settings: Settings
    forge: Forge
    broker: KillableServer | None = None
    restart_database: Callable[[], None] | None = None
    s3: KillableS3 | None = None
    masters: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in _FOLDERS:
            (self.folder / name).mkdir(exist_ok=True)
        folder = self.settings.register_folder
        assert folder is not None
        self.register: Register = quick_services(folder).register
        self.desk: Desk = open_desk(self.settings)
        with writing(self.desk.engine) as connection:
            for role in (Role.AGENT, Role.REVIEWER, Role.AUDITOR):
                grant(connection, Grant(self.desk.person.name, EVERY_CONTROLLER, role, FOUNDED))

    def traps(self, **more: object) -> Traps:
        return Traps(str(self.folder), **more)  # type: ignore[arg-type] # as the test names them

    def arm(self, *names: str) -> None:
        """Lays traps that are used up by the first who meets them."""
        for name in names:
            (self.folder / "armed" / name).touch()

    def start(self, traps: Traps | None = None, processes: int = 1) -> int:
        """Starts a master; returns its process id."""
        environment = {**self._environment(), VARIABLE: (traps or self.traps()).text()}
        master = self.forge.start(environment, self.folder / "workers.log", processes)
        self.masters.append(master)
        return master

    def end(self, master: int) -> None:
        """Kills a master and its workers, if they still run."""
        for process in (*children(master), master):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def journal(self, *kinds: str) -> list[Mapping[str, object]]:
        """What the workers noted, all kinds or only these."""
        file = self.folder / "journal"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        found = [json.loads(line) for line in lines]
        return [entry for entry in found if not kinds or entry["what"] in kinds]

    def _environment(self) -> dict[str, str]:
        settings = self.settings
        found = {
            "DSAR_REGISTER": str(settings.register_folder),
            "DSAR_STATE": str(settings.state),
            "DSAR_DATABASE_URL": settings.database_url or "",
            "DSAR_DRAFT_STORE": settings.draft_store or "",
            "DSAR_PACKAGE_STORE": settings.package_store or str(settings.packages),
            "DSAR_BROKER_URL": "" if settings.broker_url is None else settings.broker_url.get_secret_value(),
        }
        login = {} if self.s3 is None else self.s3.server.variables
        return {**login, **{name: value for name, value in found.items() if value}}


@contextmanager
def estate(
    kind: str, folder: Path, forge: Forge, package_store: Path | None = None, lease: float = 4.0
) -> Iterator[Estate]:
    """An installation of one of `KINDS`, empty."""
    register = register_in(folder / "register") / "register.toml"
    text = register.read_text(encoding="utf-8").replace("four_eyes", "one_person")
    register.write_text(text, encoding="utf-8")
    broker_name, database_name, *_ = kind.split("/")
    with ExitStack() as stack:
        url = restart = broker = s3 = None
        stores: dict[str, object] = {} if package_store is None else {"package_store": str(package_store)}
        if has_s3(kind):
            s3 = stack.enter_context(killable_s3())
            stores = _in_s3(s3.server)
            _make_large(folder / "register")
        if database_name != "SQLite":
            server = stack.enter_context(postgres_server())
            run(server.url, "ALTER SYSTEM SET synchronous_commit = on", "SELECT pg_reload_conf()")
            url = stack.enter_context(server.database("chaos"))
            restart = None if server.folder is None else partial(_restart, server)
            if database_name == "PgBouncer":
                url = stack.enter_context(pgbouncer(url, databases=str(make_url(url).database)))
        if broker_name != "embedded":
            broker = stack.enter_context({"Valkey": valkey, "RabbitMQ": rabbitmq}[broker_name]())
        settings = Settings(
            DSAR_REGISTER=folder / "register",  # type: ignore[call-arg] # its name in the environment
            state=folder / "state",
            database_url=url,
            broker_url=None if broker is None else SecretStr(broker.url),
            **stores,  # type: ignore[arg-type] # by their names
        )
        made = Estate(kind, folder, settings, forge, broker, restart, s3)
        made.desk = replace(made.desk, lease=timedelta(seconds=lease))
        stack.callback(made.desk.engine.dispose)
        yield made


KINDS: Final = (
    "embedded/SQLite",
    "embedded/PostgreSQL",
    "embedded/PgBouncer",
    "Valkey/PostgreSQL",
    "RabbitMQ/PostgreSQL",
    "embedded/PostgreSQL/S3",
)


def has_s3(kind: str) -> bool:
    """Whether Drafts and packages lie in S3."""
    return kind.endswith("/S3")


def _in_s3(server: S3Server) -> dict[str, object]:
    return {
        "draft_store": f"s3://{BUCKET}/drafts",
        "package_store": f"s3://{BUCKET}/packages",
        "s3_endpoint": server.endpoint,
        "s3_access_key_id": SecretStr(server.access_key_id),
        "s3_secret_access_key": SecretStr(server.secret_access_key),
        "s3_allow_http": True,
    }


def _make_large(register: Path) -> None:
    """Adds rows of the person, of noise, so that a dataset takes several pieces of an upload."""
    noise = random.Random(1)  # noqa: S311 - invented data
    texts = (base64.b64encode(noise.randbytes(_ROW_BYTES)).decode() for _ in range(_ROWS))
    World(register).insert("C-1", ({"text": text} for text in texts))


def _restart(server: PostgresServer) -> None:
    """At once, as if its machine had lost power, but for the files."""
    assert server.folder is not None
    program = next(iter(server.folder.glob("copy/*/*/bin/pg_ctl")), installed() / "bin" / "pg_ctl")
    order: list[str | Path] = [program, "restart", "-D", "data", "-m", "immediate", "-s", "-w", "-l", "log"]
    assert server_account().runs(order, server.folder)
    with psycopg.connect(make_url(server.url).set(drivername="postgresql").render_as_string(False)):
        pass


def now() -> datetime:
    return datetime.now(UTC)
