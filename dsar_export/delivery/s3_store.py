"""Sealed objects in a bucket of S3, or of a server that speaks its language."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store as Bucket

from dsar_export.delivery.object_names import is_object_name, require_object_name
from dsar_export.delivery.s3_place import S3Place
from dsar_export.errors import AlreadyStoredError
from dsar_export.sealing.workspace import writing

_PIECE: Final = 1 << 20
_PART: Final = 5 << 20
"""The smallest part of a multipart upload. At most 10,000 of them make an object: 48 GiB."""
_PARTS_AT_ONCE: Final = 4
_LISTED_AT_ONCE: Final = 1000
_RETRIES: Final = 2
_PATIENCE: Final = timedelta(seconds=10)
_CONNECTED: Final = timedelta(seconds=5)
_ANSWERED: Final = timedelta(seconds=60)
_FAULTS: Final = (BaseError, OSError)
"""What obstore raises; its text has the URL and whatever the server wrote, so it is never shown."""


@dataclass(frozen=True)
class S3Store:
    """An object store in a bucket, below a prefix. See `interfaces.ObjectStore`.

    That an object is written once comes from its name, which no other attempt has: a conditional upload would hold the
    whole object in memory.
    """

    at: S3Place
    bucket: Bucket

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Streams it in parts. If the pieces fail, there is no object; a kill leaves parts that no list shows."""
        require_object_name(name)
        if self._is_there(name):
            raise AlreadyStoredError(f"{name} is stored already; nothing was changed")
        with self._explained():
            upload = obstore.open_writer(self.bucket, name, buffer_size=_PART, max_concurrency=_PARTS_AT_ONCE)
        try:
            for piece in pieces:
                with self._explained():
                    upload.write(piece)
        except BaseException as error:
            with suppress(*_FAULTS):
                upload.__exit__(type(error), error, error.__traceback__)  # which discards what was sent
            raise
        with self._explained():
            upload.close()

    def adopt(self, name: str, file: Path) -> None:
        with writing(file), file.open("rb") as content:
            self.put(name, iter(lambda: content.read(_PIECE), b""))
            file.unlink()

    def read(self, name: str, start: int, length: int) -> bytes:
        require_object_name(name)
        try:
            return obstore.get_range(self.bucket, name, start=start, length=length).to_bytes()
        except FileNotFoundError:
            raise self._missing(name) from None
        except _FAULTS as error:
            if self.at.status_in(error) == "416" and start >= self.size(name):
                return b""  # a server refuses a range that begins at the end
            raise self.at.unusable(error) from None

    def size(self, name: str) -> int:
        require_object_name(name)
        try:
            return obstore.head(self.bucket, name)["size"]
        except FileNotFoundError:
            raise self._missing(name) from None
        except _FAULTS as error:
            raise self.at.unusable(error) from None

    def names(self, prefix: str) -> Sequence[str]:
        folder = prefix.rpartition("/")[0]
        with self._explained():
            pages = list(obstore.list(self.bucket, folder or None, chunk_size=_LISTED_AT_ONCE))
        found = (str(each["path"]) for page in pages for each in page)
        return sorted(name for name in found if name.startswith(prefix) and is_object_name(name))

    def place(self, name: str) -> str:
        require_object_name(name)
        return f"{self.at.address}/{name}"

    def delete(self, name: str) -> None:
        require_object_name(name)
        with self._explained():
            obstore.delete(self.bucket, name)

    def sweep(self, needed: Callable[[str], bool]) -> None:
        """Nothing that a list shows is unfinished; a rule of the bucket removes the parts of a killed upload."""

    def _is_there(self, name: str) -> bool:
        with suppress(FileNotFoundError):
            self.size(name)
            return True
        return False

    def _missing(self, name: str) -> FileNotFoundError:
        """A server answers the same if there is no bucket, which listing it shows."""
        with self._explained():
            next(iter(obstore.list(self.bucket, name, chunk_size=1)), None)
        return FileNotFoundError(f"{name} is not stored")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except _FAULTS as error:
            raise self.at.unusable(error) from None


def open_s3(at: S3Place) -> S3Store:
    """The store at a place, which is not asked yet; WrongUseError if a setting can't be right."""
    at.require_sound()
    login = at.login
    given = {
        "endpoint": login.endpoint,
        "region": login.region,
        "access_key_id": login.access_key_id,
        "secret_access_key": login.secret_access_key,
        "session_token": login.session_token,
    }
    bucket = Bucket(
        at.bucket,
        prefix=at.prefix or None,
        config={name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type] # a TypedDict that can't be imported
        client_options={
            "allow_http": login.allow_http,
            "connect_timeout": _CONNECTED,
            "timeout": _ANSWERED,
        },
        retry_config={"max_retries": _RETRIES, "retry_timeout": _PATIENCE},
        disable_bulk_delete=True,  # some servers lack it, and one object is deleted at a time
    )
    return S3Store(at, bucket)
