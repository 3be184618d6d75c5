"""A real PgBouncer in front of the tests' PostgreSQL, from Debian's package `pgbouncer`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import URL, make_url

from tools.servers.starting import find_program, free_ports, running, server_account, server_folder

FOLDER_PREFIX: Final = "dsar-pgbouncer-"
MISSING: Final = "this machine has no PgBouncer: apt-get install pgbouncer"
_KEEPER: Final = """
pooler=$1 ports=$2
trap '' PIPE
started= running= looked=0
for port in $ports; do
    sed "s/^listen_port = .*/listen_port = $port/" settings >pgbouncer.ini
    "$pooler" pgbouncer.ini >log.pooler 2>&1 </dev/null &
    running=$!
    while kill -0 $running 2>/dev/null && [ $((looked += 1)) -lt 1200 ]; do
        grep -q 'process up' log.pooler && { started=$port; break 2; }
        sleep 0.05
    done
    cat log.pooler >>log
done
if [ "$started" ]; then echo "$started"; read -r _; else echo failed; cat log; fi
[ "$running" ] && kill -KILL "$running" 2>/dev/null && wait "$running" 2>/dev/null
rm -rf "$PWD"
"""


@contextmanager
def pgbouncer(
    server_url: str,
    *,
    pool_mode: str = "transaction",
    ignore_startup_parameters: str = "",
    databases: str = "*",
    **more: str,
) -> Iterator[str]:
    """The URL of a pooler for the database and role of another URL; skips the test if PgBouncer is not installed.

    `databases` is the name of the only database, or * for all; `more` are further settings.
    """
    program = find_program("pgbouncer")
    if program is None:
        pytest.skip(MISSING)
    url = make_url(server_url)
    settings = {"pool_mode": pool_mode, "ignore_startup_parameters": ignore_startup_parameters, **more}
    account = server_account()
    with server_folder(FOLDER_PREFIX, account) as folder:
        (folder / "settings").write_text(_settings(url, databases, settings), encoding="utf-8")
        (folder / "accounts").write_text(f'"{url.username}" "{url.password}"\n', encoding="utf-8")
        account.take_over(folder)
        ports = " ".join(map(str, free_ports(3)))
        command: list[str | Path] = ["sh", "-c", _KEEPER, "keeper", program, ports]
        keeper = account.start(command, folder)
    with running(keeper, "PgBouncer") as port:
        yield url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)


def _settings(url: URL, databases: str, settings: Mapping[str, str]) -> str:
    values = {
        "listen_addr": "127.0.0.1",
        "listen_port": "the keeper's choice",
        "unix_socket_dir": "",
        "auth_type": "scram-sha-256",
        "auth_file": "accounts",
        **settings,
    }
    lines = "".join(f"{name} = {value}\n" for name, value in values.items())
    return f"[databases]\n{databases} = host={url.host} port={url.port or 5432}\n[pgbouncer]\n{lines}"
