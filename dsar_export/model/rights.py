"""Which rights a legal basis leaves open, by the names of the articles in the W3C's DPV."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

_WHATEVER_THE_BASIS: Final = frozenset({"A15", "A16", "A18", "A77"})

RIGHTS_BY_BASIS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        basis: _WHATEVER_THE_BASIS | frozenset(more)
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
"""The rights that may be asked for under each basis.

Art. 6: as DPV 2.3 maps them, without Art. 13 and 14, which a controller fulfils unasked.

Art. 9: DPV maps none. Explicit consent is as consent: Art. 20(1)(a) names it, and Art. 7(3) speaks of any. The
others are beside a basis of Art. 6, which says the rest; alone they leave out Art. 17 where Art. 17(3)(b)-(e) does,
and Art. 22 where the law itself may allow the decision (Art. 22(2)(b), 22(4)).
"""


def rights_of(bases: Iterable[str]) -> tuple[str, ...]:
    """The rights that hold for data processed on any of these bases, in one order.

    Some hold without any basis; one that is not known here adds none.
    """
    held = _WHATEVER_THE_BASIS.union(*(RIGHTS_BY_BASIS.get(basis, frozenset()) for basis in bases))
    return tuple(sorted(held))
