"""Checks links against the plans of their sources: which an export would refuse, and which would be slow."""

from collections.abc import Collection, Iterator

from dsar_export.errors import RegisterError
from dsar_export.export.capabilities import planned_link
from dsar_export.interfaces import IndexAdviser, Snapshot
from dsar_export.model.finding import Finding
from dsar_export.model.index import Lookup
from dsar_export.model.link import Link
from dsar_export.model.register import Register
from dsar_export.model.source import Probe, SourceDescription
from dsar_export.register.hints import location
from dsar_export.register_check.indexes import Judge, unserved_finding


def link_plan_findings(
    register: Register,
    source: str,
    description: SourceDescription,
    snapshot: Snapshot,
    reported: Collection[str],
) -> Iterator[Finding]:
    """Problems with the links that use a source, skipping links with a key already in `reported`."""
    where = location(register)
    by_controller = register.organisation.sources[source].tenants.values()
    tenants = tuple(tenant for group in by_controller for tenant in group)
    for link_key, link in register.organisation.lookups.items():
        if link.source != source or any(key.startswith(f"{link_key}.") for key in reported):
            continue
        try:
            probe = planned_link(snapshot, link, tenants)
        except RegisterError as error:
            yield Finding(where, link_key, str(error))
            continue
        yield from _index_findings(where, f"{link_key}.given_column", link, description, snapshot, probe)


def _index_findings(
    where: str, key: str, link: Link, description: SourceDescription, snapshot: Snapshot, probe: Probe
) -> Iterator[Finding]:
    """Warns of a link that is looked up without an index; of a view, only the plan shows that."""
    judge = Judge(description, snapshot, probe.remote) if isinstance(snapshot, IndexAdviser) else None
    if judge is not None and judge.table(link.at.table) is not None:
        lookup = Lookup(link.at.table, link.given_column, link.comparison)
        found = judge.unserved(lookup, scanned=probe.without_index)
        if found is not None:
            yield unserved_finding(where, key, found)
    elif probe.without_index:
        yield Finding(
            where,
            key,
            "no index can be used for this column, so the source compares every row; give the column an index in the "
            f"table behind {link.at.table!r}",
            warning=True,
        )
