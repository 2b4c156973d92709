"""The PDF reader: pages with fonts and boxes to one text with headings, notes and tables."""

from __future__ import annotations

from cardwatch.readers.pdf.reading import NAME, VERSION, read

__all__ = ["NAME", "VERSION", "read"]
