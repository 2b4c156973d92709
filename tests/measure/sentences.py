"""How well sentences are found: F1 over the ends of sentences, on the passages of the cases.

``python -m tests.measure.sentences`` prints cardwatch beside a plain rule (a stop, a blank, a
capital) and beside spaCy's rule-based sentencizer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from cardwatch.segment import sentence_spans
from tests.test_sentences import cases


def _plain(text: str) -> list[int]:
    return [*(m.start(1) for m in re.finditer(r"[.!?][\"”’)]*(\s+)(?=[A-Z])", text)), len(text)]


def _sentencizer() -> Callable[[str], list[int]]:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return lambda text: [
        each.start_char + len(each.text.rstrip()) for each in nlp(text).sents if each.text.strip()
    ]


def _cardwatch(text: str) -> list[int]:
    return [span.end for span in sentence_spans(text)]


def score(ends: Callable[[str], list[int]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the ends of sentences over all cases."""
    right = found = wanted = 0
    for _, passage, sentences in cases():
        gold, at = set(), 0
        for sentence in sentences:
            at = passage.index(sentence, at) + len(sentence)
            gold.add(at)
        mine = set(ends(passage))
        right, found, wanted = right + len(gold & mine), found + len(mine), wanted + len(gold)
    precision, recall = right / max(1, found), right / max(1, wanted)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _rows() -> Iterable[tuple[str, Callable[[str], list[int]]]]:
    yield "a stop, a blank, a capital", _plain
    yield "spaCy's sentencizer", _sentencizer()
    yield "cardwatch", _cardwatch


if __name__ == "__main__":
    print(f"{len(cases())} passages")
    for name, ends in _rows():
        precision, recall, f1 = score(ends)
        print(f"{name:30} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
