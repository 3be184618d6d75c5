"""Completes the schemas of a register from the catalogues of its sources, before anything is compiled or read."""

from collections.abc import Mapping
from dataclasses import replace

from dsar_export.model.register import Register
from dsar_export.model.source import SourceDescription
from dsar_export.register.made_schemas import catalogue_facts, with_facts
from dsar_export.register_check.descriptions import unknown_types
from dsar_export.register_check.references import refuse
from dsar_export.use_cases.services import Services


def with_catalogues(services: Services, descriptions: Mapping[str, SourceDescription]) -> Services:
    """The services with a register whose datasets in these sources have whole schemas.

    The same register comes back for each person, with its plans, until a catalogue says something else. RegisterError
    if no catalogue says what a field is.
    """
    base = services.register
    facts = catalogue_facts(base, descriptions)
    if not facts:
        return services

    def completed() -> Register:
        refuse(unknown_types(base, descriptions))
        return with_facts(base, facts)

    return replace(services, register=services.kept.derived(("catalogues", facts), completed, base))
