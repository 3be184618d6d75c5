"""Links as their sources plan them: what an export would refuse, and what it would be slow with."""

from collections.abc import Collection, Iterator

from dsar_export.errors import RegisterError
from dsar_export.export.capabilities import planned_link
from dsar_export.interfaces import Snapshot
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.register.hints import location


def probed_links(
    register: Register, source: str, snapshot: Snapshot, told: Collection[str]
) -> Iterator[Finding]:
    """What is wrong with the links over a source; nothing of those of which a key of theirs says it already."""
    where = location(register)
    every = register.organisation.sources[source].tenants.values()
    tenants = tuple(tenant for held in every for tenant in held)
    for index, link in enumerate(register.organisation.links):
        at = f"links.{index}"
        if link.source != source or any(key.startswith(f"{at}.") for key in told):
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
                "no index serves it, so the source compares every row; docs/databases.md says which",
                warning=True,
            )
