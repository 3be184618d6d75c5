"""Staff download packages and see the passphrase once; what cannot be shown is not counted as shown."""

import hashlib
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from dsar_export.model.people import Role
from dsar_export.model.request import Right
from tests.use_cases.parcels import CONTENT, PASSPHRASE, Parcels
from tests.web.console.conftest import House
from tests.web.console.consoles import BASE, CSRF
from tests.web.served import OWN_SITE, SECONDS


def passphrase_waits(parcels: Parcels, reference: str) -> bool:
    with parcels.desk().looking() as act:
        return act.request(reference, Role.AGENT).passphrase_sealed is not None


def test_a_package_is_downloaded_under_a_neutral_name_and_the_trail_names_who_did(
    house: House, parcels: Parcels
) -> None:
    reference = parcels.ready(rights=tuple(Right))
    answer = house.visitor("ray", proven=True).get(f"/requests/{reference}/packages/portability")
    assert answer.status == 200
    assert answer.body == CONTENT + b"portability"
    attempt = house.office.listed(reference).attempt
    name = f"{reference}-{attempt}-portability.zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert parcels.actions(reference)[-1] == "fetch"
    facts = [entry for entry in house.office.rows()["trail"] if reference in entry][-1]
    assert "ray" in facts
    assert any(hashlib.sha256(answer.body).hexdigest() in str(fact) for fact in facts)


def test_both_need_that_the_person_proved_again_who_they_are(house: House, parcels: Parcels) -> None:
    reference, visitor = parcels.ready(), house.visitor("ada")
    assert visitor.get(f"/requests/{reference}/packages/access").status == 401
    assert visitor.post(f"/requests/{reference}/reveal").status == 401
    assert passphrase_waits(parcels, reference)
    assert "fetch" not in parcels.actions(reference)


def test_looking_at_the_headers_hands_nothing_out(house: House, parcels: Parcels) -> None:
    reference = parcels.ready()
    headers = {"X-Person": "ada", "X-Proven": "yes"}
    with closing(HTTPConnection("127.0.0.1", house.port, timeout=SECONDS)) as connection:
        connection.request("HEAD", f"{BASE}/requests/{reference}/packages/access", headers=headers)
        assert connection.getresponse().status == 403
    assert "fetch" not in parcels.actions(reference)


@pytest.mark.parametrize("header", [("Sec-Fetch-Site", "cross-site"), ("Sec-Purpose", "prefetch;prerender")])
def test_neither_another_site_nor_a_browser_that_loads_ahead_gets_it(
    house: House, parcels: Parcels, header: tuple[str, str]
) -> None:
    reference = parcels.ready()
    headers = {"X-Person": "ada", "X-Proven": "yes", header[0]: header[1]}
    with closing(HTTPConnection("127.0.0.1", house.port, timeout=SECONDS)) as connection:
        connection.request("GET", f"{BASE}/requests/{reference}/packages/access", headers=headers)
        assert connection.getresponse().status == 403
    assert "fetch" not in parcels.actions(reference)


@pytest.mark.parametrize(
    ("name", "right", "status"),
    [("aud", "access", 403), ("bea", "access", 404), ("ada", "portability", 422), ("ada", "anything", 404)],
)
def test_whoever_may_not_have_it_or_names_another_gets_no_byte(
    house: House, parcels: Parcels, name: str, right: str, status: int
) -> None:
    reference = parcels.ready()
    answer = house.visitor(name, proven=True).get(f"/requests/{reference}/packages/{right}")
    assert answer.status == status
    assert CONTENT not in answer.body
    assert "fetch" not in parcels.actions(reference)


def test_a_changed_package_is_not_handed_over_and_staff_have_it_in_the_inbox(
    house: House, parcels: Parcels
) -> None:
    reference = parcels.ready()
    package = house.office.published(reference)[0]
    assert package.file is not None
    file = house.office.packages / package.file
    file.write_bytes(b"of somebody else" + file.read_bytes()[16:])
    answer = house.visitor("ada", proven=True).get(f"/requests/{reference}/packages/access")
    assert answer.status == 503
    assert "This package is lost, or is not what was published" in answer.text
    assert package.file not in answer.text
    assert parcels.actions(reference)[-1] == "package_damaged"


def test_the_passphrase_is_shown_once_by_a_form_and_never_kept_by_a_browser(
    house: House, parcels: Parcels
) -> None:
    reference, visitor = parcels.ready(), house.visitor("ada", proven=True)
    answer = visitor.post(f"/requests/{reference}/reveal")
    assert answer.status == 200
    assert PASSPHRASE in answer.text.replace("</span><wbr><span>", "")
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src" not in answer.headers["content-security-policy"]
    assert parcels.actions(reference)[-1] == "reveal"
    again = visitor.post(f"/requests/{reference}/reveal")
    assert again.status == 422
    assert "it was shown already" in again.text
    page = visitor.get(f"/requests/{reference}").text
    assert "There is none to reveal" in page
    assert "canary" not in page + again.text


def test_a_form_of_another_session_reveals_nothing(house: House, parcels: Parcels) -> None:
    reference = parcels.ready()
    assert (
        house.visitor("ada", proven=True).post(f"/requests/{reference}/reveal", csrf="guessed").status == 403
    )
    assert house.visitor("bea", proven=True).post(f"/requests/{reference}/reveal").status == 404
    assert house.visitor("aud", proven=True).post(f"/requests/{reference}/reveal").status == 403
    assert passphrase_waits(parcels, reference)


def test_whoever_left_before_it_could_be_shown_can_still_have_it_revealed(
    house: House, parcels: Parcels
) -> None:
    reference = parcels.ready()
    headers = {"X-Person": "ada", "X-Proven": "yes", "Content-Type": "application/x-www-form-urlencoded"}
    connection = HTTPConnection("127.0.0.1", house.port, timeout=SECONDS)
    with parcels.desk().acting():  # nobody else writes until this ends
        body = urlencode({"csrf": CSRF})
        connection.request("POST", f"{BASE}/requests/{reference}/reveal", body, {**headers, **OWN_SITE})
        time.sleep(0.5)  # until the form is read, and waits for its turn
        connection.close()
    time.sleep(0.5)
    assert passphrase_waits(parcels, reference)
    assert "reveal" not in parcels.actions(reference)
    answer = house.visitor("ada", proven=True).post(f"/requests/{reference}/reveal")
    assert answer.status == 200


def test_of_two_who_ask_at_once_one_sees_it(house: House, parcels: Parcels) -> None:
    reference, found = parcels.ready(), list[int]()
    visitor = house.visitor("ada", proven=True)
    threads = [
        threading.Thread(target=lambda: found.append(visitor.post(f"/requests/{reference}/reveal").status))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert sorted(found) == [200, 422, 422, 422]
