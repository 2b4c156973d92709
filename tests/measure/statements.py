"""How well policies are told from sentences that only sound like them, on invented sentences.

``python -m tests.measure.statements`` prints, for the sentences that the rules were tried on and
for those unseen, how many policies and how many others weigh at least so much. Each sentence
stands alone, under no heading: in a document its headings and neighbours tell more.
"""

from __future__ import annotations

import re
from pathlib import Path

from cardwatch.model import Document
from cardwatch.rules import find_statements, load_rules
from cardwatch.segment import describe, segment

CASES = Path(__file__).parents[1] / "cases" / "statements.md"
STEPS = (0.2, 0.35, 0.5, 0.6)


def cases() -> dict[str, list[str]]:
    """The sentences of each part of the cases."""
    parts = re.split(r"^## ", CASES.read_text(encoding="utf-8"), flags=re.M)[1:]
    return {
        part.split("\n", 1)[0].strip(): re.findall(r"^- (.+)$", part, flags=re.M) for part in parts
    }


def weight(text: str) -> float:
    """The weight of the heaviest statement in a text; 0 when there is none."""
    document = Document.from_text(text)
    found = find_statements(document, segment(document), describe, load_rules())
    return max((each.weight for each in found), default=0.0)


if __name__ == "__main__":
    for name, sentences in cases().items():
        weights = [weight(sentence) for sentence in sentences]
        shares = (f"{sum(w >= s for w in weights) / len(weights):5.0%} from {s:g}" for s in STEPS)
        print(f"{name:26} {len(sentences):3}  {'   '.join(shares)}")
