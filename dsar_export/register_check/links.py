"""Links as their sources plan them: those that an export would refuse, and those that would be slow."""

from collections.abc import Collection, Iterator

from dsar_export.errors import RegisterError
from dsar_export.export.capabilities import planned_link
from dsar_export.interfaces import Snapshot
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.register.hints import location


def probed_links(
    register: Register, source: str, snapshot: Snapshot, reported: Collection[str]
) -> Iterator[Finding]:
    """Problems with the links over a source, except for links that have a key in `reported`."""
    where = location(register)
    every = register.organisation.sources[source].tenants.values()
    tenants = tuple(tenant for own in every for tenant in own)
    for index, link in enumerate(register.organisation.links):
        at = f"links.{index}"
        if link.source != source or any(key.startswith(f"{at}.") for key in reported):
            continue
        try:
            probe = planned_link(snapshot, link, tenants)
        except RegisterError as error:
            yield Finding(where, at, str(error))
            continue
        if probe.without_index:
            yield Finding(
                where,
                f"{at}.given_column",
                "no index serves this column, so the source compares every row; docs/databases.md shows which to add",
                warning=True,
            )
