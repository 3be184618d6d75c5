"""Checks links against the plans of their sources: which an export would refuse, and which would be slow."""

from collections.abc import Collection, Iterator

from dsar_export.errors import RegisterError
from dsar_export.export.capabilities import planned_link
from dsar_export.interfaces import Snapshot
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.register.hints import location


def link_plan_findings(
    register: Register, source: str, snapshot: Snapshot, reported: Collection[str]
) -> Iterator[Finding]:
    """Problems with the links that use a source, skipping links with a key already in `reported`."""
    where = location(register)
    by_controller = register.organisation.sources[source].tenants.values()
    tenants = tuple(tenant for group in by_controller for tenant in group)
    for index, link in enumerate(register.organisation.links):
        link_key = f"links.{index}"
        if link.source != source or any(key.startswith(f"{link_key}.") for key in reported):
            continue
        try:
            probe = planned_link(snapshot, link, tenants)
        except RegisterError as error:
            yield Finding(where, link_key, str(error))
            continue
        if probe.without_index:
            yield Finding(
                where,
                f"{link_key}.given_column",
                "no index can be used for this column, so the source compares every row; docs/databases.md shows which "
                "index to add",
                warning=True,
            )
