"""What the person's rows refer to, such as the row of an address: found in the end, and never used to find anybody."""

from collections.abc import Iterable

from dsar_export.identities.links import LinkReader, closure
from dsar_export.model.comparison import Strength
from dsar_export.model.identity import Reached


def referred(reader: LinkReader, known: Iterable[Reached]) -> tuple[Reached, ...]:
    """The values that reference links lead to from the person's identifiers, and from there on.

    Each is valid while what led to it is. Who else's rows refer to them makes no difference, and is not looked up.
    """
    start = tuple(known)
    own = {reached.identifier for reached in start}
    found = closure(reader, reader.links(Strength.REFERENCE), start)
    return tuple(reached for identifier, reached in found.items() if identifier not in own)
