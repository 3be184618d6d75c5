"""A portal that answers its customers over the API: it opens a request, polls it, and downloads the package.

The token has the scopes requests:open, requests:read and requests:deliver at one controller, and lies in PORTAL_TOKEN.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import httpx

CONTROLLER = "acme"
WAITS = {"available", "delivered"}
ENDED = {"closed", "expired", "refused", "cancelled"}


def portal_client(url: str) -> httpx.Client:
    """A client of the API at the address of `dsar-export serve`."""
    token = os.environ["PORTAL_TOKEN"]
    return httpx.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {token}"})


def open_request(client: httpx.Client, customer_id: str, key: str) -> str:
    """Opens a request of a customer who is signed in; the same key, tried again, opens no second one."""
    identifiers = [{"kind": "customer_id", "value": customer_id}]
    wanted = {"rights": ["access"], "controller": CONTROLLER, "identifiers": identifiers}
    answer = client.post("/requests", json=wanted, headers={"Idempotency-Key": key})
    return str(answer.raise_for_status().json()["reference"])


def waits(client: httpx.Client, reference: str, pause: Callable[[], None] = lambda: time.sleep(60)) -> bool:
    """Polls until the package can be downloaded; False if the request ended without one."""
    while (state := client.get(f"/requests/{reference}").raise_for_status().json()["state"]) not in WAITS:
        if state in ENDED:
            return False
        pause()
    return True


def download(client: httpx.Client, reference: str, file: Path) -> None:
    """Makes a link and starts its download, as the button on its page does; a browser would show that page."""
    (link,) = client.post(f"/requests/{reference}/link").raise_for_status().json()["links"]
    with httpx.stream("POST", f"{link['url']}/download", follow_redirects=True) as answer:
        answer.raise_for_status()
        with file.open("wb") as out:
            out.writelines(answer.iter_bytes())
