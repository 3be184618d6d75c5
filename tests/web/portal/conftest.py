"""One office with an open portal for the tests of a module, and Sam with an address on file."""

from collections.abc import Iterator

import pytest

from tests.use_cases.parcels import FIRST, LONG_AGO
from tests.use_cases.reached import reach, reached_register
from tests.web.conftest import parcels_in
from tests.web.portal.portals import Gate, gate


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    folder = tmp_path_factory.mktemp("portal")
    parcels = parcels_in(folder, reached_register(folder / "register"))
    parcels.reached(FIRST)
    for number in range(2, 31):
        reach(parcels.register, f"C-{number}", f"person{number}@example.org", (LONG_AGO, None))
    with gate(parcels) as made:
        yield made
    parcels.office.installation.engine.dispose()
