"""Whose pages are on the menu."""

from typing import Final

from dsar_export.model.people import Role

ANYBODY: Final = frozenset(Role)
"""Whoever has a role."""
SEEING: Final = frozenset({Role.AGENT, Role.REVIEWER, Role.AUDITOR})
WORKING: Final = frozenset({Role.AGENT, Role.REVIEWER})
POSTING: Final = frozenset({Role.AGENT, Role.ADMINISTRATOR})
AUDITING: Final = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
COUNTING: Final = frozenset({Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR})
MENU: Final = (
    ("inbox", "waits_for_me", WORKING),
    ("requests", "requests", SEEING),
    ("mail", "mail", POSTING),
    ("people", "people", ANYBODY),
    ("trail", "trail", AUDITING),
    ("register", "register", ANYBODY),
    ("figures", "figures", COUNTING),
)
"""Path, name of the text, and who may come there."""
