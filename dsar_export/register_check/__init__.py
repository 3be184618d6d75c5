"""The register against itself and against its live sources."""

from collections.abc import Iterator, Mapping

from dsar_export.export.capabilities import described
from dsar_export.folding import KeyRing
from dsar_export.interfaces import Collector
from dsar_export.language.catalogue import has_catalogue, languages
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.register.catalogue_facts import waiting_sources
from dsar_export.register.hints import location
from dsar_export.register.made_schemas import catalogue_facts, with_facts
from dsar_export.register_check.descriptions import unknown_types
from dsar_export.register_check.provenance import undecided_recipients
from dsar_export.register_check.references import broken_references
from dsar_export.register_check.sources import source_findings
from dsar_export.register_check.translations import translation_findings


def check_register(
    register: Register, collectors: Mapping[str, Collector], keys: KeyRing
) -> tuple[Finding, ...]:
    """Every problem of the register; raises SourceUnreadableError if a source does not answer."""
    waiting = waiting_sources(register)
    found_there = {
        name: described(c, register.parts_in(name)) for name, c in collectors.items() if name in waiting
    }
    unknown = tuple(unknown_types(register, found_there))
    register = with_facts(register, catalogue_facts(register, found_there))
    found = (
        *unknown,
        *broken_references(register),
        *_languages_without_catalogue(register),
        *_missing_keys(register, keys),
    )
    warned = (*undecided_recipients(register), *translation_findings(register))
    return (*found, *warned, *source_findings(register, collectors))


def _languages_without_catalogue(register: Register) -> Iterator[Finding]:
    """Controllers whose language has no catalogue, so that reports in it can't be written."""
    for key, controller in register.organisation.controllers.items():
        if not has_catalogue(controller.language):
            yield Finding(
                location(register),
                f"controllers.{key}.language",
                f"reports are not available in {controller.language!r}; choose one of {', '.join(languages())}",
            )


def _missing_keys(register: Register, keys: KeyRing) -> Iterator[Finding]:
    """Keys of hashed identifiers that the environment lacks: without its key, a hash matches nobody."""
    for index, link in enumerate(register.organisation.links):
        yield from _missing(location(register), f"links.{index}", link.hmac_key, keys)
    for dataset in register.datasets:
        for index, key in enumerate(dataset.subject_keys):
            yield from _missing(location(register, dataset), f"subject_keys.{index}", key.hmac_key, keys)


def _missing(where: str, at: str, name: str | None, keys: KeyRing) -> Iterator[Finding]:
    if name is not None and name not in keys:
        variable = name.removeprefix("env:")
        yield Finding(where, f"{at}.hmac_key", f"the environment has no variable {variable}; set it")
