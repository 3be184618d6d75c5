"""Checks that several parts of the register need alike."""

from collections.abc import Collection, Iterable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from dsar_export.model.finding import Finding
from dsar_export.model.link import Link
from dsar_export.model.register import Source
from dsar_export.model.subject_key import SubjectKey
from dsar_export.register.hints import nearest


def unknown(
    where: str, key: str, names: Iterable[str], valid: Collection[str], what: str
) -> Iterator[Finding]:
    """The names that are none of the valid ones, each with the nearest that is."""
    for name in names:
        if name not in valid:
            yield Finding(where, key, f"unknown {what} {name!r}; {nearest(name, valid)}")


def unknown_zone(where: str, key: str, name: str) -> Iterator[Finding]:
    """A time zone that the database of zones does not have."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield from unknown(where, key, [name], available_timezones(), "time zone")


def tenant_findings(where: str, key: str, holder: Link | SubjectKey, source: Source) -> Iterator[Finding]:
    """Where several companies share a source, every key and link must say how their rows are told apart."""
    if holder.tenant_column is not None and holder.no_tenant is not None:
        yield Finding(where, key, "needs either tenant_column or no_tenant")
    if holder.tenant_column is not None:
        for controller in source.controllers:
            if not source.tenants.get(controller):
                yield Finding(
                    where,
                    f"{key}.tenant_column",
                    f"the source's tenants say nothing of controller {controller!r}",
                )
    elif len(source.controllers) > 1 and holder.no_tenant is None:
        yield Finding(
            where,
            key,
            f"the source holds data of {len(source.controllers)} controllers: name the tenant_column that tells their "
            "rows apart, or say in no_tenant why none is needed",
        )
