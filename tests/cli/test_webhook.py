"""`dsar-export webhook`, as an administrator runs it."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from dsar_export.requests.database import writing
from dsar_export.requests.webhook_messages import MOST_ATTEMPTS
from dsar_export.requests.webhook_tables import MESSAGES
from dsar_export.use_cases.decide import cancel
from tests.cli.commands import Finished, here
from tests.cli.test_operating import environment
from tests.sites import FOUNDED, Site, site_in
from tests.webhook_receivers import FAILS, OK, receiver

LISTED = {"DSAR_WEBHOOK_PRIVATE": "127.0.0.0/8"}
URL = "https://portal.example.org/PATH-MARKER"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with site_in(tmp_path, None) as made:
        made.desk()
        yield made


def run(site: Site, *arguments: str, stdin: str = "", env: dict[str, str] = LISTED) -> Finished:
    return here("webhook", *arguments, stdin=stdin, cwd=site.folder, env={**environment(site), **env})


def test_a_webhook_is_made_listed_and_ended_and_its_secret_is_shown_once(site: Site) -> None:
    made = run(site, "add", URL, "--controller", "acme", "--event", "available", "--name", "portal")
    assert made.code == 0, made.err
    secret = made.out.split("whsec_")[1].split()[0]
    assert len(base64.b64decode(secret)) == 32
    listed = run(site, "list")
    assert "whsec_" not in listed.out
    assert "portal.example.org" in listed.out
    assert "MARKER" not in listed.out + made.out
    (ended,) = json.loads(run(site, "end", "portal", "--json").out)["webhooks"]
    assert (ended["host"], ended["states"], ended["controllers"]) == (None, ["available"], ["acme"])
    assert ended["ended_at"] is not None
    assert "ended" in run(site, "list").out


def test_with_json_the_secret_stands_on_standard_error_and_a_url_may_come_from_there(site: Site) -> None:
    made = run(site, "add", "-", "--controller", "acme", "--json", stdin=f"{URL}\n")
    assert made.json == {"name": "webhook-1", "controllers": ["acme"], "states": []}
    assert "shown once: whsec_" in made.err
    assert made.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        ((URL, "--controller", "acme", "--event", "sent"), "--event is one of received"),
        (("http://portal.example.org/MARKER", "--controller", "acme"), "use https"),
        (("https://u:MARKER@portal.example.org/", "--controller", "acme"), "without a user"),
    ],
)
def test_what_can_not_be_is_refused_without_quoting_it(
    arguments: tuple[str, ...], advice: str, site: Site
) -> None:
    refused = run(site, "add", *arguments)
    assert refused.code == 2
    assert advice in refused.err
    assert "MARKER" not in refused.err


def test_http_on_this_machine_needs_the_setting(site: Site) -> None:
    with receiver() as running:
        refused = run(site, "add", running.url(), "--controller", "acme", env={})
        assert refused.code == 2
        assert "DSAR_WEBHOOK_PRIVATE" in refused.err
        wrong = run(site, "add", running.url(), "--controller", "acme", env={"DSAR_WEBHOOK_PRIVATE": "here"})
        assert wrong.code == 2
        assert "addresses such as 10.0.0.5" in wrong.err


def test_send_notifies_and_ends_with_1_if_it_gives_up(site: Site) -> None:
    with receiver(FAILS, OK) as running:
        assert run(site, "add", running.url(), "--controller", "acme").code == 0
        site.now -= timedelta(days=1)
        desk = site.desk()
        cancel(desk, site.opened(desk))
        cancel(desk, site.opened(desk))
        failed = run(site, "send", "--json")
        assert failed.code == 0, failed.err
        assert failed.json == {"delivered": 0, "tried_again": 1, "parked": 0}
        assert "http_500" in run(site, "list").out
        running.answers = [FAILS]
        with writing(desk.engine) as connection:  # as after three days
            connection.execute(update(MESSAGES).values(attempts=MOST_ATTEMPTS - 1, not_before=FOUNDED))
        given_up = run(site, "send")
        assert given_up.code == 1
        assert "webhook send --parked" in given_up.err
        running.answers = [OK]
        again = run(site, "send", "--parked", "--json")
        assert (again.code, again.json) == (0, {"delivered": 2, "tried_again": 0, "parked": 0})
