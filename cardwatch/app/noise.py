"""A comparison that ends early where two editions say the same."""

from __future__ import annotations

from cardwatch.app.revisions import drafting
from cardwatch.model import ChangeKind, Document, Reading, Revision

# Whether words that only moved are news depends on the statements that they make.
_MOVES = frozenset({ChangeKind.MOVED, ChangeKind.MOVED_EDITED})


def compare_noise(old: Document, new: Document) -> Revision | None:
    """What ``compare`` gives where every difference is noise; ``None`` if one may be more.

    Statements, which take most of the time of ``compare``, are not looked for: what is noise
    does not depend on them, but for passages that moved.
    """
    from cardwatch import align, diff

    before, after = _plain(old), _plain(new)
    revision = diff.compare(before, after, align.align(before, after), drafting())
    sure = all(each.noise and each.kind not in _MOVES for each in revision.changes)
    return revision if sure else None


def _plain(document: Document) -> Reading:
    """A document's sentences alone, found once and kept on it."""
    from cardwatch import segment

    kept = vars(document).get("_sentences")
    if not isinstance(kept, Reading):
        kept = Reading(document, segment.segment(document), ())
        vars(document)["_sentences"] = kept
    return kept
