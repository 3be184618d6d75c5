"""JSON pointers (RFC 6901) of the register."""

Steps = tuple[str, ...]


def pointer_steps(pointer: str) -> Steps:
    """The reference tokens of a JSON pointer."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
