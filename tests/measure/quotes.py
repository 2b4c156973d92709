"""How surely words are quoted, proved and checked: ``python -m tests.measure.quotes``.

Over the real documents beside the project, and web pages made of those that are Markdown: 500
passages through quote, JSON and verify; altered quotations, none of which may pass as exact;
honest variations, none of which may be refused. Of the PDFs also sentences that a page cuts, and
sentences without the marks that call their footnotes.
"""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import pairwise
from random import Random

import cardwatch
from cardwatch.model import BlockKind, Document, QuotationStatus, QuoteStatus, Span
from cardwatch.quotes import load_quote
from cardwatch.quotes.draft import Searched, checked
from cardwatch.quotes.marks import quotations_in
from cardwatch.reports import Citation, View, render
from cardwatch.segment import sentence_spans
from tests.altering import ALTERED, merged
from tests.measure.common import SHARED
from tests.varying import VARIED, marked

DOCUMENTS = (
    "real/fable-5/card-2026-06-09.pdf",
    "real/cards/opus-4.1.pdf",
    "real/cards/gpt-5.3-codex.pdf",
    "real/fable-5/card-2026-06-11.md",
    "real/cards/claude-4.md",
    "real/rsp/rsp-v3.0.txt",
    "real/fable-5/card-2026-06-09.md as html",
    "real/llama/llama3_1/MODEL_CARD.md as html",
    "real/rsp/announcement-v3.0.md as html",
    "corpora/demo/terms-v2.html",
    "corpora/demo/announcement.html",
)


_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head>
<body><header><nav><a href="/">Home</a> <a href="/news">News</a></nav></header><main><article>
{}</article></main><footer><p>All rights reserved.</p></footer></body></html>"""


def opened(name: str) -> Document:
    """A document by its name; ``as html`` sets the Markdown as a web page first."""
    path, _, form = name.partition(" as ")
    whole = SHARED / path if path.startswith("real") else SHARED.parent / "main" / path
    if not form:
        return cardwatch.read(whole)
    from markdown_it import MarkdownIt

    made = (
        MarkdownIt("commonmark", {"html": False}).enable("table").render(whole.read_text("utf-8"))
    )
    return cardwatch.read(_PAGE.format(made).encode(), media_type="html")


def across_pages(document: Document) -> list[str]:
    """Sentences that a page cuts: what stands between in print, nobody quotes."""
    found = []
    for page in document.pages[1:]:
        block = document.blocks[document.block_index(page.span.start)]
        if block.kind is BlockKind.PARAGRAPH and block.span.start < page.span.start:
            for span in sentence_spans(document.text, block.span.start, block.span.end):
                words = document.quote(span)
                plain = not set(words) & set('“”"[]…\n')
                if span.start < page.span.start < span.end and plain and len(words) > 30:
                    found.append(words)
    return found


def without_calls(document: Document) -> list[str]:
    """Sentences that call a footnote, without the mark that does."""
    found = []
    for note in document.footnotes:
        for mark in note.marks:
            block = document.blocks[document.block_index(mark.start)]
            for span in sentence_spans(document.text, block.span.start, block.span.end):
                if span.contains(mark) and block.kind is BlockKind.PARAGRAPH:
                    text = document.text
                    words = text[span.start : mark.start] + text[mark.end : span.end]
                    if not set(words) & set('“”"[]…\n⁰¹²³⁴⁵⁶⁷⁸⁹') and len(words) > 30:
                        found.append(words)
    return found


def passages(document: Document, number: int, chance: Random) -> list[Span]:
    """Runs of 20 to 400 characters from anywhere, words whole."""
    found: list[Span] = []
    text = document.text
    while len(found) < number:
        start = chance.randrange(len(text) - 20)
        end = min(len(text), start + chance.randrange(20, 400))
        while start and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        span = Span(start, end)
        if document.quote(span).strip():
            found.append(span)
    return found


def sentences(document: Document) -> list[str]:
    """Sentences of paragraphs, long enough to be quoted, on one line, without quotation marks."""
    found = []
    for block in document.blocks:
        if block.kind is not BlockKind.PARAGRAPH:
            continue
        for span in sentence_spans(document.quote(block.span)):
            words = document.text[block.span.start + span.start : block.span.start + span.end]
            plain = not set(words) & set('“”"«»…[]¹²³⁴⁵⁶⁷⁸⁹⁰*_`\n') and "..." not in words
            if 40 <= len(words) <= 400 and plain and words[0].isupper():
                found.append(words.strip())
    return found


def round_trip(document: Document, spans: list[Span]) -> int:
    """How many quotes come back from JSON as they were and verify as exact."""
    good = 0
    for span in spans:
        quoted = cardwatch.quote(document, span)
        loaded = load_quote(render(Citation(quoted, document), "json", View()))
        result = cardwatch.verify(loaded, document)
        good += loaded == quoted and result.status is QuoteStatus.EXACT
    return good


def judged(words: str, source: Searched, chance: Random) -> tuple[str, list[QuotationStatus]]:
    draft = Document.from_text(marked(words, chance))
    found = [checked(draft.text, each, [source]) for each in quotations_in(draft)]
    return draft.text, [each.status for each in found[:1]]


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--each", type=int, default=70, help="passages of each document")
    arguments.add_argument("--sentences", type=int, default=60, help="sentences of each document")
    chosen = arguments.parse_args()
    counts: Counter[str] = Counter()
    by_kind: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for name in DOCUMENTS:
        chance = Random(name)
        document = opened(name)
        spans = passages(document, chosen.each, chance)
        counts["passages"] += len(spans)
        counts["round trips exact"] += round_trip(document, spans)
        source = Searched(document)
        known = sentences(document)
        taken = chance.sample(range(len(known)), min(chosen.sentences, len(known)))
        for at in taken:
            for sign, makers in (("altered", ALTERED), ("varied", VARIED)):
                for kind, make in makers.items():
                    words = make(known[at], chance)
                    if words is None:
                        continue
                    draft, statuses = judged(words, source, chance)
                    exact = statuses == [QuotationStatus.EXACT]
                    counts[sign] += 1
                    by_kind[sign, kind] += 1
                    if exact == (sign == "altered"):
                        counts[f"{sign} wrongly judged"] += 1
                        wrong.append(f"{sign}: {kind}: {draft}\n   of: {known[at]}")
        for kind, rows in (
            ("across pages", across_pages(document)),
            ("footnote marks left out", without_calls(document)),
        ):
            for words in rows[:100]:
                draft, statuses = judged(words, source, chance)
                counts["varied"] += 1
                by_kind["varied", kind] += 1
                if statuses != [QuotationStatus.EXACT]:
                    counts["varied wrongly judged"] += 1
                    wrong.append(f"varied: {kind}: {draft}")
        for one, other in list(pairwise(known))[:: max(1, len(known) // 20)]:
            counts["altered"] += 1
            by_kind["altered", "merged sentences"] += 1
            if judged(merged(one, other), source, chance)[1] == [QuotationStatus.EXACT]:
                counts["altered wrongly judged"] += 1
                wrong.append(f"altered: merged: {merged(one, other)}")
    print("\n".join(wrong[:60]))
    for (sign, kind), number in sorted(by_kind.items()):
        print(f"  {sign:8} {kind:26} {number:5}")
    for name, number in sorted(counts.items()):
        print(f"{name:24} {number:6}")


if __name__ == "__main__":
    main()
