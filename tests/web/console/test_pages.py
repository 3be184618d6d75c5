"""All pages of the console as they are read: fit for assistive technology, without a script, in three languages."""

import pytest

from dsar_export.model.people import Role
from dsar_export.web.console.pages import console_routes
from dsar_export.web.console.rendering import Console
from tests.web.console.conftest import House
from tests.web.console.consoles import BASE
from tests.web.console.walking import every_page
from tests.web.test_pages import Elements

FOR_EVERYBODY = {f"{BASE}/people/own"}
"""What everybody does about themself, whatever their role is."""
LANGUAGES = ("en", "de", "fr")
PAGES = [
    ("kim", "/requests"),
    ("kim", "/inbox"),
    ("kim", "/requests/{}"),
    ("ray", "/requests/{}/records/records"),
    ("ada", "/requests/open"),
    ("ada", "/requests/{}/identify"),
    ("kim", "/requests/NONE"),
    ("ada", "/trail"),
    ("ada", "/requests/{}/letter?kind=acknowledgement"),
    ("ada", "/mail"),
    ("aud", "/trail"),
    ("fay", "/people"),
    ("ray", "/figures"),
    ("aud", "/register"),
]


@pytest.mark.parametrize(("name", "path"), PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_all_that_assistive_technology_needs(
    house: House, name: str, path: str, language: str
) -> None:
    answer = house.visitor(name, language=language).get(path.format(house.reviewed()))
    elements = Elements(answer.text)
    assert elements.of("html") == [{"lang": language}]
    for landmark in ("title", "h1", "main", "header", "nav"):
        assert len(elements.of(landmark)) == 1, landmark
    ids = [each["id"] for _, each in elements.found if "id" in each]
    assert len(ids) == len(set(ids))
    labelled = {label["for"] for label in elements.of("label")}
    for field in elements.of("input", "select", "textarea"):
        assert field.get("type") == "hidden" or field["id"] in labelled
    assert not elements.of("script", "img", "link")
    assert not [
        each for _, each in elements.found if "style" in each or any(n.startswith("on") for n in each)
    ]
    assert len(answer.body) < 100_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_weighs_more_than_a_hundred_kilobytes(house: House, language: str) -> None:
    pages = list(every_page(house.place, house.reviewed()))
    assert len(pages) > len(PAGES)
    for seen in pages:
        answer = house.visitor(seen.name, proven=True, language=language).get(seen.path)
        assert answer.status < 500, seen
        assert "text/html" in answer.headers["content-type"], seen
        assert len(answer.body) <= 100_000, seen


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_each_form_that_posts_brings_back_what_its_session_gave(house: House, name: str, path: str) -> None:
    text = house.visitor(name).get(path.format(house.reviewed())).text
    assert text.count('method="post"') == text.count('name="csrf" value="token-of-the-session"')


def test_each_route_that_changes_something_is_for_some_roles_only(house: House) -> None:
    routes = console_routes(Console(house.place, BASE))
    assert len({(route.path, route.method) for route in routes}) == len(routes)
    for route in routes:
        assert route.rule.roles, route.path
        everybody = route.method == "GET" or route.path in FOR_EVERYBODY
        assert everybody or route.rule.roles < frozenset(Role), route.path
        assert route.rule.of_request is ("{reference}" in route.path), route.path
