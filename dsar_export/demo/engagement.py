"""Usage events on the website and in the app, and email events of newsletters."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from dsar_export.demo.customers import Customer, active
from dsar_export.demo.hostile_text import HOSTILE_TEXTS, hostile
from dsar_export.demo.lookalikes import RECYCLED_EMAIL
from dsar_export.demo.people import DEMO_PERSON, letter_cases
from dsar_export.demo.rows import Row

# Editions from before the GDPR, from the time when one of the addresses was another person's, and recent ones.
CAMPAIGNS: Final = tuple(
    (f"news-{year}-{month:02}", f"Outdoor news {month}/{year}", f"{year}-{month:02}-03")
    for year, months in (
        (2018, range(2, 5)),
        (2022, range(4, 10)),
        (2024, range(1, 13)),
        (2025, range(1, 13)),
    )
    for month in months
)
_LATE_CAMPAIGNS: Final = 24
_FIRST_EVENT: Final = datetime(2023, 11, 6, 6, 0, 0, tzinfo=UTC)
_LAST_EVENT: Final = datetime(2026, 10, 30, 22, 0, 0, tzinfo=UTC)
_EVENTS_OF_OTHERS: Final = 4

# The length of each list is a power of two, so that one random number chooses from all of them.
_REFERRERS: Final = (None, None, "https://search.example/?q=tent", "https://blog.example/best-tents")
_DEVICES: Final = (
    ("Phone (Android 15)", "Firefox 143.0"),
    ("Phone (iOS 18)", "Mobile Safari 18.1"),
    ("Laptop (Windows 11)", "Edge 140.0"),
    (None, None),
)
_VISITS: Final = tuple(
    (event, path, None if details is None else json.dumps(details, ensure_ascii=False))
    for event, path, details in (
        ("login", "/login", {"method": "form"}),
        ("page_view", "/", None),
        ("page_view", "/tents", None),
        ("page_view", "/boots", None),
        ("page_view", "/help/returns", None),
        ("search", "/search", {"words": "two-person tent", "found": 12}),
        ("search", "/search", {"words": HOSTILE_TEXTS[0], "found": 0}),
        ("search", "/search", {"words": HOSTILE_TEXTS[5], "filters": ["down", "\u2264 200"]}),
        ("product_view", "/p/TNT-002", {"sku": "TNT-002", "price": "189.00"}),
        ("product_view", "/p/MUG-001", {"sku": "MUG-001", "price": "12.50"}),
        ("product_view", "/p/BOT-042", {"sku": "BOT-042", "size": 42, "in_stock": True}),
        ("add_to_basket", "/basket", {"sku": "BOT-042", "quantity": 1}),
        ("remove_from_basket", "/basket", {"sku": "BOT-042", "quantity": 1}),
        ("checkout", "/checkout", {"step": 1, "coupon": None}),
        ("checkout", "/checkout", {"step": 2, "coupon": HOSTILE_TEXTS[7]}),
        ("settings_change", "/settings", {"newsletter": {"before": False, "after": True}}),
    )
)


def usage_event_rows(customers: Sequence[Customer], events: int, rng: random.Random) -> Iterator[Row]:
    """`events` events of the demo person, mixed with a few of everybody else; never all in memory."""
    (demo_person,) = (c for c in customers if c.is_demo_person)
    others = [c for c in active(customers) if c is not demo_person for _ in range(_EVENTS_OF_OTHERS)]
    rng.shuffle(others)
    total = events + len(others)
    first_ms, last_ms = (int(at.timestamp()) * 1000 for at in (_FIRST_EVENT, _LAST_EVENT))
    mine = _visitor(demo_person)
    theirs = [_visitor(customer) for customer in others]
    placed = 0
    for index in range(total):
        # The others are spread evenly: the one at `placed` comes when its share of the time has passed.
        account_id, mark, country, ip_addresses = mine
        if placed < len(theirs) and placed * total <= index * len(theirs):
            account_id, mark, country, ip_addresses = theirs[placed]
            placed += 1
        dice = rng.getrandbits(32)
        event, path, details = _VISITS[dice & 15]
        device, browser = _DEVICES[dice >> 4 & 3]
        yield (
            index + 1,
            account_id,
            first_ms + (last_ms - first_ms) * index // total,
            event,
            path + mark,
            _REFERRERS[dice >> 6 & 3],
            device,
            browser,
            ip_addresses[dice >> 8 & 3],
            country if dice >> 10 & 7 else None,
            dice >> 16 if dice >> 13 & 7 else None,
            details,
        )


def _visitor(customer: Customer) -> tuple[str, str, str, tuple[str, ...]]:
    """The values that all events of a customer have in common."""
    mark = f"?from={customer.mark('usage_events')}"
    return customer.account_ids[0], mark, customer.company.code, customer.person.ip_addresses


def email_event_rows(customers: Sequence[Customer], rng: random.Random) -> Iterator[Row]:
    """The events of each newsletter; the canary is in the campaign's name."""
    event_id = 0
    for index, (code, _, sent_on) in enumerate(CAMPAIGNS):
        sent_at = datetime.fromisoformat(f"{sent_on}T06:00:00+00:00")
        for customer in active(customers):
            if customer.since >= sent_at.date() or not _reads(customer, index):
                continue
            campaign = f"{code} {customer.mark('email_events')}"
            email = customer.email_at(sent_at)
            for event, row in _one_newsletter(customer, sent_at, rng):
                event_id += 1
                # The mail service writes the address as it was typed this time.
                address = rng.choice(letter_cases(email))
                yield event_id, customer.company.code, address, campaign, event, *row


def _reads(customer: Customer, edition: int) -> bool:
    """The demo person and the two with the recycled address read every edition, the others one recent edition each."""
    number = customer.person.number
    if number in (DEMO_PERSON, RECYCLED_EMAIL.first, RECYCLED_EMAIL.second):
        return True
    return edition == len(CAMPAIGNS) - 1 - number % _LATE_CAMPAIGNS


def _one_newsletter(customer: Customer, sent_at: datetime, rng: random.Random) -> Iterator[tuple[str, Row]]:
    at = sent_at + timedelta(seconds=rng.randrange(3600))
    number = customer.person.number
    zone = timezone(timedelta(hours=rng.choice((0, 1, -5))))
    ip = rng.choice(customer.person.ip_addresses)
    agent = rng.choice(("Example Mail 4.2", f"Reader {hostile(number)}", None))
    link = f"https://acme.example.org/news?to={number}&x=\u00e9"
    yield "D", (at.astimezone(zone).isoformat(), None, None, None)
    if rng.random() < 0.7:
        opened = at + timedelta(minutes=rng.randrange(1, 2000))
        yield "O", (opened.astimezone(zone).isoformat(), None, agent, ip)
        if rng.random() < 0.5:
            clicked = opened + timedelta(seconds=rng.randrange(2, 60))
            yield "C", (clicked.astimezone(zone).isoformat(), link, agent, ip)
