"""What can be written onto the pages of a document."""

from __future__ import annotations

from dataclasses import dataclass

from cardwatch.model.document import Box


@dataclass(frozen=True, slots=True)
class PageNote:
    """Rectangles to be highlighted as one, and the note that goes with them.

    ``name`` is unique in its document; ``color`` is red, green and blue, each 0 to 255.
    """

    name: str
    boxes: tuple[Box, ...]
    title: str
    text: str
    color: tuple[int, int, int]
