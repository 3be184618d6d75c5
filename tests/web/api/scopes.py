"""Which scope each call of the API needs: a call that is not in this table fails the walk."""

from collections.abc import Mapping
from typing import Final

from dsar_export.model.api import Scope

SCOPES: Final[Mapping[tuple[str, str], Scope]] = {
    ("post", "/requests"): Scope.OPEN,
    ("get", "/requests"): Scope.READ,
    ("get", "/requests/{reference}"): Scope.READ,
    ("get", "/requests/{reference}/progress"): Scope.READ,
    ("post", "/requests/{reference}/link"): Scope.DELIVER,
    ("post", "/requests/{reference}/verify"): Scope.VERIFY,
    ("post", "/requests/{reference}/reveal"): Scope.REVEAL,
}
