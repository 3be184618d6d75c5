"""Checks that several parts of the register share."""

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
    """The invalid names, each with the nearest valid one."""
    for name in names:
        if name not in valid:
            yield Finding(where, key, f"unknown {what} {name!r}; {nearest(name, valid)}")


def unknown_zone(where: str, key: str, name: str) -> Iterator[Finding]:
    """A finding if the database of time zones does not know the name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield from unknown(where, key, [name], available_timezones(), "time zone")


def tenant_findings(where: str, key: str, holder: Link | SubjectKey, source: Source) -> Iterator[Finding]:
    """Keys and links that don't tell companies' rows apart: each must, where several companies share a source."""
    if holder.tenant_column is not None and holder.no_tenant is not None:
        yield Finding(where, key, "tenant_column and no_tenant exclude each other; keep one")
    if holder.tenant_column is not None:
        for controller in source.controllers:
            if not source.tenants.get(controller):
                yield Finding(
                    where,
                    f"{key}.tenant_column",
                    f"the source's tenants list no value for controller {controller!r}; add one",
                )
    elif len(source.controllers) > 1 and holder.no_tenant is None:
        yield Finding(
            where,
            key,
            f"the source holds data of {len(source.controllers)} controllers: name the tenant_column that tells their "
            "rows apart, or write in no_tenant why none is needed",
        )
