"""Changes against what the publisher said of them: announced, partly announced or silent."""

from __future__ import annotations

from cardwatch.revision.accounts import (
    find_accounts,
    fresh,
    is_listed,
    names_of,
    relevant,
    remarks,
    telling,
)
from cardwatch.revision.audit import audit, select
from cardwatch.revision.given import Given, Tools
from cardwatch.revision.mending import mender

__all__ = [
    "Given",
    "Tools",
    "audit",
    "find_accounts",
    "fresh",
    "is_listed",
    "mender",
    "names_of",
    "relevant",
    "remarks",
    "select",
    "telling",
]
