"""What a companion claims, and a contrast between that and a statement."""

from __future__ import annotations

from dataclasses import dataclass

from cardwatch.model import Features, Span


@dataclass(frozen=True, slots=True)
class Claim:
    """A passage of the companion that claims something general, with what it is about.

    ``about`` are the concepts of the passage and of the sentences that it refers back to;
    ``own`` its words, what it excepts left aside.
    """

    span: Span
    features: Features
    about: frozenset[str]
    nearby: frozenset[str]
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A statement against a passage of the companion; ``score`` (0 to 1) is how surely.

    ``contradicts`` is false where the companion is merely incomplete (an item outside its list).
    """

    kind: str
    span: Span
    score: float
    note: str
    contradicts: bool
