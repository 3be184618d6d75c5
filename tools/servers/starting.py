"""Starts and stops the tests' servers, each with an ordinary user and a folder of its own.

A keeper, a few lines of shell, starts a server and waits for its pipe from the test process to close, which happens
when the tests are over or their process dies. Then it stops the server and removes the folder. Databases refuse to
run as root, so for root the keeper runs as `nobody`.
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

# Where Debian installs servers; an ordinary user's PATH may lack it.
_SERVERS: Final = "/usr/sbin"


@dataclass(frozen=True)
class Account:
    """The account that runs the server; without ids, the one that runs the tests."""

    user: int | None = None
    group: int | None = None

    def start(self, command: Sequence[str | Path], folder: Path) -> "subprocess.Popen[str]":
        """Starts a command in the folder, without our environment, because variables such as PGHOST would affect it."""
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

    def take_over(self, folder: Path) -> None:
        """Makes the account the owner of a folder and of everything in it."""
        if self.user is not None and self.group is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.user, self.group, follow_symlinks=False)


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


@contextmanager
def server_folder(prefix: str, account: Account) -> Iterator[Path]:
    """A folder for a server's keeper, which removes it; removed here if the block fails before a keeper starts."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=temp_folder(account)))
    account.take_over(folder)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder)
        raise


@contextmanager
def running(keeper: "subprocess.Popen[str]", server: str) -> Iterator[int]:
    """The port of the server that a keeper has started; it stops at the end of the block."""
    with keeper:
        assert keeper.stdout is not None
        port = keeper.stdout.readline().strip()
        if not port.isdecimal():
            raise RuntimeError(f"{server} did not start: {keeper.stdout.read()}")
        yield int(port)


def find_program(name: str) -> str | None:
    """The path of a program from Debian's packages; None if it is not installed."""
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{_SERVERS}")


def free_ports(count: int) -> list[int]:
    """Free ports; several, because another process may take one in the meantime."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def temp_folder(account: Account) -> Path:
    """The usual temporary folder, or /tmp if the account can't remove a folder in the usual one."""
    usual = Path(tempfile.gettempdir()).resolve()
    reached = all(p.stat().st_mode & 0o001 for p in (usual, *usual.parents)) and usual.stat().st_mode & 0o002
    return usual if account.user is None or reached else Path("/tmp")  # noqa: S108
