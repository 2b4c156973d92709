"""An evidence pack: quoted words with everything that shows where they stood, in one zip file."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from cardwatch.model import Document, MediaType, Quote, Snapshot
from cardwatch.quotes.stamp import Stamp

SCHEMA = "cardwatch/evidence/1"
_SUFFIX = {
    MediaType.PDF: "pdf",
    MediaType.HTML: "html",
    MediaType.MARKDOWN: "md",
    MediaType.TEXT: "txt",
    MediaType.DOCX: "docx",
}
# The earliest time that a zip file can name: the same pack is the same bytes on any day.
_TIME = (1980, 1, 1, 0, 0, 0)
_LINE = 78


@dataclass(frozen=True, slots=True)
class Bracket:
    """Between which captures a passage came and went, each by its time and hash.

    ``last_without`` is empty where the first capture that was kept has it, ``first_gone`` where
    the newest still has it. ``source`` is the name under which the document is watched.
    """

    last_without: str
    first_with: str
    last_with: str = ""
    first_gone: str = ""
    source: str = ""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What is known, as a reader is told it."""
        told = (
            ("last seen without", self.last_without or "never: the first capture has the words"),
            ("first seen with", self.first_with),
            ("last seen with", self.last_with),
            ("first seen gone", self.first_gone),
            ("watched as", self.source),
        )
        return tuple((name, said) for name, said in told if said)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What goes into a pack. ``cited`` are further files: the quote in other forms.

    ``warc`` is the record of the fetch, compressed; ``picture`` a PNG of the passage.
    """

    quote: Quote
    document: Document
    data: bytes
    cited: Mapping[str, str] = field(default_factory=dict)
    picture: bytes = b""
    snapshot: Snapshot | None = None
    warc: bytes = b""
    bracket: Bracket | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """A finished pack: the zip file, and its ``seal``, the SHA-256 of its manifest."""

    data: bytes
    seal: str
    members: tuple[tuple[str, int], ...]
    bracket: Bracket | None = None


def build(evidence: Evidence, stamp: Callable[[bytes], Stamp] | None = None) -> Pack:
    """The pack, the same bytes for the same evidence; ``stamp`` is asked for the manifest."""
    files = _files(evidence)
    manifest = _json({"schema": SCHEMA, "files": _listed(files)})
    outside = {"manifest.json": manifest}
    stamped = stamp(manifest) if stamp is not None else None
    if stamped is not None:
        outside["timestamp/request.tsq"] = stamped.request
        outside["timestamp/response.tsr"] = stamped.response
    outside["seal.json"] = _json({name: _digest(data) for name, data in outside.items()})
    whole = {**files, **outside}
    sizes = tuple((name, len(whole[name])) for name in sorted(whole))
    return Pack(_zipped(whole), _digest(manifest), sizes, evidence.bracket)


def file_name(kind: MediaType) -> str:
    """Where in a pack the quoted file stands."""
    return f"source/document.{_SUFFIX[kind]}"


def _files(evidence: Evidence) -> dict[str, bytes]:
    document = evidence.document
    files = {
        "README.txt": _readme(evidence).encode("utf-8"),
        "verify.py": Path(__file__).with_name("pack_verifier.py").read_bytes(),
        file_name(document.source.media_type): evidence.data,
        "text/text.txt": document.text.encode("utf-8"),
        "text/map.json": _json(_map(document), indent=None),
        **{name: text.encode("utf-8") for name, text in evidence.cited.items()},
    }
    if evidence.picture:
        files["picture/passage.png"] = evidence.picture
    if evidence.snapshot is not None:
        files["source/fetch.json"] = _json(_fetch(evidence.snapshot))
    if evidence.bracket is not None:
        files["source/captures.json"] = _json(asdict(evidence.bracket))
    if evidence.warc:
        files["source/fetch.warc.gz"] = evidence.warc
    return files


def _map(document: Document) -> dict[str, Any]:
    """Where each page, section and printed line stands in the text, in characters."""
    return {
        "unit": "characters (Unicode code points) of text.txt; boxes in points from the top left",
        "reader": f"{document.reader} {document.reader_version}",
        "pages": [
            {
                "number": page.number,
                "label": page.label,
                "start": page.span.start,
                "end": page.span.end,
                "width": round(page.width, 2),
                "height": round(page.height, 2),
            }
            for page in document.pages
        ],
        "sections": [
            {"label": each.label, "start": each.span.start, "end": each.span.end}
            for each in document.sections
        ],
        "lines": [
            [
                line.span.start,
                line.span.end,
                line.box.page,
                *(round(value, 2) for value in (line.box.x0, line.box.top)),
                *(round(value, 2) for value in (line.box.x1, line.box.bottom)),
            ]
            for line in document.lines
        ],
        "mended": [
            [mend.span.start, mend.span.end, mend.kind, mend.original] for mend in document.mends
        ],
    }


def _fetch(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "asked": snapshot.url,
        "answered": snapshot.final_url,
        "redirects": list(snapshot.redirects),
        "retrieved": snapshot.retrieved,
        "status": snapshot.status,
        "headers": [list(each) for each in snapshot.headers],
        "sha256": snapshot.sha256,
        "notes": list(snapshot.notes),
    }


def _listed(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    return {name: {"sha256": _digest(data), "size": len(data)} for name, data in files.items()}


def _json(value: Any, indent: int | None = 2) -> bytes:
    # sorted and in ASCII: the verifier writes the seal anew and compares it to the byte
    return (json.dumps(value, indent=indent, sort_keys=True) + "\n").encode("ascii")


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            info.create_system = 3  # Unix, whatever made it
            pack.writestr(info, files[name])
    return made.getvalue()


# -- the README -----------------------------------------------------------------------------


def _readme(evidence: Evidence) -> str:
    quote, fetched = evidence.quote, evidence.snapshot
    facts = [
        ("document", _plain(quote.title or quote.source.location)),
        ("section", _plain(quote.section)),
        ("page", str(quote.page) if quote.page is not None else ""),
        ("address", _plain(quote.source.url)),
        ("retrieved", _plain(quote.source.retrieved)),
        ("published", _plain(quote.source.published)),
        ("SHA-256", quote.source.sha256),
    ]
    if evidence.bracket is not None:
        facts += [(name, _plain(said)) for name, said in evidence.bracket.facts]
    stated = "\n".join(f"  {label:18}{text}" for label, text in facts if text)
    words = _wrapped(_plain(quote.exact))
    return _README.format(
        words=words,
        facts=stated,
        file=file_name(quote.source.media_type),
        fetch=(_FETCHED if fetched is not None else _NOT_FETCHED)
        + (_BRACKET if evidence.bracket is not None else ""),
    )


def _plain(text: str) -> str:
    """One line that no terminal obeys."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _wrapped(text: str) -> str:
    import textwrap

    return textwrap.fill(text, _LINE, initial_indent="  ", subsequent_indent="  ")


_README = """\
EVIDENCE OF QUOTED WORDS

{words}

{facts}

CHECK IT

  python verify.py

in this folder, with any Python from 3.8 on and nothing else installed. It hashes every file
again and shows that the words stand in the text at their place. Given the seal that was noted
when the pack was made (python verify.py . SEAL) it shows that it is that pack. Then open
{file} with a program of your own and read the page: that is the best check.

WHAT IS IN IT

  source/document.*      the file, as it came
  source/fetch.json      the address, the time and the answer's headers, if it was fetched
  source/captures.json   between which captures the words came and went, if it was watched
  source/fetch.warc.gz   the same as a web archive record (ISO 28500), for archive tools
  text/text.txt          the text that was read from the file
  text/map.json          where each page, section and line of the text stands
  quote.json             the words with place, context and hashes (cardwatch verify reads it)
  picture/passage.png    the passage, marked
  manifest.json          the size and SHA-256 of every file above, of README.txt and verify.py
  seal.json              the SHA-256 of the manifest, and of the time-stamp if there is one
  timestamp/             an authority's signature over the manifest's hash, if one was asked for

WHAT IT PROVES

- These words stand in this text, at this place, and this file is the one that was quoted.
- Nothing in the pack was changed since the manifest was made, unless all of it was made anew.
  Against that, note the seal elsewhere when the pack is made, publish it, or have it stamped:
  whoever knows the seal from then knows the pack.
- With a time-stamp: that the manifest, and so the file, existed when the authority signed. Check
  it with the authority's certificates:
  openssl ts -verify -in timestamp/response.tsr -data manifest.json -CAfile CERTIFICATES

WHAT IT DOES NOT PROVE

- Who wrote the file, or that its publisher stands by it.
{fetch}
- That the text was read rightly from the file. A reader can err over columns, tables and
  footnotes, and what it mended is in text/map.json. The file itself decides.
- That the words mean what somebody says they mean. Read what stands around them.
"""
_FETCHED = """\
- That the address served this file to anybody else, or serves it now. The record of the fetch was
  written by the program that made it; a public web archive is an independent witness."""
_NOT_FETCHED = """\
- Where the file came from: it was read from a disk, and no fetch was recorded."""
_BRACKET = """
- When the words came or went, to the minute: between two captures nobody looked. That a capture
  lacks the words is said by the watch; its bytes, of the hash above, are not in this pack."""
