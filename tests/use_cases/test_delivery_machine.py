"""However links, downloads and passphrases are tried in turns: nothing is revealed twice, or handed out too late."""

import os
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.use_cases.machine_rules.handing_out import HandingOut
from tests.use_cases.offices import Office
from tests.use_cases.parcels import Parcels
from tests.worlds import World

EXAMPLES: Final = int(os.environ.get("MACHINE_EXAMPLES", "0"))
"""Of the long form on each database."""


def test_nothing_is_revealed_twice_or_handed_out_too_late(parcels: Parcels) -> None:
    made, services, register = parcels.office, parcels.services, parcels.register

    class Machine(HandingOut):
        def __init__(self) -> None:
            World(register).run("DELETE FROM reach")
            office = Office(made.installation, services, made.folder, made.anchor)
            super().__init__(Parcels(office, services, register))

    profile = settings(
        max_examples=EXAMPLES or 16,
        stateful_step_count=40,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=profile)
