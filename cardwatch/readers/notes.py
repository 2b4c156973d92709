"""Footnotes that a page prints as plain digits and a list, tied together again."""

from __future__ import annotations

from cardwatch.readers.building import Builder


def tie_notes(builder: Builder) -> None:
    """Tie the items of a closing list of footnotes to the digits that call them."""
