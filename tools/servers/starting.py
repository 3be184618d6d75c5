"""What the servers of the tests have in common: an ordinary user, a folder of their own, and an end.

A keeper, a few lines of shell, starts a server and then waits for its pipe from the test process to close: the
tests are over, or their process died, of whatever. It stops the server and removes its folder. Databases refuse to
run as root, so root's keeper is `nobody`.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Where Debian puts servers; an ordinary user's path may lack it.
_SERVERS: Final = "/usr/sbin"


@dataclass(frozen=True)
class Account:
    """Who runs the server; without numbers, whoever runs the tests."""

    user: int | None = None
    group: int | None = None

    def start(self, command: Sequence[str | Path], folder: Path) -> "subprocess.Popen[str]":
        """Starts a command in the folder; with no variable of ours, as PGHOST and its like would misguide it."""
        return subprocess.Popen(
            command,
            cwd=folder,
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "LC_ALL": "C",
                "LOCPATH": str(folder / "locales"),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C is for the tests
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else (),
        )

    def runs(self, command: Sequence[str | Path], folder: Path) -> bool:
        try:
            with self.start(command, folder) as process:
                process.communicate()
                return process.returncode == 0
        except OSError:
            return False

    def own(self, folder: Path) -> None:
        """Gives it a folder and all that is in it."""
        if self.user is not None and self.group is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.user, self.group, follow_symlinks=False)


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


@contextmanager
def own_folder(prefix: str, account: Account) -> Iterator[Path]:
    """A folder for a server's keeper, who removes it; removed here where the block fails before there is one."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=temp_folder(account)))
    account.own(folder)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder)
        raise


@contextmanager
def kept(keeper: "subprocess.Popen[str]", server: str) -> Iterator[int]:
    """The port of the server that a keeper has started, until the end of the block."""
    with keeper:
        assert keeper.stdout is not None
        port = keeper.stdout.readline().strip()
        if not port.isdecimal():
            raise RuntimeError(f"{server} did not start: {keeper.stdout.read()}")
        yield int(port)


def found_program(name: str) -> str | None:
    """Where a program of Debian's packages is, if it is installed."""
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{_SERVERS}")


def free_ports(count: int) -> list[int]:
    """Some to choose from: another process may take one in the meantime."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def temp_folder(account: Account) -> Path:
    """The usual one, or the machine's where the account cannot come to the usual one and remove a folder there."""
    usual = Path(tempfile.gettempdir()).resolve()
    reached = all(p.stat().st_mode & 0o001 for p in (usual, *usual.parents)) and usual.stat().st_mode & 0o002
    return usual if account.user is None or reached else Path("/tmp")  # noqa: S108
