"""Why a line or the rest of a file can't be read; inside this collector only."""

from dsar_export.model.source import FileFault


class UnreadableFileError(Exception):
    """The rest of a file can't be read; what was found before stays."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault)
        self.fault = fault


class BrokenLineError(Exception):
    """A line is not what its format says."""
