"""What a change touches and how much it matters: effects, and the rank that follows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from cardwatch.diff.edits import Edit
from cardwatch.diff.sections import tells_of_changes
from cardwatch.diff.tokens import Token, TokenKind
from cardwatch.model import (
    Actor,
    BlockKind,
    Document,
    Effect,
    Features,
    Reason,
    Span,
    Strength,
    Visibility,
)

# How much each effect matters, 0 to 1. An ordering by judgement, from what turns a statement
# round to what only words it otherwise; the distances matter less than the order.
WEIGHTS = {
    Effect.VISIBILITY: 1.0,
    Effect.NEGATION: 0.9,
    Effect.OBLIGATION: 0.85,
    Effect.DISCLOSURE: 0.75,
    Effect.CONDITION: 0.7,
    Effect.CONSEQUENCE: 0.65,
    Effect.SCOPE: 0.65,
    Effect.LIST: 0.72,
    Effect.ACTOR: 0.55,
    Effect.QUANTITY: 0.6,
    Effect.WORDING: 0.3,
    Effect.EMPHASIS: 0.2,
}
_NEGATIVE = frozenset("not no never none neither nor nothing nobody without".split())
_MODAL = frozenset(
    "must shall will would should may might can could cannot commit committed commits intend "
    "intends aim aims expect expects plan plans consider recommend recommended recommends "
    "encourage encouraged require required requires prohibit prohibited prohibits permit "
    "permitted permits allow allowed allows obliged ought seek seeks strive try".split()
)
_CONDITION = frozenset(
    "if unless until when whenever where once provided except excluding before after subject "
    "only notwithstanding depending otherwise however despite besides".split()
)
_VISIBLE = re.compile(
    r"^(?:notif\w+|notice|inform(?:s|ed|ing)?|visible|visibly|visibility|invisibl\w+|hidden|"
    r"conceal\w*|silent(?:ly)?|secret\w*|covert\w*|transparen\w+|aware|alert(?:s|ed)?|told|tell)$"
)
_DISCLOSE = re.compile(
    r"^(?:disclos\w+|publish\w*|publication|public|publicly|report(?:s|ed|ing)?|announc\w+|"
    r"shar(?:e|es|ed|ing)|release[sd]?|redact\w*|confidential\w*|document(?:ed)?)$"
)
_CONSEQUENCE = re.compile(
    r"^(?:terminat\w+|suspen[ds]\w*|paus(?:e|es|ed|ing)|halt\w*|block(?:s|ed|ing)?|revok\w+|"
    r"penalt\w+|liab\w+|refus\w+|restrict\w*|limit(?:s|ed|ing|ation|ations)?|remov(?:e|es|ed|al)|"
    r"delet\w+|ban(?:s|ned)?|stop(?:s|ped)?|withdraw\w*|remed\w+|enforc\w+|fallback|escalat\w+|"
    r"sanction\w*|indemnif\w+)$"
)
# A practice that ended or gave way to another.
_ENDED = re.compile(r"^(?:replac(?:es?|ed|ing)|discontinu\w+|deprecat\w+|supersed\w+|abandon\w*)$")
_SCOPE = frozenset(
    "all any every each some most many few several only solely exclusively certain specific "
    "limited additional other others entire whole general broad narrow narrowly always "
    "sometimes generally typically usually partly fully both either primarily mainly including "
    "constant constantly consistent consistently uniform uniformly throughout "
    "such lower higher greater fewer more less least".split()
)
_ACTOR = frozenset(
    "we us ours you users user customers customer provider providers deployer operators "
    "operator developers developer licensee licensor company third party parties board council "
    "officer ceo staff employees team teams vendor vendors partner partners auditor auditors "
    "regulator regulators government governments organization organizations affiliate "
    "affiliates subsidiary subsidiaries contractor contractors".split()
)
_NUMBERED = re.compile(
    r"^(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|"
    r"million|billion|half|third|quarter|double|triple|daily|weekly|monthly|quarterly|annually|"
    r"annual|yearly|days?|hours?|weeks?|months?|years?|minimum|maximum|percent|max|min|low|"
    r"medium|high|zero|once|twice)$"
)
# An item that came into a list or left it is short and has no subject of its own.
_ITEM_WORDS = 8
_CLAUSAL = frozenset("we you it they he she that which who this these those because".split())
_COMPARED = frozenset(
    "lower higher better worse above below greater fewer less more stronger weaker larger "
    "smaller faster slower longer shorter similar same comparable equal exceeds".split()
)
_SWAP_WORDS = 12
_MEASURES = frozenset("percent money days hours flop tokens ratio".split())
# Sections whose subject is measuring rather than policy.
_MEASURING = re.compile(
    r"\b(?:evaluat\w+|results?|benchmarks?|performance|capabilit(?:y|ies)|experiments?|scores?|"
    r"acknowledge?ments?|references|bibliography|examples?|transcripts?|credits|citations?)\b",
    re.IGNORECASE,
)
# Sections whose subject is what holds for users and for the publisher.
_POLICY = re.compile(
    r"\b(?:safeguards?|polic(?:y|ies)|commitments?|terms|rights|obligations?|mitigations?|"
    r"restrictions?|requirements?|use|usage|privacy|data|security|licen[cs]es?|deployments?|"
    r"release|governance|accountability|responsib\w+|liability|enforcement|retention|sharing|"
    r"prohibit\w*|disclosure|transparency|notice|monitoring|termination)\b",
    re.IGNORECASE,
)
# What an appendix says counts for less.
APPENDED = 0.8
_PLACES = {
    BlockKind.FOOTNOTE: 0.75,
    BlockKind.TABLE: 0.6,
    BlockKind.CAPTION: 0.55,
    BlockKind.QUOTE: 0.7,
    BlockKind.CODE: 0.4,
    BlockKind.HEADING: 0.7,
}
_BINDING = {
    Strength.COMMITTED: 1.0,
    Strength.INTENDED: 0.85,
    Strength.POSSIBLE: 0.75,
    Strength.RECOMMENDED: 0.7,
    Strength.NONE: 0.55,
}


def effects_of(edits: Sequence[Edit]) -> tuple[Effect, ...]:
    """The effects of the words that edits put in and take out, weightiest first."""
    found: set[Effect] = set()
    for edit in edits:
        found |= _effects(edit)
    if not found:
        found.add(Effect.WORDING)
    return ordered(found)


def ordered(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Effects by weight, then name."""
    return tuple(sorted(set(effects), key=lambda effect: (-WEIGHTS[effect], effect)))


def _effects(edit: Edit) -> set[Effect]:
    gone, come = _difference(edit.old, edit.new)
    words = [*gone, *come]
    found: set[Effect] = set()
    if sum(w in _NEGATIVE for w in gone) != sum(w in _NEGATIVE for w in come):
        found.add(Effect.NEGATION)
    for effect, vocabulary in (
        (Effect.OBLIGATION, _MODAL),
        (Effect.CONDITION, _CONDITION),
        (Effect.SCOPE, _SCOPE),
        (Effect.ACTOR, _ACTOR),
    ):
        if any(word in vocabulary for word in words):
            found.add(effect)
    for effect, pattern in (
        (Effect.VISIBILITY, _VISIBLE),
        (Effect.DISCLOSURE, _DISCLOSE),
        (Effect.CONSEQUENCE, _CONSEQUENCE),
        (Effect.CONSEQUENCE, _ENDED),
        (Effect.QUANTITY, _NUMBERED),
    ):
        if any(pattern.match(word) for word in words):
            found.add(effect)
    kinds = Counter(token.kind for token in (*edit.old, *edit.new))
    counted = kinds[TokenKind.NUMBER] or kinds[TokenKind.SIGN]
    if counted and _numbers(edit.old) != _numbers(edit.new):
        found.add(Effect.QUANTITY)
    if _names(edit.old) != _names(edit.new):
        found.add(Effect.ACTOR)
    if kinds[TokenKind.REFERENCE] and edit.old and edit.new:
        found.add(Effect.SCOPE)
    if _list_item(edit):
        found.add(Effect.LIST)
    return found


def tells(word: str) -> bool:
    """Whether a lower-case word is one of telling, showing or hiding."""
    return bool(_VISIBLE.match(word))


def swaps_value(edits: Sequence[Edit]) -> bool:
    """Whether an edit puts one figure, degree or comparison in the place of another."""
    return any(
        edit.old
        and edit.new
        and len(edit.old) + len(edit.new) <= _SWAP_WORDS
        and (
            Effect.QUANTITY in _effects(edit)
            or any(token.canon in _COMPARED for token in (*edit.old, *edit.new))
        )
        for edit in edits
    )


def _difference(old: Sequence[Token], new: Sequence[Token]) -> tuple[list[str], list[str]]:
    """The words that one side has more often than the other."""
    left = Counter(t.canon for t in old if not _is_title(t))
    right = Counter(t.canon for t in new if not _is_title(t))
    return sorted((left - right).elements()), sorted((right - left).elements())


def _is_title(token: Token) -> bool:
    """Whether a word that can name an act is capitalised as in the title of a document."""
    act = _DISCLOSE.match(token.canon) or _VISIBLE.match(token.canon)
    return token.text[:1].isupper() and bool(act)


def _numbers(tokens: Sequence[Token]) -> list[str]:
    return [t.canon for t in tokens if t.kind in (TokenKind.NUMBER, TokenKind.SIGN)]


def _names(tokens: Sequence[Token]) -> frozenset[str]:
    """Words in capitals, or capitalised after another word, and the numbers of names."""
    return frozenset(
        token.canon
        for before, token in zip([None, *tokens], tokens, strict=False)
        if token.kind is TokenKind.WORD
        and (
            (token.text[:1].isupper() and (before is not None or token.text[1:2].isupper()))
            or token.text[:1].isdigit()
        )
    )


def _list_item(edit: Edit) -> bool:
    """Whether words came into a list or left it: they stand beside a comma or an "and"."""
    if bool(edit.old) == bool(edit.new) and not any(
        token.canon in {",", ";"} for token in (*edit.old, *edit.new)
    ):
        return False
    tokens = (*edit.old, *edit.new)
    joined = {",", "and", "or", ";"}
    words = [t for t in tokens if t.kind is TokenKind.WORD and t.canon not in joined]
    if len(words) > _ITEM_WORDS or any(t.canon in _CLAUSAL for t in words):
        return False
    return bool(words) and (tokens[0].canon in joined or tokens[-1].canon in joined)


def effects_of_passage(features: Features) -> tuple[Effect, ...]:
    """What a passage that came or went says, weightiest first."""
    found: set[Effect] = set()
    # a capitalised Report or Notice is a title, not an act
    words = re.findall(r"\b[a-z]+\b", features.text)
    if features.visibility is not Visibility.UNSAID and any(_VISIBLE.match(w) for w in words):
        found.add(Effect.VISIBILITY)
    if features.strength >= Strength.INTENDED and features.actor in (
        Actor.PUBLISHER,
        Actor.USER,
        Actor.SAFEGUARD,
    ):
        found.add(Effect.OBLIGATION)
        if features.negated:
            found.add(Effect.NEGATION)
        if any(_CONSEQUENCE.match(word) for word in words):
            found.add(Effect.CONSEQUENCE)
    if any(_ENDED.match(word) for word in words):
        found.add(Effect.CONSEQUENCE)
    if any(_DISCLOSE.match(word) for word in words):
        found.add(Effect.DISCLOSURE)
    if features.exceptions:
        found.add(Effect.CONDITION)
    if any(q.unit in _MEASURES or q.comparator != "=" for q in features.quantities):
        found.add(Effect.QUANTITY)
    return ordered(found or {Effect.WORDING})


def standing(document: Document, span: Span) -> tuple[float, str]:
    """How prominent a place is, 0 to 1, and what makes it so."""
    section = document.section_at(span.start)
    trail = section.path or (section.title,)
    if tells_of_changes(section):
        return 0.35, "tells of changes"
    block = document.blocks[document.block_index(span.start)] if document.blocks else None
    value, why = (_PLACES.get(block.kind, 1.0), block.kind.value) if block else (1.0, "text")
    if any(_POLICY.search(title) for title in trail):
        why = f"{why} among policies"
    else:
        measuring = any(_MEASURING.search(title) for title in trail)
        value *= 0.7 if measuring else 0.85
        why = f"{why} among results" if measuring else why
    if section.appendix:
        value, why = value * APPENDED, f"{why} in an appendix"
    return round(value, 4), why


def rank(
    effects: Sequence[Effect], binding: float, place: float, size: float
) -> tuple[float, tuple[Reason, ...]]:
    """The rank of a change, 0 to 1, with its terms.

    The weightiest effect counts most, each further one a little; ``binding`` is how surely the
    passage is a statement, ``place`` how prominent it is, ``size`` how much changed.
    """
    weights = sorted((WEIGHTS[effect] for effect in effects), reverse=True) or [0.0]
    effect = weights[0] + 0.06 * sum(weights[1:4])
    score = (effect + 0.3 * size * (1 - effect)) * (0.35 + 0.65 * binding) * place
    reasons = (
        Reason("effect", round(weights[0], 4), 1.0, ", ".join(effects)),
        Reason("statement", round(binding, 4), 0.65),
        Reason("place", round(place, 4), 1.0),
        Reason("size", round(size, 4), 0.3),
    )
    return round(min(1.0, score / 1.18), 4), reasons


def binding_of(features: Features) -> float:
    """How surely a passage binds somebody, 0 to 1, by its strength, its actor and its matter."""
    value = _BINDING[features.strength]
    if features.actor in (Actor.MODEL, Actor.UNKNOWN):
        value *= 0.8
    return min(1.0, value + 0.1 * bool(features.concepts))


def size_of(text: str) -> float:
    """How much a passage says, 0 to 1: a whole paragraph of 60 words counts in full."""
    return min(1.0, len(text.split()) / 60)
