"""Renamings: one name in the place of another throughout, told once and folded elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from cardwatch.diff.drafts import Draft
from cardwatch.diff.edits import Edit
from cardwatch.diff.reversals import Sides
from cardwatch.diff.tokens import Token, TokenKind
from cardwatch.model import BlockKind, ChangeKind, NoiseClass

# A name that gives way to another in so many passages is a renaming; in two, if the old name is
# nowhere in the new edition and the new one nowhere in the old.
_RENAMED = 3
_TWICE = 2
# Where a name was replaced, the old one may still be cited in this share of its places.
_CITED = 0.3
# The most pairs of names that are looked into, the most frequent first: each is counted in the
# whole text.
_MOST = 100
# Small words that stand within names.
_WITHIN = frozenset("of and the for & - a an".split())

Names = tuple[str, str]


def renamings_folded(drafts: Sequence[Draft], sides: Sides) -> list[Draft]:
    """One name in the place of another throughout: the first passage shown, the rest noise.

    Only where the old name is nearly gone from the new edition and the new one was hardly in
    the old. In a passage that changed otherwise too, the names count for nothing.
    """
    swaps = [_swaps(draft, sides) for draft in drafts]
    places: defaultdict[Names, list[int]] = defaultdict(list)
    for index, found in enumerate(swaps):
        for names in {names for names, _ in found}:
            places[names].append(index)
    often = sorted(places, key=lambda names: (-len(places[names]), names))[:_MOST]
    thorough = {names for names in often if _throughout(names, len(places[names]), sides)}
    if not thorough:
        return list(drafts)
    only = {
        index: {names for names, _ in found}
        for index, found in enumerate(swaps)
        if found
        and {names for names, _ in found} <= thorough
        and {id(edit) for _, edits in found for edit in edits}
        >= {id(edit) for edit in drafts[index].substantive}
    }
    kept = {min((i for i in only if names in only[i]), key=lambda i: _order(drafts[i], sides),
                default=-1) for names in thorough}  # fmt: skip
    out = list(drafts)
    for index, found in enumerate(swaps):
        if index in only and index in kept:
            out[index] = replace(drafts[index], renamed=True)
        elif index in only:
            out[index] = replace(drafts[index], noise=NoiseClass.EDITORIAL, substantive=())
        else:
            named = {id(e) for names, edits in found if names in thorough for e in edits}
            rest = tuple(e for e in drafts[index].substantive if id(e) not in named)
            if rest and named:
                out[index] = replace(drafts[index], substantive=rest)
    return out


def _swaps(draft: Draft, sides: Sides) -> list[tuple[Names, list[Edit]]]:
    """The names that a draft puts in the place of others, each with the edits that do so."""
    if draft.noise is not None or draft.kind is ChangeKind.REVERSED:
        return []
    found: list[tuple[Names, list[Edit]]] = []
    group: list[Edit] = []
    for edit in [*draft.substantive, None]:
        if group and (edit is None or not _one_name(group[-1], edit, sides)):
            old, new = _name(group, sides)
            if old and new and old != new:
                found.append(((old, new), group))
            group = []
        if edit is not None and all(_nominal(token) for token in (*edit.old, *edit.new)):
            group.append(edit)
    return found


def _nominal(token: Token) -> bool:
    """Whether a token can be a part of a name: a capital, a number behind one, "of"."""
    if token.canon in _WITHIN or token.kind is TokenKind.MARKUP:
        return True
    if token.kind is TokenKind.NUMBER:
        return len(token.text) <= 5
    return token.kind is TokenKind.WORD and (
        token.text != token.text.lower() or token.text[:1].isdigit()
    )


def _one_name(left: Edit, right: Edit, sides: Sides) -> bool:
    """Whether only capitalised words stand between two edits."""
    pairs = ((left.old_span, right.old_span, sides.old), (left.new_span, right.new_span, sides.new))
    for a, b, edition in pairs:
        between = edition.document.text[a.end : b.start]
        if len(between) > 40 or not re.fullmatch(r"\s*(?:[A-Z][\w-]*\s*){0,3}", between):
            return False
    return True


def _name(group: Sequence[Edit], sides: Sides) -> Names:
    """The old and the new name, with the capitalised word beside them that they need.

    A name of figures alone takes the word before it; where one side has nothing left, both
    take the next word.
    """
    old_text, new_text = sides.old.document.text, sides.new.document.text
    old = group[0].old_span.cover(group[-1].old_span)
    new = group[0].new_span.cover(group[-1].new_span)
    names = [old_text[old.start : old.end].strip(), new_text[new.start : new.end].strip()]
    if not any(names):
        return "", ""
    if any(name[:1].isdigit() for name in names):
        before = re.search(r"[A-Z][\w-]*[ -]?$", old_text[max(0, old.start - 40) : old.start])
        lead = before.group() if before else ""
        if not lead:
            return "", ""
        names = [lead + name for name in names]
    elif not all(names):
        after = re.match(r"\s?[A-Z][\w-]*(?: \d[\w.]*\w)?", old_text[old.end : old.end + 40])
        if not after:
            return "", ""
        names = [f"{name} {after.group().strip()}" for name in names]
    plain = [" ".join(re.sub(r"[*_]+", "", name).lower().split()) for name in names]
    plain = [re.sub(r"^(?:an?|the) ", "", name) for name in plain]
    if all(len(name) > 3 and name.endswith("s") for name in plain):
        plain = [name[:-1] for name in plain]
    return plain[0], plain[1]


def _throughout(names: Names, places: int, sides: Sides) -> bool:
    """Whether one name gave way to the other in the whole document, but for a few mentions."""
    if places < _TWICE:
        return False
    old_name, new_name = names
    left = _count(old_name, new_name, sides.new.document.text)
    before = _count(new_name, old_name, sides.old.document.text)
    if places == _TWICE:
        return left == before == 0
    most = max(
        _count(old_name, "", sides.old.document.text), _count(new_name, "", sides.new.document.text)
    )
    few = max(1, int(most * _CITED))
    return places >= _RENAMED and left <= few and before <= few


def _count(name: str, within: str, text: str) -> int:
    """How often a name stands in a text, not counting where it is a part of ``within``."""
    low = text.lower()
    count = _occurrences(name, low)
    return count - _occurrences(within, low) if name in within else count


def _occurrences(name: str, text: str) -> int:
    return len(re.findall(rf"(?<![\w.]){re.escape(name)}s?(?![\w]|\.\d)", text))


def _order(draft: Draft, sides: Sides) -> tuple[bool, int, int]:
    """Prose before headings, and what stands first first: the same from both sides."""
    edition, span = (sides.new, draft.new) if draft.new else (sides.old, draft.old)
    heading = span is not None and edition.block(edition.at(span.start)).kind is BlockKind.HEADING
    ends = [place.start for place in (draft.old, draft.new) if place]
    return heading, min(ends), max(ends)
