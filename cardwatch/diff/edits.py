"""From two passages to the word-level edits between them that a person can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cardwatch.diff.tokens import Token, TokenKind
from cardwatch.model import Span

Opcode = tuple[str, int, int, int, int]
MatchWords = Callable[[Sequence[str], Sequence[str]], list[Opcode]]

# Words too common to hold two edits apart when they alone stand between them.
_WEAK = frozenset(
    "a an the of to in on at by for with and or as is are be been was were that this it its".split()
)
_AUXILIARIES = frozenset(
    "will would shall should must may might can could do does did is are was were be been has "
    "have had".split()
)


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of the old passage and what stands in their place in the new one.

    Spans are offsets into the documents; ``same`` says that the words are equal in canonical
    form, so that only their look differs; ``beside_reference`` that a reference to a section,
    figure or note stands next to them.
    """

    old_span: Span
    new_span: Span
    old: tuple[Token, ...]
    new: tuple[Token, ...]
    same: bool
    beside_reference: bool = False


def edits_between(
    old: Sequence[Token], new: Sequence[Token], spans: tuple[Span, Span], match: MatchWords
) -> list[Edit]:
    """The edits from ``old`` to ``new``, which are the tokens within ``spans``, in order.

    Replacing every ``old_span`` by the words at ``new_span`` gives the new passage exactly.
    """
    seen_old = [token for token in old if token.kind is not TokenKind.INVISIBLE]
    seen_new = [token for token in new if token.kind is not TokenKind.INVISIBLE]
    codes = match([t.canon for t in seen_old], [t.canon for t in seen_new])
    codes = _cleaned(codes, seen_old, seen_new)
    return _placed(codes, seen_old, seen_new, spans)


def _cleaned(codes: Sequence[Opcode], old: Sequence[Token], new: Sequence[Token]) -> list[Opcode]:
    """Edits with little between them joined; a negation takes its auxiliary with it."""
    changed = [list(code[1:]) for code in codes if code[0] != "equal"]
    joined: list[list[int]] = []
    for code in changed:
        if joined and _belongs(joined[-1], code, old):
            joined[-1][1], joined[-1][3] = code[1], code[3]
        else:
            joined.append(code)
    for before, code in pairwise([[0, 0, 0, 0], *joined]):
        if _touches_negation(code, old, new) and before[1] < code[0] and before[3] < code[2]:
            left = old[code[0] - 1]
            if left.canon in _AUXILIARIES and left.canon == new[code[2] - 1].canon:
                code[0] -= 1
                code[2] -= 1
    return _complete(joined, len(old), len(new))


def _belongs(left: list[int], right: list[int], old: Sequence[Token]) -> bool:
    """Whether so little stands between two edits that they read better as one.

    Both must be replacements of words, and no more than two weak words part them.
    """
    between = old[left[1] : right[0]]
    if len(between) > 2 or not between:
        return not between
    if not all(token.canon in _WEAK or token.kind is TokenKind.MARK for token in between):
        return False
    size = min(left[1] - left[0] + left[3] - left[2], right[1] - right[0] + right[3] - right[2])
    return size > len(between)


def _touches_negation(code: list[int], old: Sequence[Token], new: Sequence[Token]) -> bool:
    words = [token.canon for token in (*old[code[0] : code[1]], *new[code[2] : code[3]])]
    return bool(words) and words[0] in {"not", "never"} and len(words) <= 3


def _complete(changed: list[list[int]], size_old: int, size_new: int) -> list[Opcode]:
    codes: list[Opcode] = []
    i = j = 0
    for i1, i2, j1, j2 in changed:
        if i < i1:
            codes.append(("equal", i, i1, j, j1))
        codes.append(("replace", i1, i2, j1, j2))
        i, j = i2, j2
    if i < size_old or j < size_new:
        codes.append(("equal", i, size_old, j, size_new))
    return codes


def _placed(
    codes: Sequence[Opcode], old: Sequence[Token], new: Sequence[Token], spans: tuple[Span, Span]
) -> list[Edit]:
    """Opcodes as edits with their places, blanks included."""
    found: list[Edit] = []
    at_old, at_new = spans[0].start, spans[1].start
    for tag, i1, i2, j1, j2 in codes:
        if tag == "equal":
            for x, y in zip(old[i1:i2], new[j1:j2], strict=True):
                found.append(Edit(Span(at_old, x.start), Span(at_new, y.start), (), (), same=True))
                found.append(
                    Edit(Span(x.start, x.end), Span(y.start, y.end), (x,), (y,), same=True)
                )
                at_old, at_new = x.end, y.end
            continue
        end_old = old[i2 - 1].end if i1 < i2 else at_old
        end_new = new[j2 - 1].end if j1 < j2 else at_new
        start_old, start_new = at_old, at_new
        if i1 < i2 and j1 < j2:
            start_old, start_new = old[i1].start, new[j1].start
            found.append(Edit(Span(at_old, start_old), Span(at_new, start_new), (), (), same=True))
        found.append(
            Edit(Span(start_old, end_old), Span(start_new, end_new),
                 tuple(old[i1:i2]), tuple(new[j1:j2]), same=False,
                 beside_reference=_refers(old, i1, i2) or _refers(new, j1, j2))
        )  # fmt: skip
        at_old, at_new = end_old, end_new
    found.append(Edit(Span(at_old, spans[0].end), Span(at_new, spans[1].end), (), (), same=True))
    return found


def _refers(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a reference stands right before ``start`` or right after ``end``."""
    beside = (*tokens[max(0, start - 1) : start], *tokens[end : end + 1])
    return any(
        token.kind in (TokenKind.REFERENCE, TokenKind.POINTER, TokenKind.NOTE) for token in beside
    )
