"""The only place that builds things: a register's folder -> the services that use cases need."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from dsar_export.errors import RegisterError, WrongUseError
from dsar_export.export.pipeline import Renderers
from dsar_export.folding import KeyRing
from dsar_export.interfaces import Collector, LetterRenderer, Opener, Progress
from dsar_export.model.register import Register, Source
from dsar_export.plugins import (
    BUILT_IN,
    collector_factory,
    collector_parts,
    dataset_renderer,
    document_renderer,
    letter_renderer,
    opener,
)
from dsar_export.register.files import PartsOf, read_register
from dsar_export.sealing.apart.parent import seal_apart
from dsar_export.sealing.members import seal_here
from dsar_export.use_cases.services import Services

DATASET_RENDERERS: Final = ("json_array", "csv_table")
# The data package lists the payload, and the bag hashes all others.
DOCUMENT_RENDERERS: Final = ("readme", "opener", "access_notice", "report_pdf", "data_package", "bag")
LETTER_RENDERER: Final = "letter_pdf"
OPENER: Final = "opener"


def build_services(folder: Path, progress: Progress) -> Services:
    """Reads the register and readies its collectors, without connecting to any source."""
    register = register_in(folder)
    allowed = allowed_plugins()
    renderers = Renderers(
        [dataset_renderer(name, allowed) for name in DATASET_RENDERERS],
        [document_renderer(name, allowed) for name in DOCUMENT_RENDERERS],
        seal_apart if processes() > 1 else seal_here,
    )
    return Services(register, build_collectors(register), read_keys(register), renderers, progress, now)


def build_letter_renderer() -> LetterRenderer:
    """What draws letters."""
    return letter_renderer(LETTER_RENDERER, allowed_plugins())


def build_opener() -> Opener:
    """The page that opens packages in a browser."""
    return opener(OPENER, allowed_plugins())


def parts_of() -> PartsOf:
    """The classes that validate each collector's own keys, of our own and of allowed plugins."""
    return partial(collector_parts, allowed=allowed_plugins())


def processes() -> int:
    """How many processes make an export: DSAR_PROCESSES, or two where this one may use several processors."""
    named = os.environ.get("DSAR_PROCESSES", "").strip()
    if named not in {"", "1", "2"}:
        raise WrongUseError("DSAR_PROCESSES is 1, or 2 for a second process that renders large datasets")
    return int(named) if named else min(usable_processors(), 2)


def usable_processors() -> int:
    """How many processors the system lets this process use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def register_in(folder: Path) -> Register:
    """Reads a register; the keys of each collector are validated by that collector."""
    return read_register(folder, parts_of())


def build_collectors(register: Register) -> Mapping[str, Collector]:
    """The collector of each source that is read, by the source's name."""
    sources = register.organisation.sources.items()
    return {name: _collector(register, name) for name, source in sources if source.held_for is None}


def collector_at(name: str, url: str) -> Collector:
    """The collector of a database that no register names yet, as seen from the current folder."""
    source = Source(kind="sql_database", url=url, controllers=("draft",))
    return collector_factory(source.kind, allowed_plugins())(name, source, Path())


def read_keys(register: Register) -> KeyRing:
    """The keys of hashed identifiers that the environment holds, by the register's name for them."""
    named = [key.hmac_key for d in register.datasets for key in d.subject_keys]
    named += [link.hmac_key for link in register.organisation.links]
    found = {name: os.environ.get(name.removeprefix("env:"), "") for name in named if name is not None}
    return {name: value.encode() for name, value in found.items() if value}


def allowed_plugins() -> frozenset[str]:
    """The distributions whose entry points are loaded: our own, and those that DSAR_PLUGINS names."""
    named = os.environ.get("DSAR_PLUGINS", "").split(",")
    return BUILT_IN | {name.strip() for name in named if name.strip()}


def now() -> datetime:
    return datetime.now(UTC)


def _collector(register: Register, name: str) -> Collector:
    source = register.organisation.sources[name]
    if source.url.startswith("env:"):
        variable = source.url.removeprefix("env:")
        url = os.environ.get(variable)
        if url is None:
            raise RegisterError(f"sources.{name}.url: the environment has no variable {variable}; set it")
        source = replace(source, url=url)
    return collector_factory(source.kind, allowed_plugins())(name, source, register.folder)
