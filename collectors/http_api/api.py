"""An HTTP API as a source."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from collectors.http_api.asking import Asking, Limits, Patience, Question
from collectors.http_api.credentials import Credentials
from collectors.http_api.hosts import Hosts, PinnedNetwork, RefusedAddressError, Resolve, resolved
from collectors.http_api.parts import ApiRows
from collectors.http_api.snapshot import ApiSnapshot
from collectors.http_api.source_part import ApiSource
from dsar_export.errors import RegisterError
from dsar_export.model.column_names import column_names
from dsar_export.model.place import At, LinkAt
from dsar_export.model.register import Source
from dsar_export.model.source import SourceDescription, Table


class HttpApi:
    """A source of kind `http_api`. Its url is the address below which everything is asked."""

    dataset_part = ApiRows
    link_part = ApiRows
    source_part = ApiSource

    def __init__(
        self,
        name: str,
        source: Source,
        folder: Path,
        patience: Patience = Patience(),  # noqa: B008 - it is frozen
        resolve: Resolve = resolved,
    ) -> None:
        self._name = name
        self._at = source.at if isinstance(source.at, ApiSource) else ApiSource()
        self._folder = folder
        self._limits = Limits(source.timeout, self._at.largest_answer)
        self._patience = patience
        self._resolve = resolve
        self._hosts = _hosts(name, source.url, self._at)
        self._open: set[Asking] = set()

    def describe(self) -> SourceDescription:
        """Whether the API answers, if the register names a `probe`; what it has, only the register says."""
        return self.describe_parts(())

    def describe_parts(self, parts: Sequence[At | LinkAt]) -> SourceDescription:
        """A table for each part of the register, with the columns that it declares."""
        self._probe()
        named: dict[str, ApiRows] = {}
        for part in parts:
            if isinstance(part, ApiRows) and named.setdefault(part.table, part).held != part.held:
                raise RegisterError(
                    f"source {self._name!r}: {part.table!r} has other columns in another place; name it differently"
                )
        tables = [Table(n, p.held, (frozenset(column_names(p.id)),)) for n, p in named.items()]
        return SourceDescription(tuple(tables), typed=False)

    @contextmanager
    def snapshot(self) -> Iterator[ApiSnapshot]:
        """Asks nothing yet."""
        with self._asked() as asking:
            yield ApiSnapshot(asking, self._at.most_pages)

    def cancel(self) -> None:
        """Ends all questions that wait for an answer."""
        for asking in self._open.copy():
            asking.cancel()

    def _probe(self) -> None:
        if self._at.probe is not None:
            with self._asked() as asking:
                asking.ask(Question(self._hosts.absolute(self._at.probe)), "the probe")

    @contextmanager
    def _asked(self) -> Iterator[Asking]:
        asking = Asking(
            self._name,
            self._hosts,
            PinnedNetwork(self._at.private, self._resolve),
            Credentials(self._name, self._at.auth, self._folder),
            self._at.headers,
            self._limits,
            self._patience,
        )
        self._open.add(asking)
        try:
            yield asking
        finally:
            self._open.discard(asking)
            asking.close()


def _hosts(name: str, url: str, at: ApiSource) -> Hosts:
    try:
        hosts = Hosts(urlsplit(url.rstrip("/")), frozenset(at.hosts))
        hosts.allowed(url)
    except (RefusedAddressError, ValueError) as error:
        reason = error if isinstance(error, RefusedAddressError) else "it is no address"
        raise RegisterError(f"sources.{name}.url: {reason}; expected https://HOST/PATH") from None
    if hosts.base.query or hosts.base.fragment:
        raise RegisterError(
            f"sources.{name}.url: drop what follows ? or #; parameters belong to the datasets"
        )
    return hosts
