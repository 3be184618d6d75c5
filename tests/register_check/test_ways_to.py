"""The way to a dataset begins with the person and goes over as few links as possible."""

from dsar_export.register_check.ways import Way, WayKind, Ways
from dsar_export.register_check.ways_to import ways_to

FIRST = Way(WayKind.LEADS, "customer_id", "email", "main.contacts: customer_id, email")
DETOUR = Way(WayKind.POINTS, "email", "device", "main.logins: email, device")
SHORT = Way(WayKind.LEADS, "customer_id", "device", "main.devices: customer_id, device")
SHOWN = Way(WayKind.SHOWN, "email", "address", "main.visits: email, address")
VISITS = Way(WayKind.SELECTS, "device", "visits", "visits.device", "main.visits")
MAILS = Way(WayKind.SELECTS, "email", "visits", "visits.email", "main.visits")
ALONE = Way(WayKind.SELECTS, "address", "logs", "logs.address", "main.logs")
WAYS = Ways("customer_id", (FIRST, DETOUR, SHORT, SHOWN, VISITS, MAILS, ALONE), ())


def test_each_key_of_a_dataset_has_its_shortest_way() -> None:
    assert ways_to(WAYS, "visits") == ((SHORT, VISITS), (FIRST, MAILS))


def test_what_is_only_shown_leads_nowhere() -> None:
    assert ways_to(WAYS, "logs") == ((ALONE,),)


def test_an_unknown_dataset_has_none() -> None:
    assert ways_to(WAYS, "others") == ()
