"""A document over many versions: when each statement came and went, and how it was reworded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cardwatch.model.document import Passage, Source
from cardwatch.model.results import Dimension, Outcome
from cardwatch.model.statement import StatementKind, Strength


class Upload(StrEnum):
    """What a version is to the one before it."""

    FIRST = "first version"
    NEW = "new version"
    SAME_BYTES = "same file"
    SAME_TEXT = "other file, same text"
    REPLACED = "replaced under the same label"
    NOISE = "replaced under the same label, noise only"
    RETURNED = "returned to an earlier text"


@dataclass(frozen=True, slots=True)
class Version:
    """One version; ``number`` counts from 1, ``label`` is the version or date it gives itself.

    ``changes`` is how many changes of substance lead to it from the version before, ``like``
    the number of the version whose text it repeats.
    """

    number: int
    source: Source
    title: str
    label: str
    upload: Upload
    changes: int = 0
    noise: int = 0
    like: int | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a statement and the versions (numbers, in order) that have it.

    ``said`` is what was judged: the words without list numbers and the edition's own number.
    """

    passage: Passage
    versions: tuple[int, ...]
    strength: Strength
    figures: tuple[str, ...] = ()
    conditions: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What became of a statement from one version to the next that has it."""

    before: int
    after: int
    outcome: Outcome
    dimensions: tuple[Dimension, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """A statement through all versions.

    ``path`` has for each version how firm the statement is against its first wording: the sum of
    its steps, each 1 for strengthened and -1 for weakened; ``None`` where it is missing.
    ``overall`` is the judgement of the last wording against the first, by itself: many small
    steps may make one large one. ``latest`` is where the last version that has it has it.
    """

    id: str
    wordings: tuple[Wording, ...]
    steps: tuple[Step, ...]
    first: int
    last: int
    path: tuple[int | None, ...]
    latest: Passage
    kinds: tuple[StatementKind, ...] = ()
    weight: float = 0.0
    overall: Outcome | None = None
    overall_dimensions: tuple[Dimension, ...] = ()


@dataclass(frozen=True, slots=True)
class Blame:
    """Where the words of one passage of the last version come from."""

    passage: Passage
    trace: Trace
    since: int


@dataclass(frozen=True, slots=True)
class History:
    """All versions in the order given, and the statements, those that drifted most first."""

    versions: tuple[Version, ...]
    traces: tuple[Trace, ...]
    blames: tuple[Blame, ...] = ()
