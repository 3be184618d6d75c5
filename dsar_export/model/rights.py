"""The rights under each legal basis, with articles named as in the W3C's DPV."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

_UNDER_ANY_BASIS: Final = frozenset({"A15", "A16", "A18", "A77"})

RIGHTS_BY_BASIS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        basis: _UNDER_ANY_BASIS | frozenset(more)
        for basis, more in {
            "A6-1-a": ("A17", "A20", "A22", "A7-3"),
            "A6-1-b": ("A17", "A20", "A22"),
            "A6-1-c": (),
            "A6-1-d": ("A17", "A22"),
            "A6-1-e": ("A21", "A22"),
            "A6-1-f": ("A17", "A21", "A22"),
            "A9-2-a": ("A17", "A20", "A22", "A7-3"),
            "A9-2-b": (),
            "A9-2-c": ("A17", "A22"),
            "A9-2-d": ("A17", "A22"),
            "A9-2-e": ("A17", "A22"),
            "A9-2-f": ("A22",),
            "A9-2-g": (),
            "A9-2-h": ("A22",),
            "A9-2-i": ("A22",),
            "A9-2-j": ("A22",),
        }.items()
    }
)
"""The rights that may be exercised under each basis.

Art. 6: as in DPV 2.3, without Art. 13 and 14, which a controller fulfils without being asked.

Art. 9: DPV has no mapping. Explicit consent counts as consent: Art. 20(1)(a) names it, and Art. 7(3) covers any
consent. The other bases only apply beside one of Art. 6, which adds its own rights. By themselves they exclude
Art. 17 where Art. 17(3)(b)-(e) does, and Art. 22 where the law itself may allow the decision (Art. 22(2)(b), 22(4)).
"""


def rights_of(bases: Iterable[str]) -> tuple[str, ...]:
    """The rights for data that is processed on any of these bases, sorted.

    Some rights apply without any basis; an unknown basis adds none.
    """
    rights = _UNDER_ANY_BASIS.union(*(RIGHTS_BY_BASIS.get(basis, frozenset()) for basis in bases))
    return tuple(sorted(rights))
