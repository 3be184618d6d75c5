"""What a dataset or link says about the log files that hold its lines."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from functools import cached_property
from typing import Final

from dsar_export.model.place import TablePlace
from dsar_export.model.toml_table import toml_table

FILE: Final = "@file"
"""A column that every line has: the place of its file in the order in which files are read, from 1."""
LINE: Final = "@line"
"""A column that every line has: its number in its file, from 1."""
OWN_COLUMNS: Final = (FILE, LINE)


class LogFormat(StrEnum):
    """How a file writes its lines."""

    NDJSON = "ndjson"
    JSON_ARRAY = "json_array"
    CSV = "csv"
    APACHE = "apache"
    NGINX = "nginx"


COMBINED: Final[Mapping[LogFormat, str]] = {
    LogFormat.APACHE: '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
    LogFormat.NGINX: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
    '"$http_referer" "$http_user_agent"',
}
"""The access log that both servers call `combined`."""


@toml_table
class LogLines:
    """The collector's own part of a dataset's file, and of a link."""

    files: str
    """The files below the source's folder: a path with `*`, `?` and `**/`, such as `access-*.log*`."""
    format: LogFormat
    """`ndjson`, `json_array`, `csv`, `apache` or `nginx`."""
    log_format: str | None = None
    """With `apache` and `nginx`: the format as the server's own file has it; without it, `combined`."""
    delimiter: str = ","
    """With `csv`: what stands between two cells."""
    optional: tuple[str, ...] = field(default=())
    """Columns that may be in no line at all; any other one that no line has is a mistake."""
    largest_ratio: int = 200
    """How many times as long as a compressed file its text may be, from 16 MiB of text; longer is not read on."""
    largest_gigabytes: int = 64
    """How many GB of text a compressed file may have; what is longer is not read on."""

    def __post_init__(self) -> None:
        parts = self.files.split("/")
        if self.files.startswith("/") or "\\" in self.files or not {"", ".", ".."}.isdisjoint(parts):
            raise ValueError("files is a path below the source's folder, such as access-*.log*, without ..")
        if self.log_format is not None and self.format not in COMBINED:
            raise ValueError("log_format needs format apache or nginx; drop it")
        if len(self.delimiter) != 1 or self.delimiter in '"\r\n':
            raise ValueError("delimiter is one character, and no quote")
        if self.largest_ratio < 1 or self.largest_gigabytes < 1:
            raise ValueError("largest_ratio and largest_gigabytes are 1 or more")

    @property
    def table(self) -> str:
        """The name under which the source describes the files."""
        return self.files

    @cached_property
    def place(self) -> TablePlace:
        """The files as the core knows them: a table whose rows differ in file and line."""
        return TablePlace(table=self.files, order_by=OWN_COLUMNS)

    @property
    def pattern(self) -> str:
        """The declared form of an access log's line."""
        return self.log_format or COMBINED[self.format]
