"""What the tests of comparing share: readings, comparisons, and applying a comparison."""

from __future__ import annotations

from cardwatch.align import align, match_words
from cardwatch.diff import Tools, compare
from cardwatch.model import Alignment, Change, Document, Reading, Revision, Span
from cardwatch.readers import read_bytes
from cardwatch.segment import describe_text, segment


def reading(text: str) -> Reading:
    """Plain text as a reading: paragraphs between blank lines."""
    document = Document.from_text(text)
    return Reading(document, segment(document))


def markdown(text: str) -> Reading:
    """Markdown as a reading."""
    document = read_bytes(text.encode(), location="sample.md")
    return Reading(document, segment(document))


def compared(old: Reading, new: Reading) -> tuple[Alignment, Revision]:
    """The alignment and the revision of two readings."""
    alignment = align(old, new)
    return alignment, compare(old, new, alignment, Tools(match_words, describe_text))


def changes(old: str, new: str) -> list[Change]:
    """The changes between two Markdown texts."""
    return list(compared(markdown(old), markdown(new))[1].changes)


def shown(old: str, new: str) -> list[Change]:
    """The substantive changes between two Markdown texts."""
    return [change for change in changes(old, new) if not change.noise]


def folded(old: str, new: str) -> set[str]:
    """The classes of noise between two Markdown texts, which must have nothing else."""
    found = changes(old, new)
    assert found, "no difference at all"
    assert [c for c in found if not c.noise] == []
    return {c.noise_class.value for c in found if c.noise_class}


def not_applied(old: Reading, new: Reading) -> list[str]:
    """Where applying a comparison does not give the new text, in words."""
    alignment, revision = compared(old, new)
    wrong = []
    for pair in alignment.pairs:
        before = _span(old, pair.old) if pair.old else None
        after = _span(new, pair.new) if pair.new else None
        if before and after:
            made = _edited(old.document, new.document, before, after, revision)
            if made != new.document.quote(after):
                wrong.append(f"{pair}: {made!r} is not {new.document.quote(after)!r}")
        elif before:
            if not any(c.old and c.old.span.contains(before) for c in revision.changes):
                wrong.append(f"removed without a change: {old.document.quote(before)!r}")
        elif after and not any(c.new and c.new.span.contains(after) for c in revision.changes):
            wrong.append(f"added without a change: {new.document.quote(after)!r}")
    return wrong


def _span(side: Reading, indices: tuple[int, ...]) -> Span:
    return side.sentences[indices[0]].span.cover(side.sentences[indices[-1]].span)


def _edited(old: Document, new: Document, before: Span, after: Span, revision: Revision) -> str:
    """The old words with every edit within them applied."""
    edits = sorted(
        edit
        for change in revision.changes
        for edit in change.edits
        if before.contains(edit[0]) and after.contains(edit[1])
    )
    made, at = "", before.start
    for gone, come in edits:
        made += old.text[at : gone.start] + new.quote(come)
        at = gone.end
    return made + old.text[at : before.end]
