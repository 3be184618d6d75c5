"""What is wrong with a page for whoever cannot see it, or not well."""

import json
from typing import Final

from tests.renderers.opener.browsers.browser import Browser
from tests.renderers.opener.node import SOURCES

AXE: Final = SOURCES / "node_modules" / "axe-core" / "axe.min.js"
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(browser: Browser) -> list[str]:
    """What axe finds by the rules of WCAG 2.2 AA: the rule, and the first element."""
    if not browser.evaluate("'axe' in globalThis"):
        browser.evaluate(f"void (() => {{ {AXE.read_text(encoding='utf-8')} }})()")
    found = browser.evaluate(
        f"axe.run(document, {{runOnly: {json.dumps(_RULES)}}})"
        ".then((r) => r.violations.map(({id, nodes: [n]}) => `${id}: ${n.html.slice(0, 200)} ${n.failureSummary}`))"
    )
    assert isinstance(found, list)
    return found
