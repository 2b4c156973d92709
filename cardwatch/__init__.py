"""Find what a policy document says that its companion announcement leaves out.

The public names below are loaded on first use, so that ``import cardwatch`` costs
nothing and ``cardwatch --help`` loads no parser and no language model.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cardwatch.app import (
        assess_change,
        audit_revision,
        check_draft,
        compare,
        find_announcement,
        find_commitments,
        find_disclosure,
        find_gaps,
        find_statements,
        quote,
        read,
        trace_history,
        verify,
    )
    from cardwatch.errors import CardwatchError
    from cardwatch.model import Document, Span

__version__ = "0.1.0"

_HOMES = {
    "CardwatchError": "cardwatch.errors",
    "Document": "cardwatch.model",
    "Span": "cardwatch.model",
    "assess_change": "cardwatch.app",
    "audit_revision": "cardwatch.app",
    "check_draft": "cardwatch.app",
    "compare": "cardwatch.app",
    "find_announcement": "cardwatch.app",
    "find_commitments": "cardwatch.app",
    "find_disclosure": "cardwatch.app",
    "find_gaps": "cardwatch.app",
    "find_statements": "cardwatch.app",
    "quote": "cardwatch.app",
    "read": "cardwatch.app",
    "trace_history": "cardwatch.app",
    "verify": "cardwatch.app",
}

__all__ = [
    "CardwatchError",
    "Document",
    "Span",
    "__version__",
    "assess_change",
    "audit_revision",
    "check_draft",
    "compare",
    "find_announcement",
    "find_commitments",
    "find_disclosure",
    "find_gaps",
    "find_statements",
    "quote",
    "read",
    "trace_history",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home module on first use."""
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module 'cardwatch' has no attribute {name!r}") from None
    return getattr(import_module(home), name)
