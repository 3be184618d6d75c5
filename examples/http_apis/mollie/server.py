"""Answers as the description of Mollie's API says (see ../README.md); for tests, with two customers."""

from collections.abc import Mapping

KEY = "test_0123456789"
_PAGE = 2


def _payment(number: int, customer: str) -> dict[str, object]:
    return {
        "resource": "payment",
        "id": f"tr_{number}",
        "mode": "test",
        "createdAt": f"2026-03-0{number}T10:00:00+00:00",
        "amount": {"value": f"{number}0.50", "currency": "EUR"},
        "description": f"Order {number}",
        "method": "ideal",
        "metadata": None,
        "status": "paid",
        "isCancelable": False,
        "profileId": "pfl_1",
        "sequenceType": "oneoff",
        "customerId": customer,
        "paidAt": f"2026-03-0{number}T10:01:00+00:00",
        "details": {"consumerAccount": "NL00TEST0123456789"},
        "_links": {"self": {"href": "…", "type": "application/hal+json"}},
    }


_PAYMENTS = {
    "cst_1": [_payment(n, "cst_1") for n in (5, 4, 3, 2, 1)],
    "cst_2": [_payment(9, "cst_2")],
}


def answer(
    base: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[int, Mapping[str, object]]:
    """Status and JSON of a question below `base`, the server's own address."""
    if headers.get("authorization") != f"Bearer {KEY}":
        return 401, {"status": 401, "title": "Unauthorized Request", "detail": "…", "_links": {}}
    customer = path.removeprefix("/v2/customers/").removesuffix("/payments")
    if customer not in _PAYMENTS:
        return 404, {"status": 404, "title": "Not Found", "detail": "…", "_links": {}}
    ids = [str(each["id"]) for each in _PAYMENTS[customer]]
    start = ids.index(query["from"]) if "from" in query else 0
    end = start + min(int(query.get("limit", "50")), _PAGE)
    following = None
    if end < len(ids):
        address = f"{base}/v2/customers/{customer}/payments?from={ids[end]}&limit={query.get('limit', '50')}"
        following = {"href": address, "type": "application/hal+json"}
    rows = _PAYMENTS[customer][start:end]
    links = {"self": {"href": base}, "previous": None, "next": following, "documentation": {"href": "…"}}
    return 200, {"count": len(rows), "_embedded": {"payments": rows}, "_links": links}
