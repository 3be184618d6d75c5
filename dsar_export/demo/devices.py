"""Devices, the accounts that used them and when, and visits to the website."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from dsar_export.demo.canaries import cookie_canary, secret_canary
from dsar_export.demo.companies import GB
from dsar_export.demo.customers import Customer, active
from dsar_export.demo.lookalikes import HOUSEHOLD_TABLET, SHARED_DEVICE
from dsar_export.demo.rows import Row

_FIRST_VISIT: Final = datetime(2024, 3, 1, tzinfo=UTC)
_LAST_DAY: Final = datetime(2026, 10, 20, tzinfo=UTC)
_HANDED_ON: Final = datetime(2024, 6, 15, 12, tzinfo=UTC)
_SECOND_DEVICE: Final = (datetime(2024, 1, 8, tzinfo=UTC), datetime(2025, 6, 30, tzinfo=UTC))
_DEVICES_OF_TWO_PEOPLE: Final = {
    HOUSEHOLD_TABLET.first: ("D-TABLET", datetime(2023, 2, 1, tzinfo=UTC), _HANDED_ON),
    HOUSEHOLD_TABLET.second: ("D-TABLET", _HANDED_ON, None),
    SHARED_DEVICE.first: ("D-SHARED", datetime(2024, 1, 1, tzinfo=UTC), None),
    SHARED_DEVICE.second: ("D-SHARED", datetime(2024, 3, 1, tzinfo=UTC), None),
}
# Make, model, system, browser, version of the app; the second is the model of the devices of two people.
_MODELS: Final = (
    ("Example Phones", "Summit 7", "Android 15", "Firefox 143.0", None),
    ("Example Phones", "Slate 10", "Android 14", None, "5.2.0"),
    ("Sample Computers", "Ridge 14", "Windows 11", "Edge 140.0", None),
    ("Sample Computers", "Pocket 3", "iOS 18", None, "5.1.3"),
)
_AGENTS: Final = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1",
    None,
)
_LANDINGS: Final = {
    "en": ("/", "/tents", "/boots", "/sale"),
    "fr": ("/fr/", "/fr/tentes", "/fr/chaussures"),
    "de": ("/de/", "/de/zelte", "/de/wanderschuhe"),
}
_CONSENTS: Final = ("necessary", "statistics", "marketing", "all", "unanswered")


@dataclass(frozen=True)
class DeviceUse:
    """A device and an account that used it; `until` is exclusive."""

    customer: Customer
    device_id: str
    since: datetime
    until: datetime | None
    cookie_id: str | None = None

    @property
    def account_id(self) -> str:
        return self.customer.account_ids[0]

    @property
    def last(self) -> datetime:
        """The last moment at which the account was seen on the device."""
        return (self.until or _LAST_DAY) - timedelta(minutes=5)


def make_device_uses(customers: Sequence[Customer]) -> tuple[DeviceUse, ...]:
    """A device for every current customer, a second one that some gave away, and the devices of two people."""
    uses = []
    for customer in active(customers):
        account = customer.account_ids[0]
        since = datetime.combine(customer.since, time(10), UTC)
        uses.append(DeviceUse(customer, f"D-{account}", since, None, f"K-{account}"))
        if customer.person.number % 3 == 1:
            uses.append(DeviceUse(customer, f"D-{account}-b", *_SECOND_DEVICE))
        if customer.company is GB and customer.person.number in _DEVICES_OF_TWO_PEOPLE:
            uses.append(DeviceUse(customer, *_DEVICES_OF_TWO_PEOPLE[customer.person.number]))
    return tuple(uses)


def device_account_rows(uses: Iterable[DeviceUse]) -> Iterator[Row]:
    """The account of each device, with times in UTC that do not name a zone."""
    for use in uses:
        yield use.device_id, use.account_id, _utc(use.since), None if use.until is None else _utc(use.until)


def device_rows(uses: Iterable[DeviceUse], rng: random.Random) -> Iterator[Row]:
    """One row for each use of a device, with the canary of the person who used it."""
    for number, use in enumerate(uses, start=1):
        shared = use.device_id in {"D-TABLET", "D-SHARED"}
        make, model, system, browser, app_version = _MODELS[1] if shared else rng.choice(_MODELS)
        yield (
            number,
            use.device_id,
            use.account_id,
            make,
            f"{model} ({use.customer.mark('devices')})",
            system,
            browser,
            rng.choice(use.customer.person.ip_addresses),
            _utc(use.since + timedelta(minutes=rng.randrange(1, 60))),
            _utc(use.last),
            app_version,
            f"push-{secret_canary(use.customer.person.number)}-{number}",
        )


def web_session_rows(uses: Iterable[DeviceUse], rng: random.Random) -> Iterator[Row]:
    """Visits on each device, and for some people one without a login, which only the cookie identifies."""
    visit = 0
    for use in uses:
        customer = use.customer
        mark = customer.mark("web_sessions")
        for _ in range(8 if customer.is_demo_person else 2):
            visit += 1
            yield _visit(visit, use, (use.cookie_id, use.device_id, use.account_id), mark, rng)
        if use.cookie_id is not None and customer.person.number % 4 == 1:
            visit += 1
            mark = cookie_canary(customer.person.number, customer.company.code)
            yield _visit(visit, use, (use.cookie_id, None, None), mark, rng)


def _visit(number: int, use: DeviceUse, ids: tuple[str | None, ...], mark: str, rng: random.Random) -> Row:
    first = max(use.since, _FIRST_VISIT).timestamp()
    started = rng.randrange(int(first) + 3600, int(use.last.timestamp()) - 3600)
    landing = rng.choice(_LANDINGS[use.customer.company.language])
    return (
        number,
        *ids,
        started,
        started + rng.randrange(10, 3000),
        f"{landing}?from={mark}",
        rng.choice((None, "https://search.example/", "https://blog.example/best-tents")),
        rng.choice(use.customer.person.ip_addresses),
        rng.choice(_AGENTS),
        rng.randrange(1, 30),
        rng.choice(_CONSENTS),
        f"session-{secret_canary(use.customer.person.number)}-{rng.getrandbits(64):016x}",
    )


def _utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")
