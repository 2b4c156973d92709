"""The kinds of rule: what each asks of a sentence besides its phrases.

To add a kind, write its test and add it to ``KINDS``; the table is also the manual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cardwatch.model import Actor, Features, StatementKind, Strength, Visibility
from cardwatch.rules.patterns import Pattern


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that a rule must meet, or must not."""

    text: str
    match: bool


@dataclass(frozen=True)
class Rule:
    """One rule as loaded. ``weight`` (0 to 1) is how much a statement that meets it matters.

    A sentence must hold one phrase of ``any``, one of every group in ``all``, and none of
    ``without``; ``near`` is the most words between the phrases (0: anywhere in the sentence).
    ``past`` marks matters that are policies even when told as done: what was trained on, who
    tested, on what condition something was released. The remaining fields belong to some kinds.
    """

    id: str
    pack: str
    says: str
    kind: str
    weight: float
    does: tuple[StatementKind, ...]
    path: Path
    any: tuple[Pattern, ...] = ()
    all: tuple[tuple[Pattern, ...], ...] = ()
    without: tuple[Pattern, ...] = ()
    near: int = 0
    past: bool = False
    concepts: frozenset[str] = frozenset()
    actor: frozenset[Actor] = frozenset()
    strength: Strength = Strength.NONE
    told: bool | None = None
    negated: bool | None = None
    units: frozenset[str] = frozenset()
    cues: frozenset[str] = frozenset()
    items: int = 0
    examples: tuple[Example, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rule: what it looks for, the keys it takes besides the common ones, its test.

    ``test`` sees a sentence's features after the rule's phrases have been found in it;
    ``None`` means that the phrases alone decide.
    """

    says: str
    keys: frozenset[str]
    required: frozenset[str]
    test: Callable[[Rule, Features], bool] | None


def _actor(rule: Rule, features: Features) -> bool:
    return not rule.actor or features.actor in rule.actor


def _obligation(rule: Rule, features: Features) -> bool:
    if rule.negated is not None and features.negated is not rule.negated:
        return False
    return features.strength >= rule.strength and _actor(rule, features)


def _visibility(rule: Rule, features: Features) -> bool:
    return features.visibility is (Visibility.TOLD if rule.told else Visibility.NOT_TOLD)


def _quantity(rule: Rule, features: Features) -> bool:
    return any(not rule.units or each.unit in rule.units for each in features.quantities)


def _cadence(_: Rule, features: Features) -> bool:
    return bool(features.cadences)


def _condition(rule: Rule, features: Features) -> bool:
    return any(not rule.cues or each.cue in rule.cues for each in features.conditions)


# Words that set two things against each other without taking one out of a rule.
_MERE_CONTRAST = frozenset(["however", "unlike"])


def _exception(rule: Rule, features: Features) -> bool:
    return any(
        each.cue in rule.cues if rule.cues else each.cue not in _MERE_CONTRAST
        for each in features.exceptions
    )


def _closed_list(rule: Rule, features: Features) -> bool:
    listed = features.enumeration
    return listed is not None and listed.closed and len(listed.items) >= max(2, rule.items)


def _universal(_: Rule, features: Features) -> bool:
    return features.universal


def _kind(
    says: str,
    test: Callable[[Rule, Features], bool] | None = None,
    *,
    keys: str = "",
    required: str = "any",
) -> Kind:
    return Kind(says, frozenset(keys.split()), frozenset(required.split()), test)


KINDS: Mapping[str, Kind] = {
    "mention": _kind("phrases in one sentence, near each other"),
    "obligation": _kind(
        "somebody is bound to do something, or not to, at least so strongly",
        _obligation,
        keys="actor strength negated",
        required="any strength",
    ),
    "visibility": _kind(
        "somebody is told of something (told = true), or is not",
        _visibility,
        keys="told",
        required="any told",
    ),
    "quantity": _kind("a figure with its unit is given", _quantity, keys="units"),
    "cadence": _kind("something happens at stated intervals", _cadence),
    "condition": _kind("something holds only if, when or until", _condition, keys="cues"),
    "exception": _kind("something does not hold in a case", _exception, keys="cues"),
    "closed-list": _kind("a list that claims to be whole", _closed_list, keys="items"),
    "universal": _kind("something is claimed for all cases", _universal),
}
