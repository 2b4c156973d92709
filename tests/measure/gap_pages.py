"""Is the page of every gap right?  python -m tests.measure.gap_pages DOCUMENT.pdf COMPANION ...

Each gap's first words are looked for in the text of the page that it names, as pdfium itself
gives that page, without anything of the reader in between.
"""

from __future__ import annotations

import re
import sys
import unicodedata

import pypdfium2

import cardwatch

WORDS = 30


def bare(text: str) -> str:
    """Letters and digits only: blanks, hyphens and marks differ between the two texts."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def wrong_pages(path: str, companion: str) -> tuple[int, list[str]]:
    """How many gaps there are, and those whose words do not stand on their page."""
    pdf = pypdfium2.PdfDocument(path)
    pages = [bare(page.get_textpage().get_text_bounded()) for page in pdf]
    gaps = cardwatch.find_gaps(cardwatch.read(path), cardwatch.read(companion)).gaps
    wrong = [
        f"page {gap.page}: {gap.quote[:60]!r}"
        for gap in gaps
        if gap.page is None or bare(gap.quote)[:WORDS] not in pages[gap.page - 1]
    ]
    return len(gaps), wrong


def main() -> None:
    for path, companion in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        count, wrong = wrong_pages(path, companion)
        print(f"{count - len(wrong):4} of {count:<4} {path}")
        for line in wrong:
            print(f"     {line}")


if __name__ == "__main__":
    main()
