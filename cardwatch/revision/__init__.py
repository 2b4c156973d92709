"""Changes against what the publisher said of them: announced, partly announced or silent."""

from __future__ import annotations

from cardwatch.revision.accounts import (
    find_accounts,
    fresh,
    is_general,
    is_listed,
    relevant,
    remarks,
)
from cardwatch.revision.audit import audit
from cardwatch.revision.fates import follow
from cardwatch.revision.given import Given, Tools

__all__ = [
    "Given",
    "Tools",
    "audit",
    "find_accounts",
    "follow",
    "fresh",
    "is_general",
    "is_listed",
    "relevant",
    "remarks",
]
