"""Pictures of pages, as they are printed."""

from __future__ import annotations

from collections.abc import Sequence

from cardwatch.errors import ReadError
from cardwatch.model import MediaType, PagePicture, Source
from cardwatch.readers.options import ReadOptions
from cardwatch.readers.pdf.bombs import refuse_bombs
from cardwatch.readers.pdf.reading import opened

# Dots for each point: 144 to the inch, at which small print can be read.
_SCALE = 2.0
# A poster is drawn smaller, so that no page makes a picture of gigabytes (dots on the long side).
_LONGEST = 3_000


def page_pictures(
    data: bytes, numbers: Sequence[int], *, options: ReadOptions | None = None, where: str = ""
) -> tuple[PagePicture, ...]:
    """The pages of a PDF, by their numbers from 1, in colour on white.

    Raises ``ReadError`` in one of its forms when the PDF or a page cannot be drawn.
    """
    import pypdfium2 as pdfium

    source = Source(location=where, media_type=MediaType.PDF)
    refuse_bombs(data, where)
    found = []
    with opened(data, source, options or ReadOptions()) as document:
        for number in numbers:
            try:
                page = document[number - 1]
                width, height = page.get_size()
                scale = min(_SCALE, _LONGEST / max(width, height, 1.0))
                bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=_RGB)
            except (pdfium.PdfiumError, IndexError) as wrong:
                raise ReadError(f"page {number} cannot be drawn", where=where) from wrong
            rows = bytes(bitmap.buffer)
            kept = bitmap.width * 3
            pixels = b"".join(
                rows[at * bitmap.stride : at * bitmap.stride + kept] for at in range(bitmap.height)
            )
            found.append(PagePicture(number, bitmap.width, bitmap.height, scale, pixels))
            bitmap.close()
            page.close()
    return tuple(found)


# pdfium's number for three bytes a dot; with the byte order turned round they are red, green, blue.
_RGB = 2
