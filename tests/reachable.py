"""Everything that an object keeps alive, to prove that nothing of a person is kept."""

import gc
from collections.abc import Iterator
from types import FunctionType, ModuleType


def texts_behind(start: object) -> Iterator[str]:
    """All texts and bytes that can be reached from an object, but not through modules, classes and globals."""
    seen, waiting = set[int](), [start]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, type | ModuleType):
            continue
        seen.add(id(each))
        if isinstance(each, str):
            yield each
        elif isinstance(each, bytes):
            yield each.decode("latin-1")
        elif isinstance(each, FunctionType):
            waiting += [each.__closure__, each.__defaults__, each.__kwdefaults__]
        else:
            waiting += gc.get_referents(each)
