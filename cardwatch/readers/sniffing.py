"""What kind of document bytes are: by content first, by a name where that leaves a choice."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from cardwatch.errors import Encrypted, UnknownFormat
from cardwatch.model import MediaType

_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,4000}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|main|article|div|section|header|nav)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_LATER = re.compile(rb"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)
_FRONT = re.compile(
    r"\A\s*---[ \t]*\r?\n[A-Za-z][\w .-]*:.*?\n---[ \t]*\r?$", re.DOTALL | re.MULTILINE
)
_MARKDOWN = (
    re.compile(r"^#{1,6}\s+\S", re.MULTILINE),
    re.compile(r"\[[^\]\n]{1,200}\]\([^)\s]{1,500}\)"),
    re.compile(r"\*\*[^*\n]{1,200}\*\*"),
    re.compile(r"^(?:```|~~~)", re.MULTILINE),
    re.compile(r"^\|.*\|\s*$", re.MULTILINE),
    re.compile(r"^\[\^[^\]]+\]:", re.MULTILINE),
    re.compile(r"^\S.*\n(?:={3,}|-{3,})\s*$", re.MULTILINE),
    re.compile(r"^\s{0,3}[*+-]\s+\S", re.MULTILINE),
)
_NAMES = {
    ".md": MediaType.MARKDOWN,
    ".markdown": MediaType.MARKDOWN,
    ".mdown": MediaType.MARKDOWN,
    ".mdx": MediaType.MARKDOWN,
    ".txt": MediaType.TEXT,
    ".text": MediaType.TEXT,
    ".htm": MediaType.HTML,
    ".html": MediaType.HTML,
    ".xhtml": MediaType.HTML,
}
# Signs of formats that people hand over by mistake, to name them in the error.
_KNOWN = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls, .ppt)"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"%!PS", "a PostScript file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
)
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_SAMPLE = 200_000


def sniff(data: bytes, name: str = "") -> MediaType:
    """The media type of ``data``. Raises ``UnknownFormat`` for what no reader reads.

    Plain text and Markdown look alike: signs of markup decide, and between few signs the
    ending of ``name`` does.
    """
    head = data[:1024]
    if b"%PDF-" in head:
        return MediaType.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, name)
    if head.startswith(b"\xd0\xcf\x11\xe0") and _ENCRYPTED_PACKAGE in data:
        raise Encrypted(
            "an Office file that is locked with a password",
            hint="save it without its password and read that",
            where=name,
        )
    for sign, what in _KNOWN:
        if data.startswith(sign):
            raise UnknownFormat(
                f"this is {what}",
                hint="cardwatch reads PDF, HTML, Markdown, plain text and DOCX",
                where=name,
            )
    sample = data[:_SAMPLE]
    wide = _narrowed(sample)
    ending = PurePosixPath(re.split("[?#]", name, maxsplit=1)[0]).suffix.lower()
    named = _NAMES.get(ending)
    if _HTML.match(wide) and named is not MediaType.MARKDOWN:
        return MediaType.HTML
    text = wide.decode("utf-8", "replace")
    if named is None and _HTML_LATER.search(wide[:5000]):
        return MediaType.HTML
    return _text_or_markdown(text, named)


def _text_or_markdown(text: str, named: MediaType | None) -> MediaType:
    if named in (MediaType.MARKDOWN, MediaType.HTML):
        return named
    signs = sum(1 for pattern in _MARKDOWN if pattern.search(text))
    front = bool(_FRONT.match(text))
    needed = 4 if named is MediaType.TEXT else 2
    return MediaType.MARKDOWN if signs + 2 * front >= needed else MediaType.TEXT


def _narrowed(sample: bytes) -> bytes:
    """The sample without byte order mark, and UTF-16 as UTF-8, so that tags can be seen."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return sample.decode("utf-16", "replace").encode("utf-8", "replace")
    return sample.removeprefix(b"\xef\xbb\xbf")


def _zipped(data: bytes, name: str) -> MediaType:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise UnknownFormat(f"a damaged ZIP archive ({error})", where=name) from error
    if "word/document.xml" in names:
        return MediaType.DOCX
    raise UnknownFormat(
        "a ZIP archive that is no DOCX document",
        hint="unpack it and read the files one by one",
        where=name,
    )
