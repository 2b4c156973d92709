"""Changes between two editions at a terminal: ranked, redlined, the noise counted and folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from cardwatch.model import (
    Announcement,
    Change,
    ChangeKind,
    Document,
    Effect,
    MarkKind,
    NoiseClass,
    Outcome,
    Passage,
    Span,
)
from cardwatch.reports.inert import inert, one_line
from cardwatch.reports.subjects import Diff
from cardwatch.reports.terminal.paper import (
    STYLES,
    Paper,
    count,
    join,
    measure,
    passage_place,
    quoted,
    styled,
    title_of,
    where,
)

# What stands between two edits and is longer than this is shortened to its ends.
_KEPT = 160
_EDGE = 60
# A passage that came or went is shown up to this many characters, and its end.
_WHOLE = 1_500
_INDENT = 5
# The weightiest effects say what a change is about; JSON has all.
_EFFECTS = 4
# Bars that are longer than this say no more.
_BAR = 30
_SUMMARY_LINES = 10
# How a mark is written in a table whose emphasis changed.
_WRITTEN = {MarkKind.BOLD: "**", MarkKind.ITALIC: "*", MarkKind.UNDERLINE: "__"}


def diff(subject: Diff, paper: Paper) -> None:
    """The report of changes in its form: ranked, by section, or ten lines."""
    if subject.form == "stat":
        _stat(subject, paper)
    elif subject.form == "summary":
        _in_short(subject, paper)
    else:
        _ranked(subject, paper)


def _ranked(subject: Diff, paper: Paper) -> None:
    revision = subject.revision
    paper.line(styled("What changed between two editions", "title"))
    compared(subject.old, subject.new, paper)
    substantive = [change for change in revision.changes if not change.noise]
    paper.paragraph(_counted(substantive))
    folded(revision.changes, paper)
    for note in revision.notes:
        paper.labelled("note", note, indent=2)
    listed(substantive, subject, paper)
    if subject.noise:
        _noise_listed([change for change in revision.changes if change.noise], subject, paper)


def compared(old: Document, new: Document, paper: Paper) -> None:
    """The two editions that were compared, and how much of them was read."""
    paper.blank()
    for label, document in (("old", old), ("new", new)):
        paper.labelled(label, styled(title_of(document), "title"), indent=2, room=5)
        if document.title:
            paper.labelled("", styled(document.source.location, "dim"), indent=2, room=5)
        paper.labelled("", measure(document.coverage), indent=2, room=5)
    paper.blank()


def _counted(changes: Sequence[Change]) -> str:
    if not changes:
        return "No change of substance."
    outcomes = Counter(_verdict(change) for change in changes)
    parts = " · ".join(f"{number:,} {name}" for name, number in sorted(outcomes.items()))
    return f"{count(len(changes), 'change')} of substance: {parts}"


def _verdict(change: Change) -> str:
    """One word for a change: what became of it; a reversal and a mere move are told as such."""
    moved = change.kind is ChangeKind.MOVED and change.outcome is Outcome.RETAINED
    if change.kind is ChangeKind.REVERSED or moved:
        return change.kind.value
    return (change.outcome or change.kind).value


def folded(changes: Iterable[Change], paper: Paper) -> None:
    """How many changes of each class of noise are folded."""
    classes = Counter(change.noise_class for change in changes if change.noise)
    if classes:
        parts = ", ".join(f"{number:,} {name}" for name, number in sorted(classes.items(), key=str))
        paper.labelled("folded", parts, indent=0)


# ---------------------------------------------------------------- one change after the other


def listed(changes: Sequence[Change], subject: Diff, paper: Paper) -> None:
    """The changes in full, as many as the view allows; the rest is counted."""
    shown = changes[: paper.view.limit]
    for number, change in enumerate(shown, 1):
        paper.rule()
        _change(number, change, subject, paper)
    if changes:
        paper.rule()
    if len(shown) < len(changes):
        paper.paragraph(f"{len(changes) - len(shown):,} more, lower ranked: --all")


def _change(number: int, change: Change, subject: Diff, paper: Paper) -> None:
    mixed = " (mixed)" if change.mixed else ""
    effects = ", ".join(effect.value for effect in change.effects[:_EFFECTS])
    effects += " …" if len(change.effects) > _EFFECTS else ""
    if _is_account(change):
        effects = "an account of changes"
    verdict = styled(_verdict(change).upper() + mixed, "key")
    head = join(styled(f"{number:>3}  ", "dim"), verdict, f"  {effects}")
    there = change.new or change.old
    page = there.page if there else None
    paper.ends(head, styled(where(page, change.section), "dim"))
    _words(change, subject, paper)
    for reason in change.reasons:
        if reason.name == "opposite":
            paper.labelled("note", reason.note, indent=_INDENT)
    if change.kind is ChangeKind.REVERSED and change.outcome:
        paper.labelled("outcome", change.outcome.value, indent=_INDENT)
    if change.old and change.new and _elsewhere(change):
        paper.labelled("from", passage_place(change.old), indent=_INDENT)
    if change.dimensions:
        names = ", ".join(dimension.value for dimension in change.dimensions)
        paper.labelled("touches", names, indent=_INDENT)
    if change.announcement:
        _announcement(change.announcement, paper)
    if change.doubt:
        paper.labelled("doubt", change.doubt, indent=_INDENT)
    if paper.view.explain:
        for reason in change.reasons:
            terms = f"{reason.value:.2f} × {reason.weight:.2f}  {reason.note}"
            paper.labelled(reason.name, terms, indent=_INDENT, room=22)


def _is_account(change: Change) -> bool:
    """Whether a passage that came or went tells of changes and is none itself."""
    return (change.old is None or change.new is None) and any(
        reason.note == "tells of changes" for reason in change.reasons[:1]
    )


def _elsewhere(change: Change) -> bool:
    """Whether the two passages stand in sections of different names."""
    return bool(change.old and change.new and change.old.section != change.new.section)


def _announcement(announcement: Announcement, paper: Paper) -> None:
    paper.labelled("account", styled(announcement.status, "key"), indent=_INDENT)
    for evidence in announcement.evidence[:1]:
        paper.labelled("", quoted(evidence.quote, evidence.span.start), indent=_INDENT)


def _words(change: Change, subject: Diff, paper: Paper) -> None:
    """The words of both sides: in two columns where there is room and something to set beside."""
    beside = paper.wide if subject.side_by_side is None else subject.side_by_side
    same = change.old and change.new and change.old.quote == change.new.quote
    if _is_account(change) and not subject.side_by_side:
        words = one_line((change.new or change.old).quote)  # type: ignore[union-attr]  # has a side
        told = f"{_cut(words, _KEPT)} ({count(len(words.split()), 'word')} about the changes)"
        paper.paragraph(styled(told, "come" if change.new else "gone"), indent=_INDENT)
        return
    if change.effects == (Effect.EMPHASIS,):
        _emphasis(change, subject, paper)
    elif beside and not same and (subject.side_by_side or (change.old and change.new)):
        left, right = _sides(change, subject)
        halves = [
            paper.wrapped(half, paper.half, first=" " * _INDENT, hang=0) if half.plain else []
            for half in (left, right)
        ]
        paper.beside(*halves)
    elif change.old and change.new and not change.edits and change.old.quote != change.new.quote:
        paper.paragraph(_gone(change.old.quote), indent=_INDENT)
        paper.paragraph(_come(change.new.quote), indent=_INDENT)
    else:
        paper.paragraph(redline(change, subject.old, subject.new), indent=_INDENT)


def _sides(change: Change, subject: Diff) -> tuple[Text, Text]:
    """The old and the new passage, each with its own edited words marked."""
    left, right = Text(), Text()
    if change.old is None or change.new is None or not change.edits:
        same = change.old and change.new and change.old.quote == change.new.quote
        left = _side(change.old, "" if same else "gone")
        right = _side(change.new, "" if same else "come")
        return left, right
    at_old, at_new = change.old.span.start, change.new.span.start
    for old_span, new_span in _joined(change.edits):
        left.append_text(_kept(subject.old.text[at_old : old_span.start]))
        right.append_text(_kept(subject.new.text[at_new : new_span.start]))
        left.append_text(_gone(subject.old.quote(old_span)))
        right.append_text(_come(subject.new.quote(new_span)))
        at_old, at_new = old_span.end, new_span.end
    left.append_text(_kept(subject.old.text[at_old : change.old.span.end]))
    right.append_text(_kept(subject.new.text[at_new : change.new.span.end]))
    return left, right


def _side(passage: Passage | None, style: str) -> Text:
    if passage is None:
        return Text()
    if not style:
        return _kept(passage.quote)
    return _gone(passage.quote) if style == "gone" else _come(passage.quote)


def redline(change: Change, old: Document, new: Document) -> Text:
    """The passage with what went as ``[-old-]`` and what came as ``{+new+}``.

    Long unchanged stretches are shortened in the middle.
    """
    if change.old is None or change.new is None:
        return _side(change.old, "gone") if change.old else _side(change.new, "come")
    if not change.edits:
        if change.old.quote == change.new.quote:
            return _kept(change.new.quote)
        return join(_gone(change.old.quote), " ", _come(change.new.quote))
    shown = Text()
    at = change.new.span.start
    for old_span, new_span in _joined(change.edits):
        shown.append_text(_kept(new.text[at : new_span.start]))
        shown.append_text(join(_gone(old.quote(old_span)), _come(new.quote(new_span))))
        at = new_span.end
    shown.append_text(_kept(new.text[at : change.new.span.end]))
    return shown


def _joined(edits: Iterable[tuple[Span, Span]]) -> list[tuple[Span, Span]]:
    """Edits that follow each other without a word between them, as one."""
    joined: list[tuple[Span, Span]] = []
    for old_span, new_span in edits:
        last = joined[-1] if joined else None
        if last and last[0].end == old_span.start and last[1].end == new_span.start:
            joined[-1] = (last[0].cover(old_span), last[1].cover(new_span))
        else:
            joined.append((old_span, new_span))
    return joined


def _emphasis(change: Change, subject: Diff, paper: Paper) -> None:
    """The rows of a table whose emphasis changed, their marks written out."""
    if change.old is None or change.new is None:
        return
    before = _marked_rows(subject.old, change.old.span)
    after = _marked_rows(subject.new, change.new.span)
    rows = [pair for pair in zip(before, after, strict=False) if pair[0] != pair[1]]
    for left, right in rows or list(zip(before, after, strict=False))[:1]:
        paper.paragraph(_gone(left), indent=_INDENT)
        paper.paragraph(_come(right), indent=_INDENT)


def _marked_rows(document: Document, span: Span) -> list[str]:
    """The lines of a passage, with emphasis as Markdown would write it."""
    points: list[tuple[int, str]] = []
    for mark in document.marks:
        if mark.span.overlaps(span) and (sign := _WRITTEN.get(mark.kind)):
            points += [(mark.span.start, sign), (mark.span.end, sign)]
    text, at = "", span.start
    for place, sign in sorted(points):
        place = min(max(place, span.start), span.end)
        text += document.text[at:place] + sign
        at = place
    return (text + document.text[at : span.end]).split("\n")


def _gone(text: str) -> Text:
    return Text(f"[-{_shortened(text)}-]" if text else "", STYLES["gone"])


def _come(text: str) -> Text:
    return Text(f"{{+{_shortened(text)}+}}" if text else "", STYLES["come"])


def _shortened(text: str) -> str:
    flat = _flat(text)
    if len(flat) <= _WHOLE + 2 * _EDGE:
        return flat
    return f"{flat[: _WHOLE - _EDGE].rstrip()} … {flat[-_EDGE:].lstrip()}"


def _kept(text: str) -> Text:
    flat = _flat(text)
    if len(flat) > _KEPT:
        flat = f"{flat[:_EDGE].rstrip()} … {flat[-_EDGE:].lstrip()}"
    return Text(flat)


def _flat(text: str) -> str:
    return inert(text).replace("\n", " ").replace("\t", " ")


# ---------------------------------------------------------------- what is folded


def _noise_listed(changes: Sequence[Change], subject: Diff, paper: Paper) -> None:
    """What is folded, class by class, as many of each as the view allows."""
    classes: dict[NoiseClass, list[Change]] = {}
    for change in changes:
        if change.noise_class:
            classes.setdefault(change.noise_class, []).append(change)
    for name in sorted(classes, key=str):
        some = classes[name]
        paper.blank()
        paper.line(styled(f"Folded: {name.value} ({len(some):,})", "title"))
        for change in some[: paper.view.limit]:
            there = change.new or change.old
            place = styled(where(there.page if there else None, change.section), "dim")
            body = redline(change, subject.old, subject.new)
            paper.paragraph(join(place, "  ", body), indent=2, hang=2)
        if paper.view.limit is not None and len(some) > paper.view.limit:
            paper.paragraph(f"{len(some) - paper.view.limit:,} more: --all", indent=2)


# ---------------------------------------------------------------- by section


def _stat(subject: Diff, paper: Paper) -> None:
    """Counts by section, in the order of the new edition, with small bars."""
    places: dict[str, float] = {}
    real: Counter[str] = Counter()
    noise: Counter[str] = Counter()
    for change in subject.revision.changes:
        name = one_line(change.section) or "at the start"
        (noise if change.noise else real)[name] += 1
        at = _position(change, subject)
        places[name] = min(at, places.get(name, at))
    most = max((real[name] + noise[name] for name in places), default=0)
    bar = max(1, min(_BAR, paper.width - 50, most))
    room = max(16, paper.width - bar - 16)
    if places:
        heads = set_cell_size("section", room)
        paper.line(styled(f"{heads}  real  noise", "dim"))
    quiet = [] if subject.noise else [name for name in places if not real[name]]
    for name in sorted(places.keys() - set(quiet), key=lambda name: (places[name], name)):
        bars = _bar(real[name], noise[name], most, bar)
        paper.line(_row(name, real[name], noise[name], room), bars)
    if quiet:
        rest = sum(noise[name] for name in quiet)
        words = f"{count(len(quiet), 'section')} with noise only"
        paper.line(styled(_row(words, 0, rest, room).rstrip(), "dim"))
    total = f"{count(real.total(), 'change')} of substance in {count(len(real), 'section')}"
    paper.paragraph(f"{total}, {noise.total():,} folded" if places else "No difference.")


def _position(change: Change, subject: Diff) -> float:
    if change.new:
        return change.new.span.start / (len(subject.new.text) or 1)
    return (change.old.span.start if change.old else 0) / (len(subject.old.text) or 1)


def _row(name: str, real: int, noise: int, room: int) -> str:
    if cell_len(name) > room:
        name = set_cell_size(name, room - 1).rstrip() + "…"
    return f"{set_cell_size(name, room)} {real or '':>5} {noise or '':>6}  "


def _bar(real: int, noise: int, most: int, width: int) -> Text:
    """Blocks for changes of substance, dots for noise; at least one of each that there is."""
    scale = width / most if most > width else 1.0
    blocks = max(bool(real), round(real * scale))
    dots = max(bool(noise), round(noise * scale))
    return join(styled("█" * blocks, "medium"), styled("·" * dots, "dim"))


# ---------------------------------------------------------------- ten lines


def _in_short(subject: Diff, paper: Paper) -> None:
    """Ten lines fit for a mail: the counts, the first changes, and what is left."""
    changes = [change for change in subject.revision.changes if not change.noise]
    noise = len(subject.revision.changes) - len(changes)
    name = one_line(subject.old.source.location).rsplit("/", 1)[-1]
    paper.line(f"{title_of(subject.new)}, against {name}")
    counts = paper.wrapped(_counted(changes), paper.width)
    paper.add(counts)
    room = _SUMMARY_LINES - 2 - len(counts)
    for number, change in enumerate(changes[:room], 1):
        paper.line(f"{number}. {_in_a_line(change, subject, paper.width - 4)}")
    left = f"{len(changes) - room:,} more; " if len(changes) > room else ""
    says = "says" if noise == 1 else "say"
    paper.line(f"{left}{count(noise, 'difference')} that {says} nothing new")


def _in_a_line(change: Change, subject: Diff, width: int) -> str:
    """Place, verdict and the words that went and came, at most ``width`` cells."""
    there = change.new or change.old
    section = one_line(change.section)
    number = section.split(" ", 1)[0] if section[:1].isdigit() else section[:24].rstrip()
    place = ", ".join(x for x in (number, f"p. {there.page}" if there and there.page else "") if x)
    head = f"{_verdict(change)} ({place}): " if place else f"{_verdict(change)}: "
    gone, come = _short_sides(change, subject)
    room = max(16, width - cell_len(head))
    if gone and come:
        half = (room - 9) // 2
        short = room - 9 - min(half, cell_len(gone))
        return (
            f"{head}“{_cut(gone, max(half, room - 9 - cell_len(come)))}” now “{_cut(come, short)}”"
        )
    return f"{head}“{_cut(gone or come, room - 2)}”"


def _short_sides(change: Change, subject: Diff) -> tuple[str, str]:
    """The words that went and those that came, with the word before them."""
    whole = (
        one_line(change.old.quote if change.old else ""),
        one_line(change.new.quote if change.new else ""),
    )
    if not change.edits:
        return whole
    first, last = change.edits[0], change.edits[-1]
    gone = one_line(subject.old.quote(first[0].cover(last[0])))
    come = one_line(subject.new.quote(first[1].cover(last[1])))
    return (gone, come) if gone and come else whole


def _cut(text: str, room: int) -> str:
    if cell_len(text) <= room:
        return text
    return set_cell_size(text, max(1, room - 1)).rstrip() + "…"
