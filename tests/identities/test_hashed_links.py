"""Links over hashes, weak links, and what the person supplies themselves."""

import hashlib
import hmac
from dataclasses import replace
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError, SubjectAmbiguousError
from dsar_export.identities.links import Kinds, LinkReader
from dsar_export.identities.search import explore, search_for, suggested
from dsar_export.model.comparison import Match, Strength
from dsar_export.model.periods import ALWAYS
from dsar_export.model.request import Identifier
from dsar_export.wiring import build_collectors, register_in
from tests.identities.identifying import identity_of, request_of
from tests.identities.linked import (
    C1,
    COOKIE,
    PHONE,
    SAM,
    TABLET,
    VALID,
    held,
    link,
    linked_world,
    span,
    write,
)
from tests.worlds import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return linked_world(tmp_path)


# Weak links


def test_a_weak_link_is_shown_and_never_followed(world: World) -> None:
    world.register_text += link("device", "ip", "visits", 'strength = "weak"') + link(
        "ip", "device", "visits"
    )
    write(
        world,
        devices=[("C-1", "D-1", None, None), ("C-2", "D-2", None, None)],
        visits=[("D-1", "192.0.2.7", None, None), ("D-2", "192.0.2.7", None, None)],
    )
    identity = identity_of(world, C1)
    assert {i.kind for i in held(identity)} == {"customer_id", "email", "device"}
    assert PHONE not in held(identity)
    register = register_in(world.folder)
    with build_collectors(register)["main"].snapshot() as snapshot:
        search = search_for(LinkReader(register, "acme", {"main": snapshot}, {}), request_of([C1]))
        found, backward = explore(search)
        (weak,) = suggested(search, found)
    assert search.subject_ids({**found, **backward}) == {C1}
    assert (weak.identifier, weak.strength, weak.parent) == (
        Identifier("ip", "192.0.2.7"),
        Strength.WEAK,
        TABLET,
    )


# What the person supplies


def test_a_cookie_that_the_person_supplies_is_accepted_though_no_link_leads_to_it(world: World) -> None:
    world.register_text = world.register_text.replace(
        "datasets = [", 'supplied = ["cookie"]\ndatasets = [', 1
    )
    write(world, devices=[("C-1", "D-1", None, None)], cookies=[("D-1", "k-2", None, None)])
    supplied = identity_of(world, C1, COOKIE)
    assert held(supplied)[COOKIE] == ALWAYS
    assert Identifier("cookie", "k-2") in held(supplied)


def test_a_supplied_cookie_with_a_dated_link_is_theirs_only_within_its_dates(world: World) -> None:
    world.register_text = world.register_text.replace(
        "datasets = [", 'supplied = ["cookie"]\ndatasets = [', 1
    )
    world.register_text += link("cookie", "customer_id", "cookies_of", VALID)
    write(world)
    world.run("CREATE TABLE cookies_of (cookie, customer_id, since, until)")
    world.run("INSERT INTO cookies_of VALUES ('k-1', 'C-1', NULL, '2022-01-01 00:00')")
    assert held(identity_of(world, C1, COOKIE))[COOKIE] == span(None, "2022-01-01")


def test_a_cookie_of_a_kind_that_is_not_supplied_must_be_one_that_the_links_find(world: World) -> None:
    write(world, devices=[("C-1", "D-1", None, None)], cookies=[("D-1", "k-2", None, None)])
    with pytest.raises(SubjectAmbiguousError, match="a given 'cookie' does not belong to the person found"):
        identity_of(world, C1, COOKIE)


def test_a_supplied_cookie_of_somebody_else_is_ambiguous(world: World) -> None:
    world.register_text = world.register_text.replace(
        "datasets = [", 'supplied = ["cookie"]\ndatasets = [', 1
    )
    write(world, devices=[("C-2", "D-2", None, None)], cookies=[("D-2", "k-1", None, None)])
    with pytest.raises(SubjectAmbiguousError) as caught:
        identity_of(world, C1, COOKIE)
    assert caught.value.candidates == ("C-1", "C-2")


def test_a_device_from_which_no_link_leads_is_not_enough_alone(world: World) -> None:
    write(world, devices=[("C-1", "D-1", None, None)])
    with pytest.raises(SubjectAmbiguousError, match="Ask for one of: customer_id, email"):
        identity_of(world, TABLET)


# Hashed links


def hashed(value: str) -> str:
    return hmac.new(b"key", value.casefold().encode(), hashlib.sha256).hexdigest()


@pytest.fixture
def newsletter(world: World) -> World:
    world.register_text += (
        '\n[[links]]\ngiven = "email"\nleads_to = "reader"\nsource = "main"\ntable = "readers"\n'
        'given_column = "hash"\nleads_to_column = "reader"\nmatch = "hmac"\nhmac_key = "env:KEY"\n'
    )
    write(world)
    world.run("CREATE TABLE readers (hash TEXT, reader TEXT)")
    world.run("INSERT INTO readers VALUES (?, 'R-1')", hashed("sam@example.org"))
    world.run("INSERT INTO readers VALUES (?, 'R-2')", hashed("robin@example.org").upper())
    return world


KEYS = {"env:KEY": b"key"}


def test_a_hashed_address_is_followed_forwards_but_not_backwards(newsletter: World) -> None:
    found = held(identity_of(newsletter, Identifier("customer_id", "C-2"), keys=KEYS))
    assert Identifier("reader", "R-2") in found
    assert Identifier("reader", "R-1") not in found


def test_a_shared_hash_is_found_through_its_address(newsletter: World) -> None:
    newsletter.run("UPDATE customers SET email = 'SAM@example.org' WHERE id = 'C-2'")
    with pytest.raises(SubjectAmbiguousError):
        identity_of(newsletter, SAM, keys=KEYS)
    chosen = identity_of(newsletter, SAM, chosen=["C-1"], keys=KEYS)
    assert Identifier("reader", "R-1") not in held(chosen)  # nobody knows its owner
    assert {shared.kind for shared in chosen.shared} == {"email", "reader"}


def test_a_hashed_link_without_its_key_is_an_error(newsletter: World) -> None:
    with pytest.raises(RegisterError, match="env:KEY"):
        identity_of(newsletter, SAM)


def test_nobody_is_found_without_an_error(world: World) -> None:
    write(world)
    nobody = Identifier("email", "nobody@example.org")
    assert identity_of(world, nobody).candidates == 0
    assert set(held(identity_of(world, nobody))) == {nobody}


def test_identifiers_with_a_hashed_link_compare_without_case_everywhere(world: World) -> None:
    """A hash is computed from the casefolded value, so both spellings are the same identifier."""
    register = register_in(world.folder)
    hashed = replace(
        register.datasets[0].subject_keys[0], identifier="phone", match=Match.HMAC, hmac_key="env:K"
    )
    dataset = replace(register.datasets[0], subject_keys=(hashed,))
    kinds = Kinds(replace(register, datasets=(dataset,)), "acme")
    assert kinds.folded(Identifier("phone", "ABC")) == kinds.folded(Identifier("phone", "abc"))
