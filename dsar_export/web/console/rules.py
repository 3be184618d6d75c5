"""All deeds, and who may do each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.web.console.deeds.complaints import COMPLAINTS
from dsar_export.web.console.deeds.deciding import DECIDING
from dsar_export.web.console.deeds.deed import Deed
from dsar_export.web.console.deeds.intake import INTAKE
from dsar_export.web.console.deeds.work import HANDING_OUT, WORKING
from dsar_export.web.console.identifying import IDENTIFYING
from dsar_export.web.console.letter import WRITING
from dsar_export.web.console.records import READING
from dsar_export.web.staff.routes import Rule

DEEDS: Final[Mapping[str, Deed]] = MappingProxyType({**INTAKE, **WORKING, **DECIDING, **COMPLAINTS})
RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {"identify": IDENTIFYING, "letter": WRITING, "records": READING, "reveal": HANDING_OUT}
    | {name: deed.rule for name, deed in DEEDS.items()}
)
"""Those with a page of their own too."""
