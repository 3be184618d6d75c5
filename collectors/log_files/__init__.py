"""Reads folders of log files: never changed, searched as bytes first, in one pass and bounded chunks."""

from collectors.log_files.folder import LogFiles

__all__ = ["LogFiles"]
