"""What changed, word by word: the stretches that were kept, went and came, cut to what matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cardwatch.model import Change, Passage, Stretch, StretchKind
from cardwatch.reports import one_line

# Characters of what was kept that are shown beside what was not, and the most of one side.
_BESIDE = 70
_LONGEST = 320


@dataclass(frozen=True, slots=True)
class Redline:
    """One change: ``head`` says what became of the words, and ``place`` where they stand."""

    head: str
    place: str
    stretches: tuple[Stretch, ...]

    def side(self, gone: StretchKind) -> str:
        """The words with what went (``GONE``) or with what came (``COME``), on one line."""
        wanted = (StretchKind.KEPT, gone)
        text = one_line("".join(each.text for each in self.stretches if each.kind in wanted))
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

    @property
    def sides(self) -> tuple[str, str]:
        """The words as they were and as they are; empty where there were or are none."""
        kinds = {each.kind for each in self.stretches}
        old = self.side(StretchKind.GONE) if kinds != {StretchKind.COME} else ""
        new = self.side(StretchKind.COME) if kinds != {StretchKind.GONE} else ""
        return old, new

    @property
    def lines(self) -> tuple[str, ...]:
        """The redline as the lines of a plain message."""
        old, new = self.sides
        sides = (f"- {old}" if old else "", f"+ {new}" if new else "")
        return f"{self.head} in {self.place}:", *(each for each in sides if each)


def redline_of(change: Change) -> Redline:
    """The redline of a change."""
    effects = ", ".join(change.effects)
    head = f"{change.kind.value} ({effects})" if effects else change.kind.value
    if change.announcement is not None:
        head += f", {change.announcement.status.value}"
    return Redline(head, place_of(change.new or change.old), shortened(tuple(_stretches(change))))


def place_of(passage: Passage | None) -> str:
    """Page and section of a passage."""
    if passage is None:
        return ""
    page = f"p. {passage.page}" if passage.page is not None else ""
    parts = [page, one_line(passage.section)[:120]]
    return ", ".join(part for part in parts if part) or "without a heading"


def _stretches(change: Change) -> Iterator[Stretch]:
    old, new = change.old, change.new
    if old is None or new is None:
        only = new or old
        if only is not None:
            yield Stretch(StretchKind.GONE if new is None else StretchKind.COME, only.quote)
        return
    at_old = at_new = 0
    for gone, come in sorted(change.edits, key=lambda each: (each[0].start, each[1].start)):
        first, last = gone.start - old.span.start, gone.end - old.span.start
        start, end = come.start - new.span.start, come.end - new.span.start
        if first < at_old or start < at_new:
            continue
        yield Stretch(StretchKind.KEPT, new.quote[at_new:start])
        yield Stretch(StretchKind.GONE, old.quote[first:last])
        yield Stretch(StretchKind.COME, new.quote[start:end])
        at_old, at_new = last, end
    if not change.edits:
        yield Stretch(StretchKind.GONE, old.quote)
        yield Stretch(StretchKind.COME, new.quote)
        return
    yield Stretch(StretchKind.KEPT, new.quote[at_new:])


def shortened(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Stretches with most of what was kept left out, so that what was not is seen."""
    made: list[Stretch] = []
    filled = [each for each in stretches if each.text]
    for at, each in enumerate(filled):
        text = each.text
        if each.kind is StretchKind.KEPT and len(text) > 2 * _BESIDE:
            before = "" if at == 0 else text[:_BESIDE].rpartition(" ")[0] or text[:_BESIDE]
            after = text[-_BESIDE:].partition(" ")[2] or text[-_BESIDE:]
            text = f"{before} … {'' if at == len(filled) - 1 else after}"
        elif each.kind is not StretchKind.KEPT and len(text) > _LONGEST:
            text = text[: _LONGEST - 1] + "…"
        made.append(replace(each, text=text))
    return tuple(made)
