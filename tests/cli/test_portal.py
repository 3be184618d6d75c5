"""`dsar-export portal`, as an administrator runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands import Finished, here
from tests.cli.test_operating import environment
from tests.sites import Site, site_in


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with site_in(tmp_path, None) as made:
        made.desk()
        yield made


def run(site: Site, *arguments: str) -> Finished:
    return here("portal", *arguments, stdin="", cwd=site.folder, env=environment(site))


def test_it_is_opened_listed_and_closed(site: Site) -> None:
    assert run(site, "list", "--json").json == {"open_at": []}
    assert run(site, "open", "acme", "--json").json == {"open_at": ["acme"]}
    assert "acme" in run(site, "list").out
    again = run(site, "open", "acme")
    assert again.code == 2
    assert "open at acme already" in again.err
    assert run(site, "close", "acme", "--json").json == {"open_at": []}
    assert run(site, "open", "acme").code == 0


def test_what_is_unknown_or_not_open_is_refused(site: Site) -> None:
    assert run(site, "open", "acne").code == 2
    assert "not open at acme" in run(site, "close", "acme").err


@pytest.mark.parametrize("arguments", [("roles", "web:portal", "--controller", "acme", "--add", "reviewer"),
                                       ("roles", "web:portal", "--controller", "acme", "--end", "agent")])  # fmt: skip
def test_nobody_gives_the_portal_another_role(site: Site, arguments: tuple[str, ...]) -> None:
    run(site, "open", "acme")
    refused = here("people", *arguments, stdin="", cwd=site.folder, env=environment(site))
    assert refused.code == 2
    assert "no colleague" in refused.err
