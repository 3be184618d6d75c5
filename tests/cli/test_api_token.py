"""`dsar-export api-token`, as an administrator runs it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands import Finished, here
from tests.cli.test_operating import UNTIL, environment
from tests.sites import Site, site_in


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with site_in(tmp_path, None) as made:
        made.desk()
        yield made


def run(site: Site, *arguments: str) -> Finished:
    return here("api-token", *arguments, stdin="", cwd=site.folder, env=environment(site))


SCOPES = ("--scope", "requests:read", "--scope", "requests:open", "--controller", "acme")


def test_a_token_is_shown_once_listed_and_revoked(site: Site) -> None:
    made = run(site, "add", "portal", *SCOPES, "--until", UNTIL)
    assert made.code == 0, made.err
    assert "dsar_" in made.out
    listed = run(site, "list")
    assert "dsar_" not in listed.out
    assert "api:portal" in listed.out
    (token,) = json.loads(run(site, "revoke", "portal", "--json").out)["tokens"]
    assert token["revoked_at"] is not None
    assert (token["scopes"], token["controllers"]) == (["requests:open", "requests:read"], ["acme"])
    assert "revoked" in run(site, "list").out


def test_with_json_the_token_stands_on_standard_error_in_one_line(site: Site) -> None:
    made = run(site, "add", "portal", *SCOPES, "--json")
    assert made.json["name"] == "portal"
    assert made.err.count("\n") == 1
    assert "shown once: dsar_" in made.err


def test_an_unknown_scope_is_refused(site: Site) -> None:
    refused = run(site, "add", "portal", "--scope", "all", "--controller", "acme")
    assert refused.code == 2
    assert "requests:deliver" in refused.err
