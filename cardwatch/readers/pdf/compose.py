"""Writes pieces into a document: joins lines, mends hyphens, keeps marks, links and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cardwatch.model import BlockKind, Box, MarkKind
from cardwatch.readers.building import Builder, superscript
from cardwatch.readers.pdf.blocks import Metrics, Piece
from cardwatch.readers.pdf.hyphens import Hyphens
from cardwatch.readers.pdf.layout import Furniture
from cardwatch.readers.pdf.sheets import Run, Sheet, TextLine, whole
from cardwatch.readers.pdf.tables import Table

_CALL = re.compile(r"\[?(\d{1,3}|[*†‡§¶]{1,3})\]?$")
_BACK_SIGNS = ("↩", "⏎", "↵", "\ufe0e")
_BACK = re.compile(r"\s*[↩⏎↵]\ufe0e?\s*$")
# Words that are one across a line break without a hyphen: addresses, dashes, slashes.
# From here on (CJK) scripts put no spaces between words, save Korean, which starts far above.
_WIDE, _KOREAN = "\u2e80", "\uac00"
_GLUE = ("—", "/", "–")


@dataclass(slots=True)
class Composer:
    """Writes the pieces of one document with ``builder``, turning its pages as they come.

    ``notes`` are the labels of footnotes whose bodies were found, with the pages of the
    bodies: a raised number calls a note only if there is one, or if a link leads on from it.
    """

    builder: Builder
    hyphens: Hyphens
    metrics: Metrics
    sheets: Sequence[Sheet]
    furniture: Sequence[Furniture]
    notes: dict[str, list[int]]
    _turned: int = 0
    _note: str = ""
    _marks: dict[MarkKind, int] = field(default_factory=dict)
    _link: tuple[str, int] | None = None

    def turn_to(self, number: int) -> None:
        """Turn the pages up to ``number``, recording what each leaves out or could not read."""
        while self._turned < number:
            sheet, furniture = self.sheets[self._turned], self.furniture[self._turned]
            self._turned += 1
            self.builder.page(
                sheet.number, label=furniture.label, width=sheet.width, height=sheet.height
            )
            for kind, text in furniture.removed:
                self.builder.drop(kind, text, sheet.number)
            for kind, reason in furniture.unread:
                self.builder.unread(kind, reason, sheet.number)

    def write(self, piece: Piece) -> None:
        """Write one piece as a block."""
        builder = self.builder
        if piece.label != self._note and self._note:
            builder.end_note()
        if piece.label and piece.label != self._note:
            page = piece.lines[0].page
            builder.begin_note(self._label(piece.label, page, body=True) or piece.label)
        self._note = piece.label
        builder.begin(piece.kind, level=piece.level, marker=piece.marker)
        if piece.table is not None:
            self.turn_to(piece.page)
            self._table(piece.table)
            for text, page in piece.repeated:
                builder.drop("repeated table head", text, page)
        else:
            self._lines(piece)
        builder.end()

    # ---------------------------------------------------------------- lines

    def _lines(self, piece: Piece) -> None:
        code = piece.kind is BlockKind.CODE
        plain = piece.kind is BlockKind.HEADING
        last = len(piece.lines) - 1
        for index, line in enumerate(piece.lines):
            self.turn_to(line.page)
            start, text_at = self.builder.at, piece.text_at if index == 0 else 0
            text = line.text
            following = piece.lines[index + 1].text.lstrip() if index < last else ""
            hyphen = not code and self.hyphens.drop(text, following)
            end = len(text) - 1 if hyphen else len(text)
            back = _BACK.search(text) if text[-1:] in _BACK_SIGNS else None
            if back:
                end = back.start()
            if len(line.runs) > 1 or line.links or self._marks or self._link:
                self._runs(line, text_at, end, plain)
            else:
                self._say(line.runs[0], text[text_at:end], plain)
            self.builder.line(Box(line.page, line.x0, line.top, line.x1, line.bottom), start)
            if hyphen:
                self.builder.mend("hyphen", text[-1], self.builder.at)
            elif back:
                self.builder.drop("back link", back.group(), line.page)
            elif code and following:
                self.builder.raw("\n")
            elif following and not self._glued(line, following):
                self.builder.say(" ")
        self._style(None, plain=True)
        self._follow("")

    def _glued(self, line: TextLine, following: str) -> bool:
        """Whether the next line goes on without a space."""
        if self.hyphens.ends(line.text):
            return True
        if _WIDE <= line.text[-1] < _KOREAN and _WIDE <= following[0] < _KOREAN:
            return True
        return line.text.endswith(_GLUE) and not line.text.endswith((" –", " /"))

    def _runs(self, line: TextLine, start: int, end: int, plain: bool) -> None:
        """Write a line run by run and link by link."""
        cuts = {run.start for run in line.runs} | {start, end}
        for link in line.links:
            cuts |= {link.start, link.end}
        places = sorted(cut for cut in cuts if start <= cut <= end)
        for left, right in pairwise(places):
            run = next(run for run in reversed(line.runs) if run.start <= left)
            target = next((link.target for link in line.links if link.start <= left < link.end), "")
            self._follow(target)
            words = line.text[left:right]
            if not self._raised(run, line, words, target):
                self._say(run, words, plain)

    def _say(self, run: Run, words: str, plain: bool) -> None:
        self._style(run, plain=plain)
        self.builder.say(whole(words))

    def _raised(self, run: Run, line: TextLine, words: str, target: str) -> bool:
        """Write a raised run, as a footnote's mark or an exponent; whether it was one."""
        bare = words.strip()
        if not bare or line.base - run.base < 0.1 * line.size or run.size > 0.97 * line.size:
            return False
        self._superscript(bare, line.page, target)
        if words[-1].isspace():
            self.builder.say(" ")
        return True

    def _superscript(self, words: str, page: int, target: str = "") -> None:
        """Write raised words in raised characters; those that call a note are its mark."""
        builder, start = self.builder, self.builder.at
        match = _CALL.match(words)
        label = self._label(match[1], page) if match else ""
        called = match is not None and bool(label or target.startswith("#page="))
        builder.say(superscript(match[1] if match and called else words))
        builder.mend("superscript", words, start)
        if match and called:
            builder.call_note(label or match[1], start)

    def _label(self, label: str, page: int, *, body: bool = False) -> str:
        """The label that tells this note from another of the same number; ``""``: no such note."""
        pages = self.notes.get(label, [])
        if not pages:
            return ""
        if page not in pages:
            if body or len(pages) > 1:
                return ""
            page = pages[0]
        return label if page == pages[0] else f"{label} (page {page})"

    # ---------------------------------------------------------------- emphasis and links

    def _style(self, run: Run | None, *, plain: bool) -> None:
        """End the emphasis that ``run`` does not have, and begin what it has."""
        wanted = set()
        if run is not None and not plain:
            if run.font.bold and not self.metrics.bold:
                wanted.add(MarkKind.BOLD)
            if run.font.italic:
                wanted.add(MarkKind.ITALIC)
        if not wanted and not self._marks:
            return
        for kind in list(self._marks):
            if kind not in wanted:
                self.builder.mark(kind, self._marks.pop(kind))
        for kind in sorted(wanted - set(self._marks)):
            self._marks[kind] = self.builder.at

    def _follow(self, target: str) -> None:
        """End the open link unless it leads to ``target``, and begin one that does."""
        if self._link is not None and self._link[0] != target:
            self.builder.link(*self._link)
            self._link = None
        if target and self._link is None:
            self._link = (target, self.builder.at)

    # ---------------------------------------------------------------- tables

    def _table(self, table: Table) -> None:
        for cell in table.cells:
            self.turn_to(cell.page)
            self.builder.cell(cell.row, cell.column, header=cell.header)
            last = len(cell.lines) - 1
            for index, line in enumerate(cell.lines):
                start, text = self.builder.at, line.text
                following = cell.lines[index + 1].text if index < last else ""
                hyphen = self.hyphens.drop(text, following)
                at = 0
                for left, right in line.raised:
                    self.builder.say(whole(text[at:left]))
                    self._superscript(text[left:right], line.page)
                    at = right
                self.builder.say(whole(text[at : len(text) - hyphen]))
                self.builder.line(Box(line.page, *line.rect), start)
                if hyphen:
                    self.builder.mend("hyphen", text[-1], self.builder.at)
                elif following and not self.hyphens.ends(text):
                    self.builder.say(" ")
