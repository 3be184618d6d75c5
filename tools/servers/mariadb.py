"""A real MariaDB for tests: from Debian's package `mariadb-server`, or the server at TEST_MARIADB_URL."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tools.servers.starting import find_program, free_ports, running, server_account, server_folder

FOLDER_PREFIX: Final = "dsar-mariadb-"
MISSING: Final = (
    "this machine has no MariaDB: apt-get install mariadb-server, or set TEST_MARIADB_URL to mariadb://… with an "
    "account that may create databases and accounts"
)
_ADMIN: Final = "tester"
_SETTINGS: Final = (
    "--bind-address=127.0.0.1",
    "--skip-networking=0",
    "--skip-name-resolve",  # clients are known by address, which `@'%'` matches
    "--socket=socket",  # next to the data, where no other user has access
    "--pid-file=pid",
    "--default-time-zone=+00:00",
    "--innodb-flush-log-at-trx-commit=0",  # test data need not survive a crash of the machine
    "--innodb-flush-method=nosync",
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=32M",
    "--skip-log-bin",
)
_KEEPER: Final = """
install=$1 server=$2 ports=$3; shift 3
trap '' PIPE
started= running= looked=0
# A starting server clears its temporary folder, even of files that another installation is using.
TMPDIR=$PWD "$install" --no-defaults --datadir="$PWD/data" --skip-test-db --skip-name-resolve >log 2>&1 || ports=
for port in $ports; do
    "$server" --no-defaults --datadir="$PWD/data" --tmpdir="$PWD" --init-file="$PWD/accounts" --port="$port" \
        "$@" >log.server 2>&1 </dev/null &
    running=$!
    while kill -0 $running 2>/dev/null && [ $((looked += 1)) -lt 1200 ]; do
        grep -q 'ready for connections' log.server && { started=$port; break 2; }
        sleep 0.05
    done
    cat log.server >>log
done
if [ "$started" ]; then echo "$started"; read -r _; else echo failed; cat log; fi
[ "$running" ] && kill -KILL "$running" 2>/dev/null && wait "$running" 2>/dev/null
rm -rf "$PWD"
"""


@contextmanager
def mariadb_server() -> Iterator[str]:
    """The URL of a server that runs until the end of the block, or TEST_MARIADB_URL; skips the test without either."""
    if given := os.environ.get("TEST_MARIADB_URL"):
        yield given
        return
    installer, program = find_program("mariadb-install-db"), find_program("mariadbd")
    if installer is None or program is None:
        pytest.skip(MISSING)
    account = server_account()
    password = secrets.token_hex(8)
    with server_folder(FOLDER_PREFIX, account) as folder:
        (folder / "accounts").write_text(_accounts(password), encoding="utf-8")
        account.take_over(folder)
        ports = " ".join(map(str, free_ports(3)))
        command: list[str | Path] = ["sh", "-c", _KEEPER, "keeper", installer, program, ports, *_SETTINGS]
        keeper = account.start(command, folder)
    with running(keeper, "MariaDB") as port:
        yield f"mariadb://{_ADMIN}:{password}@127.0.0.1:{port}"


def _accounts(password: str) -> str:
    """The statements that the server runs at its start, one a line."""
    return (
        f"CREATE USER {_ADMIN}@'%' IDENTIFIED BY '{password}';\n"
        f"GRANT ALL PRIVILEGES ON *.* TO {_ADMIN}@'%' WITH GRANT OPTION;\n"
    )
