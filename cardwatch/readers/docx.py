"""DOCX to a document: headings by style, lists by numbering, tables, footnotes, links."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from cardwatch.errors import NoText, ReadError, TooLarge
from cardwatch.model import BlockKind, Document, MarkKind, Source
from cardwatch.readers.building import Builder, superscript
from cardwatch.readers.docx_numbers import Numbering
from cardwatch.readers.notes import tie_notes
from cardwatch.readers.options import ReadOptions

NAME = "docx"
VERSION = "1"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# A part that swells more than this when unpacked, and to more than a few megabytes, is a bomb.
_SWELLING = 250
_SMALL = 8_000_000
_MARKS = {
    "b": MarkKind.BOLD,
    "i": MarkKind.ITALIC,
    "u": MarkKind.UNDERLINE,
    "strike": MarkKind.STRIKE,
}
_OFF = ("0", "false", "none", "off")

# lxml ships no types
Element = Any


def read(data: bytes, source: Source, options: ReadOptions) -> Document:
    """The document that a DOCX file holds, tracked deletions and comments left out.

    Pages are those of the last time that a word processor laid it out, where it noted them.
    Raises ``ReadError`` for a damaged file, ``TooLarge`` for one that unpacks to more than
    ``options.max_bytes``, ``NoText`` for one without words.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    _refuse_bombs(data, source, options)
    try:
        package = docx.Document(BytesIO(data))
        document = _Reader(package, source).read()
    except (OpcError, etree.LxmlError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ReadError(f"a damaged DOCX file ({error})", where=source.location) from error
    except (KeyError, ValueError, AttributeError, TypeError, RuntimeError, OSError) as error:
        # the library meets broken packages with whatever the first missing part brings about
        raise ReadError(
            f"a damaged DOCX file ({type(error).__name__}: {error})"[:300], where=source.location
        ) from error
    if not document.text:
        raise NoText("the file holds no text", where=source.location)
    return document


def _refuse_bombs(data: bytes, source: Source, options: ReadOptions) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ReadError(f"a damaged DOCX file ({error})", where=source.location) from error
    whole = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > _SMALL and part.file_size > _SWELLING * max(1, part.compress_size)
        for part in parts
    )
    if swollen or whole > options.max_bytes or len(parts) > 20_000:
        raise TooLarge(
            f"the file unpacks to {whole} bytes in {len(parts)} parts",
            hint="it was not opened: such files are made to fill memory",
            where=source.location,
        )


class _Reader:
    """Writes the body of one package into a builder."""

    def __init__(self, package: Any, source: Source) -> None:
        self.package = package
        self.builder = Builder(source, NAME, VERSION)
        self.links = {
            key: relation.target_ref
            for key, relation in package.part.rels.items()
            if relation.is_external
        }
        self.numbering = Numbering(package)
        self.levels = _heading_levels(package)
        self.labels: dict[tuple[str, str], str] = {}
        self.page = 1
        self.boxes: list[Element] = []
        self.titled = False

    def read(self) -> Document:
        """The document, its footnotes after its text."""
        body = self.package.element.body
        if next(body.iter(f"{_W}lastRenderedPageBreak"), None) is not None:
            self.builder.page(1)
        else:
            self.page = 0
        self._blocks(body)
        self._notes("footnote")
        self._notes("endnote")
        self._furniture()
        facts = self.package.core_properties
        return tie_notes(self.builder.finish(title=facts.title or ""))

    # ---------------------------------------------------------------- blocks

    def _blocks(self, parent: Element) -> None:
        for element in parent:
            if element.tag == f"{_W}p":
                self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                self._table(element)
            elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo"):
                self._blocks(element)

    def _paragraph(self, element: Element, *, kind: BlockKind | None = None) -> None:
        builder = self.builder
        style = _value(element, f"{_W}pPr/{_W}pStyle")
        level = self.levels.get(style, 0) or _outline_level(element)
        number, depth, bullet = self.numbering.next(element, style)
        if kind is not None:
            builder.begin(kind)
        elif level:
            self.titled = self.titled or level < 0
            builder.begin(BlockKind.HEADING, level=1 if level < 0 else level + self.titled)
            if number:
                builder.say(f"{number} ")
        elif number or bullet:
            builder.begin(BlockKind.LIST_ITEM, level=depth, marker=bullet or number)
        elif style.lower() == "caption":
            builder.begin(BlockKind.CAPTION)
        elif "quote" in style.lower():
            builder.begin(BlockKind.QUOTE)
        else:
            builder.begin(BlockKind.PARAGRAPH)
        self._runs(element)
        builder.end()
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self._blocks(box)

    def _table(self, table: Element) -> None:
        builder = self.builder
        rows = [row for row in table.iter(f"{_W}tr") if _nearest(row, f"{_W}tbl") is table]
        builder.begin(BlockKind.TABLE)
        for number, row in enumerate(rows):
            header = row.find(f"{_W}trPr/{_W}tblHeader") is not None or number == 0
            column = 0
            for cell in row.iter(f"{_W}tc"):
                if _nearest(cell, f"{_W}tr") is not row:
                    continue
                width = _number(_value(cell, f"{_W}tcPr/{_W}gridSpan"), 1)
                merge = cell.find(f"{_W}tcPr/{_W}vMerge")
                if merge is None or merge.get(f"{_W}val") == "restart":
                    builder.cell(number, column, header=header)
                    for paragraph in cell.iter(f"{_W}p"):
                        self._runs(paragraph)
                        builder.say(" ")
                column += min(max(width, 1), 100)
        builder.end()

    # ---------------------------------------------------------------- runs

    def _runs(self, parent: Element) -> None:
        builder = self.builder
        for element in parent:
            tag = element.tag
            if tag == f"{_W}r":
                self._run(element)
            elif tag == f"{_W}hyperlink":
                start = builder.at
                self._runs(element)
                target = self.links.get(element.get(f"{_R}id") or "", "")
                anchor = element.get(f"{_W}anchor")
                builder.link(target or (f"#{anchor}" if anchor else ""), start)
            elif tag in _CONTAINERS:
                self._runs(element)

    def _run(self, run: Element) -> None:
        builder, start = self.builder, self.builder.at
        raised = _value(run, f"{_W}rPr/{_W}vertAlign") == "superscript"
        for element in run.iter():
            tag = element.tag
            if tag == f"{_W}t" and _nearest(element, f"{_W}r") is run:
                text = element.text or ""
                builder.say(superscript(text) if raised and text.strip() else text)
            elif tag in (f"{_W}tab", f"{_W}cr"):
                builder.say(" ")
            elif tag == f"{_W}br":
                builder.line_break()
            elif tag == f"{_W}noBreakHyphen":
                builder.say("-")
            elif tag == f"{_W}lastRenderedPageBreak" and self.page:
                self.page += 1
                builder.page(self.page)
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                self._call(tag.removeprefix(_W).removesuffix("Reference"), element)
            elif tag in (f"{_W}drawing", f"{_W}pict", f"{_W}object"):
                self._drawing(element)
        marks = run.find(f"{_W}rPr")
        for name, kind in _MARKS.items() if marks is not None else ():
            found = marks.find(f"{_W}{name}")
            if found is not None and (found.get(f"{_W}val") or "on") not in _OFF:
                builder.mark(kind, start)

    def _call(self, kind: str, element: Element) -> None:
        key = (kind, element.get(f"{_W}id") or "")
        label = self.labels.setdefault(key, str(len(self.labels) + 1))
        start = self.builder.at
        self.builder.say(superscript(label))
        self.builder.call_note(label, start)

    def _drawing(self, element: Element) -> None:
        contents = [
            box
            for box in element.iter(f"{_W}txbxContent")
            if not any(above.tag == _FALLBACK for above in box.iterancestors())
        ]
        if contents:
            self.boxes += contents
            return
        names = (part.get("descr") or part.get("title") or "" for part in element.iter())
        self.builder.unread("figure", next((name for name in names if name), "")[:300])

    # ---------------------------------------------------------------- other parts

    def _notes(self, kind: str) -> None:
        """The bodies of the footnotes that were called, in the order of their labels."""
        from lxml import etree

        part = next(
            (
                relation.target_part
                for relation in self.package.part.rels.values()
                if not relation.is_external and relation.reltype.endswith(f"/{kind}s")
            ),
            None,
        )
        if part is None:
            return
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False))
        bodies = {note.get(f"{_W}id"): note for note in root.iter(f"{_W}{kind}")}
        for (called, key), label in list(self.labels.items()):
            if called == kind and key in bodies:
                self.builder.begin_note(label)
                for paragraph in bodies[key].iter(f"{_W}p"):
                    self._paragraph(paragraph, kind=BlockKind.FOOTNOTE)
                self.builder.end_note()

    def _furniture(self) -> None:
        seen = set()
        for section in self.package.sections:
            for kind, part in (("running head", section.header), ("footer", section.footer)):
                words = " ".join(" ".join(p.text for p in part.paragraphs).split())
                if words and words not in seen and not part.is_linked_to_previous:
                    seen.add(words)
                    self.builder.drop(kind, words)


_CONTAINERS = frozenset(
    f"{_W}{name}" for name in ("ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "bdo")
)


def _heading_levels(package: Any) -> dict[str, int]:
    """Style ids that make headings, with their levels; -1 is the title of the document."""
    levels: dict[str, int] = {}
    for style in package.styles.element.iter(f"{_W}style"):
        key = style.get(f"{_W}styleId") or ""
        name = (_value(style, f"{_W}name") or key).lower()
        outline = _value(style, f"{_W}pPr/{_W}outlineLvl")
        if name == "title":
            levels[key] = -1
        elif name.startswith("heading ") and name[8:].strip().isdecimal():
            levels[key] = min(int(name[8:].strip()[:3]), 9)
        elif outline.isdecimal() and int(outline) < 9:
            levels[key] = int(outline) + 1
    return levels


def _outline_level(paragraph: Element) -> int:
    outline = _value(paragraph, f"{_W}pPr/{_W}outlineLvl")
    return int(outline) + 1 if outline.isdecimal() and int(outline) < 9 else 0


def _value(element: Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else found.get(f"{_W}val") or ""


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else default


def _nearest(element: Element, tag: str) -> Element:
    return next(_ancestors(element, tag), None)


def _ancestors(element: Element, tag: str) -> Iterator[Element]:
    yield from element.iterancestors(tag)
