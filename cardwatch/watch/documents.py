"""Texts of snapshots: read as any other document, and compared as ``diff`` compares."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from cardwatch import app as use
from cardwatch.errors import NoText, ReadError
from cardwatch.model import Document, MediaType, Revision, Snapshot
from cardwatch.model.watch import Capture, Problem, SourceKind, WatchSource

# Documents held in memory: an alternating page needs two or three, a run one at a time.
_HELD = 24


def text_sha256(text: str) -> str:
    """The name of a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_snapshot(source: WatchSource, snapshot: Snapshot) -> tuple[Capture, Document | None]:
    """The text of a fetch, with what is wrong with it if it cannot be read."""
    capture = Capture(snapshot.url, snapshot.final_url, snapshot.sha256, "", "", "", 0)
    data, kind, note = snapshot.data, None, ""
    try:
        if source.kind is SourceKind.PDF and not data.lstrip()[:1024].startswith(b"%PDF"):
            note = "not a PDF"
        elif source.select or source.drop:
            data, kind = use.keep_parts(data, source.select, source.drop), MediaType.HTML
        document = use.read(data, media_type=kind)
    except NoText as wrong:
        return replace(capture, problem=Problem.EMPTY, note=wrong.message), None
    except ReadError as wrong:
        return replace(capture, problem=Problem.UNREADABLE, note=wrong.message), None
    capture = replace(
        capture,
        text_sha256=text_sha256(document.text),
        title=document.title,
        text=document.text,
        words=document.coverage.words or len(document.text.split()),
        reader=_stamp(document, source),
        problem=Problem.UNREADABLE if note else Problem.NONE,
        note=note,
    )
    return capture, document


def _stamp(document: Document, source: WatchSource) -> str:
    """All of ours that decides which text is made of the bytes: reader, version, selectors."""
    stamp = f"{document.reader} {document.reader_version}"
    if not (source.select or source.drop):
        return stamp
    return f"{stamp} {text_sha256(repr((source.select, source.drop)))[:12]}"


class Shelf:
    """The documents of one source by their text's sha256, read again when they are wanted."""

    def __init__(self, load: Callable[[str], Document]) -> None:
        self._load = load
        self._held: OrderedDict[str, Document] = OrderedDict()

    def put(self, text: str, document: Document) -> None:
        """Hold a document, and let go of the one unused for longest."""
        self._held[text] = document
        self._held.move_to_end(text)
        while len(self._held) > _HELD:
            self._held.popitem(last=False)

    def get(self, text: str) -> Document:
        """The document of a text."""
        if text not in self._held:
            self.put(text, self._load(text))
        self._held.move_to_end(text)
        return self._held[text]

    def compare(self, old: str, new: Document) -> Revision:
        """What changed from a known text to a document."""
        known = self.get(old)
        return use.compare_noise(known, new) or use.compare(known, new)

    def small(self, old: str, new: Document) -> Revision | None:
        """What changed from a known text, if all of it is plainly noise."""
        return use.compare_noise(self.get(old), new)
