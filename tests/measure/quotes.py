"""How surely words are quoted, proved and checked: ``python -m tests.measure.quotes``.

Over the real documents beside the project: 500 passages through quote, JSON and verify; altered
quotations, none of which may pass as exact; honest variations, none of which may be refused.
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
from tests.altering import ALTERED, VARIED, marked, merged
from tests.measure.common import SHARED

DOCUMENTS = (
    "real/fable-5/card-2026-06-09.pdf",
    "real/cards/opus-4.1.pdf",
    "real/cards/gpt-5.3-codex.pdf",
    "real/fable-5/card-2026-06-11.md",
    "real/cards/claude-4.md",
    "real/rsp/rsp-v3.0.txt",
    "corpora/demo/terms-v2.html",
    "corpora/demo/announcement.html",
)


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
        path = SHARED / name if name.startswith("real") else SHARED.parent / "main" / name
        document = cardwatch.read(path)
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
