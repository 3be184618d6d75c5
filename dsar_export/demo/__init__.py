"""An invented organisation to try everything with: its register, and a generator of its data."""

from dsar_export.demo.canaries import MAPPED_TABLES, canary, secret_canary
from dsar_export.demo.organisation import DemoPerson, write_organisation

__all__ = ["MAPPED_TABLES", "DemoPerson", "canary", "secret_canary", "write_organisation"]
