"""The built page is what its sources make, keeps its own policy, and names no place that it could connect to."""

import base64
import hashlib
import re
from pathlib import Path

from renderers.opener import Opener
from tests.renderers.opener.node import BUILT, SOURCES, needs_node, run_node
from tools.opener_page import DOCUMENT, HASH

HTML = BUILT.read_text(encoding="ascii")
LONGEST = 400_000
# A name of elements, which leads nowhere.
NAMESPACES = {"http://www.w3.org/2000/svg"}


def inside(tag: str) -> str:
    """What is in the only element of this name."""
    (found,) = re.findall(rf"<{tag}>(.*?)</{tag}>", HTML, re.DOTALL)
    return str(found)


def policy() -> dict[str, list[str]]:
    (content,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', HTML)
    parts = (part.split() for part in content.split(";"))
    return {part[0]: part[1:] for part in parts}


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('ascii')).digest()).decode()}'"


def test_it_is_small_ascii_and_has_line_feeds_only() -> None:
    raw = BUILT.read_bytes()
    assert len(raw) <= LONGEST
    assert raw.isascii()
    assert b"\r" not in raw


def test_the_policy_comes_right_after_the_character_set() -> None:
    first = '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    assert HTML.startswith(f'{first}<meta http-equiv="Content-Security-Policy"')


def test_the_policy_allows_its_own_script_and_style_by_hash_and_nothing_else() -> None:
    assert policy() == {
        "default-src": ["'none'"],
        "script-src": [hashed(inside("script"))],
        "style-src": [hashed(inside("style"))],
        "worker-src": ["blob:"],
        "frame-src": ["blob:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["worker"],
    }


def test_there_is_no_other_script_nor_style() -> None:
    without = HTML.replace(inside("script"), "").replace(inside("style"), "")
    assert re.findall(r"<(?:script|style|link|img|iframe|object|embed|base|form)\b[^>]*>", without) == [
        "<style>",
        "<script>",
    ]
    assert re.findall(r"\son\w+\s*=|\sstyle\s*=|\s(?:src|href|action)\s*=", without) == []


def test_it_names_no_address() -> None:
    code = inside("script") + inside("style")
    assert set(re.findall(r"(?:https?|wss?|ftp):?(?:\\?/){2}[^\s\"'`<>)]*", code)) <= NAMESPACES
    assert re.findall(r"(?:src|href|url)\s*[=(]\s*[\"'`]?//", code) == []


def test_it_calls_nothing_that_connects_or_stores_or_makes_code_of_text() -> None:
    code = inside("script")
    calls = (
        r"fetch|XMLHttpRequest|WebSocket|EventSource|RTCPeerConnection|sendBeacon|importScripts|eval|Function"
    )
    assert re.findall(rf"(?<![\w.$-])(?:{calls})\s*\(|\bnew (?:{calls})\b", code) == []
    assert (
        re.findall(r"\b(?:localStorage|sessionStorage|indexedDB|WebAssembly|document\.cookie)\b", code) == []
    )
    assert re.findall(r"\blocation\s*(?:=[^=]|\.(?:href|assign|replace))|\bwindow\.open\b", code) == []


def test_the_licences_of_what_is_in_it_stand_in_it() -> None:
    assert "@zip.js/zip.js\n\nBSD 3-Clause License" in HTML
    assert "@noble/hashes\n\nThe MIT License (MIT)" in HTML


def test_its_hash_is_published() -> None:
    found = HASH.search(DOCUMENT.read_text(encoding="utf-8"))
    assert found is not None
    assert {found[0]} == {hashlib.sha256(BUILT.read_bytes()).hexdigest()} & Opener().known, "run: make opener"


@needs_node
def test_its_sources_make_it_byte_for_byte(tmp_path: Path) -> None:
    built = run_node("build.js", tmp_path / "open.html")
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "open.html").read_bytes() == BUILT.read_bytes(), "run: make opener"


@needs_node
def test_its_own_tests_pass() -> None:
    files = sorted((SOURCES / "../../tests/renderers/opener").resolve().rglob("*.test.js"))
    tests = run_node("--test", "--test-reporter=dot", *files)
    assert tests.returncode == 0, tests.stdout[-4000:] + tests.stderr[-2000:]
