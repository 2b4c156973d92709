"""Readers: golden cases, the laws of documents on anything, and the choice of a reader."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardwatch.errors import CardwatchError, Encrypted, NoText, ReadError, TooLarge, UnknownFormat
from cardwatch.model import BlockKind, Document, MediaType
from cardwatch.readers import READERS, ReadOptions, read_bytes, reader_version, sniff
from tests.laws import broken_laws

CASES = Path(__file__).parent / "cases"
_CASE = re.compile(
    r"^## (.+?)\n+~~~~(\w+)\n(.*?)\n~~~~\n+~~~~\n(.*?)\n~~~~$", re.DOTALL | re.MULTILINE
)
_SHORT = {
    BlockKind.HEADING: "h",
    BlockKind.PARAGRAPH: "p",
    BlockKind.LIST_ITEM: "li",
    BlockKind.TABLE: "table",
    BlockKind.CAPTION: "caption",
    BlockKind.FOOTNOTE: "note",
    BlockKind.QUOTE: "quote",
    BlockKind.CODE: "code",
}


def outline(document: Document) -> str:
    """A document as lines: its blocks in order, then links, footnotes, pages and what was left."""
    lines = []
    for block in document.blocks:
        kind = _SHORT[block.kind] + (str(block.level) if block.level else "")
        marker = f" {block.marker}" if block.marker else ""
        text = document.quote(block.span).replace("\n", " ⏎ ")
        lines.append(f"{kind}{marker}: {text}")
    lines += [f"link: {document.quote(link.span)} -> {link.target}" for link in document.links]
    for note in document.footnotes:
        marks = ", ".join(document.text[max(0, m.start - 6) : m.end].strip() for m in note.marks)
        body = document.quote(note.body)[:30] if note.body else "?"
        lines.append(f"footnote {note.label}: {marks} => {body}")
    for page in document.pages:
        start = document.text[page.span.start : page.span.start + 12].strip().split("\n")[0]
        lines.append(f"page {page.number}: {start}")
    lines += [f"dropped {drop.kind}: {drop.text}" for drop in document.coverage.dropped]
    lines += [f"unread {unread.kind}: {unread.reason}" for unread in document.coverage.unread]
    return "\n".join(line.rstrip() for line in lines)


def _cases() -> list[object]:
    found: list[object] = []
    for path in sorted(CASES.glob("readers*.md")):
        for title, kind, given_text, expected in _CASE.findall(path.read_text("utf-8")):
            found.append(pytest.param(kind, given_text, expected, id=f"{kind}-{title}"))
    return found


@pytest.mark.parametrize(("kind", "given_text", "expected"), _cases())
def test_golden_cases(kind: str, given_text: str, expected: str) -> None:
    """Each case reads to the outline beside it, keeps the laws, and is sniffed as what it is."""
    data = given_text.replace("␌", "\f").encode()
    document = read_bytes(data, location="case", media_type=MediaType(kind))
    assert outline(document) == expected
    assert broken_laws(document) == []


def test_every_media_type_has_a_reader() -> None:
    """The table names a module with a name, a version and the verb for each media type."""
    assert set(READERS) == set(MediaType)
    for media_type in MediaType:
        name, version = reader_version(media_type)
        assert name == media_type.value
        assert version


_TEXTS = st.text(
    alphabet=st.sampled_from(
        list(
            "ab C1.2,:;*_#[]()<>/!|-=~^`\n\n\n \t\"'&\\{}@$%\f\r•●—¹\u00ad\u200b\u202e\ufb01\ud7ff"
        )
    ),
    max_size=300,
)
_PIECES = st.lists(
    st.sampled_from(
        [
            "# Head\n", "## 1.2 Sub\n", "para one\n\n", "- item\n", "  - deep\n", "1. first\n",
            "| a | b |\n|---|---|\n| 1 | 2 |\n", "[^1]", "\n[^1]: note\n\n", "<!-- p.3 -->",
            "**bold**\n\n", "<table><tr><td>x<td>y</table>", "<div>", "</div>", "<h2>t</h2>",
            "<ul><li>a<li>b</ul>", "<sup>2</sup>", "<b>", "</p>", "<a href='#n'>1</a>", "word ",
            "<li id=n>note", "```\ncode\n", "[link](http://x.y)", "\n\n", " ", "Word. ", "\f",
            "12\n", "[[page 4]]\n", ":::note\n", ":::\n", "---\nk: v\n---\n", "=====\n",
            "ALL CAPS\n", "Section 3. Aims\n", "<pre> x\n y</pre>", "<td>", "<tr>", "</table>",
            "<details><summary>s</summary>t</details>", "a   b   c\n", "<caption>c", "word1 ",
        ]
    ),
    max_size=25,
).map("".join)  # fmt: skip
_READABLE = [MediaType.HTML, MediaType.MARKDOWN, MediaType.TEXT]


@pytest.mark.parametrize("media_type", _READABLE)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.one_of(_PIECES, _TEXTS))
def test_laws_hold_on_any_text(media_type: MediaType, text: str) -> None:
    """Whatever the text, a reader gives a document that keeps the laws, twice the same."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        document = read_bytes(data, location="any", media_type=media_type)
    except ReadError:
        return
    assert broken_laws(document) == []
    assert document == read_bytes(data, location="any", media_type=media_type)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.binary(max_size=400), head=st.sampled_from([b"", b"<html>", b"# A\n", b"PK\x03\x04"])
)
def test_arbitrary_bytes_fail_cleanly(data: bytes, head: bytes) -> None:
    """Arbitrary bytes are read, or refused with an error of the house: nothing else is raised."""
    for media_type in (None, *_READABLE, MediaType.DOCX):
        try:
            document = read_bytes(head + data, location="x", media_type=media_type)
        except CardwatchError:
            continue
        assert broken_laws(document) == []


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"%PDF-1.7\n...", "a.txt", MediaType.PDF),
        (b"\n<!DOCTYPE html><html><body>x", "a", MediaType.HTML),
        (b"<!-- c --><html lang=en>", "a.txt", MediaType.HTML),
        ("\ufeff<html><body>".encode("utf-16"), "", MediaType.HTML),
        (b"---\ntitle: x\n---\n\ntext", "a", MediaType.MARKDOWN),
        (b"# Title\n\nSee [this](http://a.b) for more.\n", "", MediaType.MARKDOWN),
        (b"Just words.\n\nMore words.\n", "", MediaType.TEXT),
        (b"Just words.\n", "a.md", MediaType.MARKDOWN),
        (b"# Title\n\ntext\n", "a.txt", MediaType.TEXT),
        (b"<p>A piece of a page</p>", "https://a.b/c.html?d=e.pdf", MediaType.HTML),
    ],
)
def test_content_decides_before_the_name(data: bytes, name: str, expected: MediaType) -> None:
    """The bytes decide what they are; a name decides only between formats that look alike."""
    assert sniff(data, name) is expected


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NoText),
        (b" \n\t\n", NoText),
        (b"\x89PNG\r\n\x1a\n....", UnknownFormat),
        (bytes(range(256)) * 20, UnknownFormat),
        (b"PK\x03\x04 broken", UnknownFormat),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), Encrypted),
        (b"<html><head><title>t</title></head><body></body></html>", NoText),
    ],
)
def test_what_is_no_document_says_so(data: bytes, error: type[CardwatchError]) -> None:
    """Nothing, pictures, garbage and locked files are each refused by name, with a place."""
    with pytest.raises(error) as raised:
        read_bytes(data, location="given")
    assert "given" in str(raised.value)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Café — naïve".encode("utf-16"), "Café — naïve"),
        ("Café — naïve".encode("utf-16-le"), "Café — naïve"),
        ("\ufeffCafé".encode(), "Café"),
        ("We’ll keep “logs” — 30 days.".encode("cp1252"), "We’ll keep “logs” — 30 days."),
        ("Ein Café".encode() + b"\xe2\x80", "Ein Café"),
    ],
)
def test_encodings(data: bytes, text: str) -> None:
    """Byte order marks, UTF-16 without one, Windows-1252 and a cut last character are read."""
    assert read_bytes(data, location="x", media_type=MediaType.TEXT).text == text


def test_declared_charset_is_used() -> None:
    """A page in the charset that its head declares is read in it."""
    page = '<html><head><meta charset="windows-1251"></head><body><p>Привет, мир</p></body></html>'
    document = read_bytes(page.encode("cp1251"), location="x")
    assert document.text == "Привет, мир"


def test_sizes_are_bounded() -> None:
    """More bytes than the options allow are refused before anything is read."""
    with pytest.raises(TooLarge):
        read_bytes(b"word " * 100, location="x", options=ReadOptions(max_bytes=100))


def test_nothing_unseen_stays_in_the_text() -> None:
    """Terminal escapes, bidirectional controls and zero-width characters leave the text."""
    raw = "safe\x1b[31m red\u202e text\u200b and soft\u00adhyphen and \ufb01n."
    document = read_bytes(raw.encode(), location="x", media_type=MediaType.TEXT)
    assert document.text == "safe[31m red text and softhyphen and fin."
    assert {mend.kind for mend in document.mends} == {"space", "hyphen", "ligature"}
    assert broken_laws(document) == []


def test_zip_bombs_are_refused() -> None:
    """A package that would fill memory is refused from its directory, unopened."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(30_000_000))
    with pytest.raises(TooLarge):
        read_bytes(buffer.getvalue(), location="bomb.docx")


def test_damaged_packages_are_refused() -> None:
    """A package without its parts is a damaged file, not a crash."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(ReadError):
        read_bytes(buffer.getvalue(), location="odd.docx")


def test_docx_keeps_its_structure() -> None:
    """Headings, bold, lists, tables, links' text and headers come out as what they are."""
    import docx

    made = docx.Document()
    made.add_heading("Policy", 0)
    made.add_heading("Scope", 1)
    paragraph = made.add_paragraph("We keep ")
    paragraph.add_run("all logs").bold = True
    paragraph.add_run(".")
    made.add_paragraph("One", style="List Bullet")
    made.add_paragraph("Inner", style="List Bullet 2")
    made.add_paragraph("First", style="List Number")
    made.add_paragraph("Second", style="List Number")
    table = made.add_table(2, 2)
    for cell, words in zip(table._cells, ("Kind", "Days", "Logs", "30"), strict=True):
        cell.text = words
    made.sections[0].header.paragraphs[0].text = "Draft"
    buffer = BytesIO()
    made.save(buffer)
    document = read_bytes(buffer.getvalue(), location="a.docx")
    assert outline(document) == "\n".join(
        [
            "h1: Policy",
            "h2: Scope",
            "p: We keep all logs.",
            "li1 •: One",
            "li2 •: Inner",
            "li1 1.: First",
            "li1 2.: Second",
            "table: Kind | Days ⏎ Logs | 30",
            "dropped running head: Draft",
        ]
    )
    assert [document.quote(mark.span) for mark in document.marks] == ["all logs"]
    assert broken_laws(document) == []


def test_deep_and_wide_pages_do_not_break() -> None:
    """A hundred thousand nested elements, or rows that claim thousands of columns, are survived."""
    deep = b"<div>" * 100_000 + b"<p>deep</p>"
    wide = b"<p>before<table><tr>" + b"<td colspan=9999 rowspan=9999>x" * 500 + b"</table>"
    quotes = b"> " * 5_000 + b"deep\n\nplain words"
    for data, kind in ((deep, "html"), (wide, "html"), (quotes, "markdown")):
        try:
            document = read_bytes(data, location="x", media_type=MediaType(kind))
        except NoText:
            continue
        assert broken_laws(document) == []


@pytest.mark.shared
def test_laws_hold_on_real_documents() -> None:
    """Laws hold on real documents, one of each place, where they stand beside the project."""
    real = Path(__file__).resolve().parents[2] / "shared" / "real"
    paths = [*real.glob("rsp/*"), *real.glob("llama/llama3_2/*"), *real.glob("announcements/*")]
    if not paths:
        pytest.skip("no real documents beside the project (../shared/real)")
    for path in paths:
        assert broken_laws(read_bytes(path.read_bytes(), location=str(path))) == [], path.name


def test_what_is_nested_too_deeply_is_said_to_be_so() -> None:
    """Law: text that is there and cannot be had is not told as no text."""
    for data, kind in (
        (b"<div>" * 5_000 + b"We keep data." + b"</div>" * 5_000, MediaType.HTML),
        (b"> " * 300 + b"We keep data.", MediaType.MARKDOWN),
    ):
        with pytest.raises(NoText) as caught:
            read_bytes(data, location="x", media_type=kind)
        assert "nested too deeply" in caught.value.message


def test_quotes_too_deep_to_be_read_are_recorded() -> None:
    """Law: what is left out of a text that is read otherwise is coverage, with its line."""
    data = b"We keep data.\n\n" + b"> " * 300 + b"We sell data."
    document = read_bytes(data, location="x", media_type=MediaType.MARKDOWN)
    (unread,) = document.coverage.unread
    assert "line 3" in unread.reason


def test_what_asks_whether_a_page_helped_is_no_content() -> None:
    """Law: a widget that asks for a rating goes, a clause on feedback stays."""
    clause = "We may use the feedback that you give us without paying you for it."
    page = (
        f"<main><h1>Terms</h1><p>{'We keep what you write. ' * 9}</p>"
        f"<section id='feedback'><h2>Feedback</h2><p>{clause}</p></section>"
        "<div class='page-feedback'>Was this page helpful? <button>Yes</button></div></main>"
    )
    text = read_bytes(page.encode(), location="x", media_type=MediaType.HTML).text
    assert clause in text
    assert "helpful" not in text
