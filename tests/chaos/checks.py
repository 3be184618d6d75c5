"""What must hold at the end, whatever happened: each request has one package that counts, and nothing else is left."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pika
from redis import Redis

from dsar_export.requests import trail
from dsar_export.requests.database import reading
from dsar_export.requests.packages import packages_of
from dsar_export.requests.states import State
from dsar_export.use_cases.reveal import revealed
from dsar_export.use_cases.sweep import sweep
from dsar_export.wiring.brokers import HEAVY_QUEUE, QUEUE
from tests.chaos.driver import Driver
from tests.chaos.estates import Estate
from tests.readers import read_by_seven_zip
from tests.use_cases.offices import MARKERS, SAM


def delivered(driver: Driver) -> int:
    """Checks all and returns how many packages there are. Workers have ended."""
    estate, desk = driver.estate, driver.estate.desk
    with reading(desk.engine) as connection:
        assert trail.verify(connection, desk.keys.trail, desk.anchor).passed
        published = packages_of(connection, driver.references)
    rows = {reference: driver.row(reference) for reference in driver.references}
    assert Counter(row.state for row in rows.values()) == {State.AVAILABLE: len(driver.references)}
    sweep(desk)
    for reference, row in rows.items():
        assert Counter(p.right for p in published[reference]) == Counter(row.rights), reference
        folders = {"/".join(name.split("/")[:2]) for name in desk.drafts.names(f"{reference}/")}
        assert folders == {"/".join(str(row.draft).split("/")[:2])}, reference
    named = {package.file for each in published.values() for package in each}
    folder = estate.settings.packages
    files = {str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file()}
    assert (files, set(desk.packages.names(""))) == (set() if estate.s3 else named, named)
    secrets = [_opened(driver, reference, [p.file for p in published[reference]]) for reference in rows]
    assert found_in(estate, *MARKERS, *secrets) == []
    return len(named)


def _opened(driver: Driver, reference: str, files: list[str | None]) -> str:
    """The passphrase that opens each package; it is revealed once."""
    store = driver.estate.desk.packages
    with revealed(driver.estate.desk, reference) as passphrase, TemporaryDirectory() as folder:
        for name in map(str, files):
            package = Path(folder) / name
            package.write_bytes(store.read(name, 0, store.size(name)))
            members = read_by_seven_zip(package, passphrase)
            assert members["data/json/records.json"].count(SAM.encode()) == 2
    return passphrase


def found_in(estate: Estate, *markers: str) -> list[tuple[str, str]]:
    """Where a marker lies in clear: in files of the state, logs, and whatever a broker holds."""
    places = {str(f): f.read_bytes() for f in _files(estate)} | dict(enumerate(_held(estate)))
    return [
        (str(where), marker)
        for where, held in places.items()
        for marker in markers
        if marker.encode() in held
    ]


def _files(estate: Estate) -> Iterator[Path]:
    yield from (f for f in estate.settings.state.rglob("*") if f.is_file())
    yield from (f for f in estate.folder.iterdir() if f.is_file())
    yield from () if estate.s3 is None else estate.s3.stored()


def _held(estate: Estate) -> Iterator[bytes]:
    """All that the broker holds: keys with their values, or messages, dead letters too."""
    broker = estate.broker
    if broker is None:
        return
    if broker.url.startswith("redis"):
        client = Redis.from_url(broker.url)
        for key in client.scan_iter():
            yield key
            yield client.dump(key) or b""
            kind = client.type(key)
            if kind == b"hash":
                yield repr(client.hgetall(key)).encode()
            elif kind == b"list":
                yield repr(client.lrange(key, 0, -1)).encode()
        client.close()
        return
    connection = pika.BlockingConnection(pika.URLParameters(broker.url))
    for queue in (QUEUE, HEAVY_QUEUE):
        for name in (queue, f"{queue}.DQ", f"{queue}.XQ"):
            channel = connection.channel()
            try:
                while (message := channel.basic_get(name, auto_ack=True))[0] is not None:
                    yield repr(message).encode()
            except pika.exceptions.ChannelClosedByBroker:  # such a queue was never declared
                continue
    connection.close()
