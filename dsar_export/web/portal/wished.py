"""What a person has typed on the screens so far; it travels in the form, and is kept nowhere before it is sent."""

import secrets
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from dsar_export.model.intake import FurtherRight
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier, Right
from dsar_export.use_cases.portal_asking import Wish, offered
from dsar_export.web.portal.routes import Visitor

BOTH: Final = "both"
RIGHTS: Final = MappingProxyType(
    {
        "access": (Right.ACCESS,),
        "portability": (Right.PORTABILITY,),
        BOTH: (Right.ACCESS, Right.PORTABILITY),
    }
)
_FORM_BYTES: Final = 16


def chosen_right(visitor: Visitor) -> str | None:
    """Which of the rights was chosen; None for none of ours."""
    named = visitor.text("right")
    return named if named in RIGHTS else None


def chosen_company(visitor: Visitor) -> str | None:
    """Which company is asked: the only one where the portal is open, or the one that was chosen."""
    if len(visitor.open_at) == 1:
        return visitor.open_at[0]
    named = visitor.text("company")
    return named if named in visitor.open_at else None


def wish_of(visitor: Visitor, register: Register) -> Wish | None:
    """What is wished for; None while right or company are missing."""
    right, company = chosen_right(visitor), chosen_company(visitor)
    if right is None or company is None:
        return None
    typed = [(kind, visitor.text(f"id-{kind}").strip()) for kind in offered(register, company).all]
    subject = visitor.text("subject")
    return Wish(
        RIGHTS[right],
        company,
        visitor.reader.language,
        tuple(Identifier(kind, value) for kind, value in typed if value),
        tuple(each for each in FurtherRight if each.value in visitor.fields.texts("also")),
        subject if subject in register.organisation.subjects else None,
    )


def carried(visitor: Visitor, *left_out: str) -> Sequence[tuple[str, str]]:
    """What the form brings along from other screens, without the fields of this one and of the visit."""
    named = ("lang", "csrf", *left_out)
    kept = ("right", "company", "also", "subject", "form")
    return [
        (name, value)
        for name, values in visitor.fields.values_of.items()
        if (name in kept or name.startswith("id-")) and name not in named and not _is_left_out(name, left_out)
        for value in values
    ]


def form_id(visitor: Visitor) -> str:
    """What makes a form that is sent twice one request: nobody can guess it."""
    given = visitor.text("form")
    fits = given.isascii() and given.isalnum() and len(given) == 2 * _FORM_BYTES
    return given if fits else secrets.token_hex(_FORM_BYTES)


def _is_left_out(name: str, left_out: Sequence[str]) -> bool:
    return "id-" in left_out and name.startswith("id-")
