"""The rows of the engagement database: usage events and email events."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from dsar_export.demo.canaries import canary
from dsar_export.demo.hostile_text import HOSTILE_TEXTS, hostile
from dsar_export.demo.people import DEMO_PERSON, Person, letter_cases

Row = tuple[str | int | None, ...]

CAMPAIGNS: Final = tuple(
    (f"news-{year}-{month:02}", f"Outdoor news {month}/{year}", f"{year}-{month:02}-03")
    for year in (2024, 2025)
    for month in range(1, 13)
)
_FIRST_EVENT: Final = datetime(2024, 9, 2, 6, 0, 0, tzinfo=UTC)
_LAST_EVENT: Final = datetime(2026, 10, 30, 22, 0, 0, tzinfo=UTC)
_EVENTS_OF_OTHERS: Final = 4

# Each list has a power of two as its length, so that one random number chooses from all of them.
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


def usage_event_rows(people: Sequence[Person], events: int, rng: random.Random) -> Iterator[Row]:
    """So many events of the demo person with a few of everybody else between, never all in memory."""
    demo_person = people[DEMO_PERSON - 1]
    others = [p for p in people if p is not demo_person for _ in range(_EVENTS_OF_OTHERS)]
    rng.shuffle(others)
    total = events + len(others)
    first_ms, last_ms = (int(at.timestamp()) * 1000 for at in (_FIRST_EVENT, _LAST_EVENT))
    marks = {p.number: f"?from={canary(p.number, 'usage_events')}" for p in people}
    told = 0
    for index in range(total):
        # The others are spread evenly: the told-th of them comes when its share of the time has passed.
        person = demo_person
        if told < len(others) and told * total <= index * len(others):
            person = others[told]
            told += 1
        dice = rng.getrandbits(32)
        event, path, details = _VISITS[dice & 15]
        device, browser = _DEVICES[dice >> 4 & 3]
        yield (
            index + 1,
            person.account_ids[0],
            first_ms + (last_ms - first_ms) * index // total,
            event,
            path + marks[person.number],
            _REFERRERS[dice >> 6 & 3],
            device,
            browser,
            person.ip_addresses[dice >> 8 & 3],
            "GB" if dice >> 10 & 7 else None,
            dice >> 16 if dice >> 13 & 7 else None,
            details,
        )


def email_event_rows(people: Sequence[Person], rng: random.Random) -> Iterator[Row]:
    """What became of each newsletter; the canary stands in the campaign's name."""
    event_id = 0
    for index, (code, _, sent_on) in enumerate(CAMPAIGNS):
        # The demo person reads every edition, the others one each.
        readers = [p for p in people if p.number == DEMO_PERSON or p.number % len(CAMPAIGNS) == index]
        for person in readers:
            campaign = f"{code} {canary(person.number, 'email_events')}"
            for event, row in _one_newsletter(person, sent_on, rng):
                event_id += 1
                # The mail service writes the address as it was typed this time.
                yield event_id, rng.choice(letter_cases(person.email)), campaign, event, *row


def _one_newsletter(person: Person, sent_on: str, rng: random.Random) -> Iterator[tuple[str, Row]]:
    at = datetime.fromisoformat(f"{sent_on}T06:00:00+00:00") + timedelta(seconds=rng.randrange(3600))
    zone = timezone(timedelta(hours=rng.choice((0, 1, -5))))
    ip = rng.choice(person.ip_addresses)
    agent = rng.choice(("Example Mail 4.2", f"Reader {hostile(person.number)}", None))
    link = f"https://acme.example.org/news?to={person.number}&x=\u00e9"
    yield "D", (at.astimezone(zone).isoformat(), None, None, None)
    if rng.random() < 0.7:
        opened = at + timedelta(minutes=rng.randrange(1, 2000))
        yield "O", (opened.astimezone(zone).isoformat(), None, agent, ip)
        if rng.random() < 0.5:
            clicked = opened + timedelta(seconds=rng.randrange(2, 60))
            yield "C", (clicked.astimezone(zone).isoformat(), link, agent, ip)
