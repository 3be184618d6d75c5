"""HTTP APIs with JSON: each is declared in the register in five words, `find`, `list`, `page`, `poll` and `fetch`."""

from collectors.http_api.api import HttpApi

__all__ = ["HttpApi"]
