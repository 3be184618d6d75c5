"""The forms of a page, as a browser would send them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form with what its fields hold; those of the same name come in their order."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **typed: str) -> list[tuple[str, str]]:
        """Its fields with what somebody typed."""
        return [(name, typed.get(name, value)) for name, value in self.fields]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and found.get("method") == "post":
            self.forms.append(Form(found.get("action") or ""))
        elif tag == "input" and self.forms:
            self.forms[-1].fields.append((found.get("name") or "", found.get("value") or ""))


def forms_in(page: str) -> Sequence[Form]:
    """All forms that post."""
    parser = _Parser()
    parser.feed(page)
    return parser.forms


def form_to(page: str, action: str) -> Form:
    """The one form that goes to an address."""
    (found,) = (form for form in forms_in(page) if form.action.partition("?")[0] == action)
    return found
