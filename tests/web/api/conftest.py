"""The API as a portal reaches it: a client with a token, over a real server on loopback."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any, Final

import httpx

from dsar_export.model.api import Scope
from dsar_export.use_cases.api_tokens import TokenOrder, make_token
from tests.web.served import SECONDS, Served

_NUMBERS: Final = count()
SAM_OPENS: Final[Mapping[str, Any]] = {
    "rights": ["access"],
    "controller": "acme",
    "identifiers": [{"kind": "customer_id", "value": "C-1"}],
}


@dataclass(frozen=True)
class Portal:
    """Asks the API in somebody's name."""

    shop: Served
    token: str = field(repr=False)
    name: str = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        content = None if body is None else json.dumps(body).encode()
        address = f"http://127.0.0.1:{self.shop.port}/api/v1"
        # Another test may have set SSL_CERT_FILE, which a client reads although it speaks no TLS here.
        with httpx.Client(base_url=address, timeout=SECONDS, trust_env=False) as client:
            given = {"Content-Type": "application/json", **bearer, **headers}
            return client.request(method, path, content=content, headers=given)


def portal(shop: Served, *scopes: Scope, controller: str = "acme") -> Portal:
    """With a new token."""
    until = shop.parcels.office.now + timedelta(days=30)
    order = TokenOrder(f"portal-{next(_NUMBERS)}", frozenset(scopes or Scope), (controller,), until)
    register = shop.parcels.services.register
    both = {"beta": register.organisation.controllers["acme"], **register.organisation.controllers}
    group = replace(register, organisation=replace(register.organisation, controllers=both))
    return Portal(shop, make_token(shop.parcels.desk("fay"), group, order), order.name)
