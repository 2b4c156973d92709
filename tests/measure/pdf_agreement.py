"""How much of a document's Markdown form is found in its PDF form: two readers, one text.

``python -m tests.measure.pdf_agreement [CARD.md CARD.pdf]``; without arguments the pairs in
``../shared`` are measured. A sentence counts as found if its characters, white space aside,
stand in a row in the PDF's text. Sentences are cut here by a rule of one line, so that a fault
of the segmenter does not count as one of the reader.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from cardwatch.model import BlockKind, Document
from cardwatch.readers import read_bytes

SHARED = Path(__file__).parents[3] / "shared" / "real" / "fable-5"
_CUT = re.compile(r"(?<=[.!?:;])\s+(?=[A-Z“\"(\[])|\n")
# White space, and footnote marks: the typesetter numbered the notes anew.
_BLANK = re.compile(r"[\s⁰¹²³⁴⁵⁶⁷⁸⁹]+")


def sentences(document: Document) -> Iterator[tuple[BlockKind, str]]:
    """The sentences of a document, cut roughly; each cell of a table by itself."""
    for block in document.blocks:
        spans = [cell.span for cell in block.cells] or [block.span]
        for span in spans:
            for sentence in _CUT.split(document.quote(span)):
                if any(char.isalnum() for char in sentence):
                    yield block.kind, sentence.strip()


def measure(markdown: Path, pdf: Path) -> tuple[int, list[tuple[BlockKind, str]]]:
    """The number of sentences in the Markdown, and those that the PDF's text does not hold."""
    text = read_bytes(pdf.read_bytes(), location=str(pdf)).text
    bare = _BLANK.sub("", text)
    wanted = list(sentences(read_bytes(markdown.read_bytes(), location=str(markdown))))
    return len(wanted), [
        (kind, words) for kind, words in wanted if _BLANK.sub("", words) not in bare
    ]


def main(arguments: list[str]) -> None:
    """Print the share found for each pair, and with ``-v`` what was not."""
    verbose = "-v" in arguments
    paths = [Path(argument) for argument in arguments if argument != "-v"]
    pairs = (
        [(paths[0], paths[1])]
        if len(paths) == 2
        else [(path, path.with_suffix(".pdf")) for path in sorted(SHARED.glob("card-*.md"))]
    )
    for markdown, pdf in pairs:
        count, missing = measure(markdown, pdf)
        print(f"{pdf.name}: {count} sentences, {1 - len(missing) / count:.2%} found")
        if verbose:
            for kind, words in missing:
                print(f"  {kind.value}: {words}")


if __name__ == "__main__":
    main(sys.argv[1:])
