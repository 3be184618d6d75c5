"""The register against itself and against its live sources."""

from collections.abc import Mapping

from dsar_export.interfaces import Collector
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.register_check.references import broken_references
from dsar_export.register_check.sources import source_findings


def check_register(register: Register, collectors: Mapping[str, Collector]) -> tuple[Finding, ...]:
    """Everything that is wrong; SourceUnreadableError where a source does not answer."""
    return (*broken_references(register), *source_findings(register, collectors))
