"""How long ten thousand statements take against a small companion, and how time grows.

``python -m tests.bench.disclosure``
"""

from __future__ import annotations

import random
import time

from cardwatch.disclosure import find_disclosure
from cardwatch.model import Document
from cardwatch.segment import describe_text, load_lexicon, segment
from tests.measure.common import index_of

_SUBJECTS = [
    "We",
    "The company",
    "Customers",
    "A reviewer",
    "The model",
    "Our partners",
    "An auditor",
]
_VERBS = [
    "delete",
    "keep",
    "publish",
    "evaluate",
    "notify",
    "restrict",
    "share",
    "approve",
    "train",
    "monitor",
]
_OBJECTS = [
    "the logs",
    "all personal data",
    "the safety report",
    "each deployment",
    "a request",
    "model weights",
    "the account",
    "an incident",
    "the threshold",
    "the audit results",
    "a subscription",
    "the classifier",
]
_TAILS = [
    "within 30 days",
    "before release",
    "if the law requires it",
    "without notice",
    "every six months",
    "for research",
    "unless the board objects",
    "after review",
    "in the European Union",
    "on request",
]


def sentences(count: int, seed: int) -> list[str]:
    """Made-up policy sentences with a number each, so that no two are the same."""
    pick = random.Random(seed)
    return [
        f"{pick.choice(_SUBJECTS)} will {pick.choice(_VERBS)} {pick.choice(_OBJECTS)} "
        f"{pick.choice(_TAILS)} under rule {n}, which covers {pick.choice(_OBJECTS)} "
        f"{pick.choice(_TAILS)}."
        for n in range(count)
    ]


def main() -> None:
    asked = [describe_text(sentence) for sentence in sentences(10_000, 1)]
    for words in (1_500, 3_000, 6_000):
        index = index_of(Document.from_text("\n\n".join(sentences(words // 17, 2))))
        for count in (2_500, 5_000, 10_000):
            start = time.perf_counter()
            for features in asked[:count]:
                find_disclosure(features, index)
            took = time.perf_counter() - start
            print(
                f"{count:6} statements, {words:5} words: {took:6.2f} s, "
                f"{1e3 * took / count:.2f} ms each"
            )
    document = Document.from_text("\n\n".join(sentences(80_000 // 17, 3)))
    found = segment(document)
    lexicon = load_lexicon()
    from cardwatch.disclosure import PassageIndex

    start = time.perf_counter()
    PassageIndex(document, found, lexicon.concepts_in, lexicon.of_words)
    print(f"index of 80,000 words: {time.perf_counter() - start:.2f} s beyond segmentation")


if __name__ == "__main__":
    main()
