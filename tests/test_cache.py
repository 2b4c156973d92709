"""The cache: what comes out is what went in, and what cannot be trusted counts as missing."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwatch import app
from cardwatch.cache import Cache, CacheMiss, digest, pack, stamp, unpack
from cardwatch.model import (
    Block,
    BlockKind,
    Box,
    Cell,
    Document,
    Footnote,
    GapReport,
    Line,
    Link,
    Mark,
    MarkKind,
    Mend,
    Span,
)
from tests.small import DOCUMENT, gap_report

FULL = replace(
    DOCUMENT,
    blocks=(Block(Span(0, 6), BlockKind.TABLE, 1, "•", (Cell(Span(0, 2), 0, 1, header=True),)),),
    lines=(Line(Span(0, 6), Box(1, 0.1, 2.0, 1 / 3, 4.25)),),
    marks=(Mark(Span(0, 2), MarkKind.BOLD),),
    links=(Link(Span(0, 2), "https://example.org"),),
    footnotes=(Footnote("1", (Span(0, 1), Span(2, 3)), None), Footnote("2", (), Span(4, 5))),
    mends=(Mend(Span(0, 0), "hyphen", "\u00ad\ud800"),),
)


def test_a_document_comes_back_whole() -> None:
    """Every field of a document survives the cache, none by name only."""
    assert unpack(pack(FULL), Document) == FULL


def test_a_report_comes_back_whole() -> None:
    """Results with mappings, sets, ordered enumerations and infinite bounds survive as well."""
    report = gap_report(DOCUMENT, DOCUMENT)
    assert unpack(pack(report), GapReport) == report


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_comes_back(text: str) -> None:
    """No character is lost, lone surrogates and nulls included."""
    document = Document.from_text(text, location=text)
    assert unpack(pack(document), Document) == document


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_damage_is_never_read(at: int, flip: int) -> None:
    """An entry with one wrong byte is missing, not a slightly different document."""
    data = bytearray(pack(FULL))
    data[at % len(data)] ^= flip
    with pytest.raises(CacheMiss):
        unpack(bytes(data), Document)


@given(st.binary(max_size=200))
def test_garbage_is_never_read(data: bytes) -> None:
    """Whatever lies in the folder, nothing but a miss comes of it."""
    with pytest.raises(CacheMiss):
        unpack(data, Document)


def test_another_kind_of_value_is_a_miss() -> None:
    """An entry of one type is not read as another."""
    with pytest.raises(CacheMiss):
        unpack(pack(FULL), GapReport)


def test_a_damaged_entry_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damage costs time once, and nobody has to clear anything."""
    monkeypatch.setenv("CARDWATCH_CACHE_DIR", str(tmp_path / "kept"))
    source = tmp_path / "a.md"
    source.write_text("# Title\n\nSome words here.\n", encoding="utf-8")
    first = app.read(source)
    (entry,) = (tmp_path / "kept").iterdir()
    entry.write_bytes(entry.read_bytes()[:-5])
    assert app.read(source) == first
    assert unpack(entry.read_bytes(), Document) == first


def test_changed_bytes_are_read_anew(tmp_path: Path) -> None:
    """The key is what the file holds, not what it is called or when it changed."""
    source = tmp_path / "a.md"
    source.write_text("# One\n\nSome words here.\n", encoding="utf-8")
    when = source.stat()
    assert "Some" in app.read(source).text
    source.write_text("# Two\n\nOther words here.\n", encoding="utf-8")
    os.utime(source, ns=(when.st_atime_ns, when.st_mtime_ns))
    assert "Other" in app.read(source).text


def test_what_a_password_opens_is_kept_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Secrets are not copied into a cache folder."""
    monkeypatch.setenv("CARDWATCH_CACHE_DIR", str(tmp_path / "kept"))
    app.read(b"# Title\n\nSecret words.\n", media_type="markdown", password="x")
    assert not (tmp_path / "kept").exists()


def test_the_longest_unused_leave_first(tmp_path: Path) -> None:
    """The folder stays within its limit, and what was read lately stays in it."""
    size = len(pack(FULL))
    cache = Cache(tmp_path, limit=5 * size // 2)
    for at, name in enumerate(["a", "b"]):
        cache.put(name, FULL)
        for path in tmp_path.iterdir():
            if path.stat().st_mtime > 1000:
                os.utime(path, (at, at))
    assert cache.get("a", Document) == FULL
    cache.put("c", FULL)
    assert cache.get("b", Document) is None
    assert cache.get("a", Document) == FULL
    assert cache.get("c", Document) == FULL


def test_a_folder_is_not_looked_through_for_each_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keeping n entries costs looks at the folder in the order of log n, and the limit holds."""
    size = len(pack(FULL))
    looks = []
    evict = Cache._evict
    monkeypatch.setattr(Cache, "_evict", lambda self: looks.append(1) or evict(self))
    cache = Cache(tmp_path, limit=400 * size)
    for number in range(900):
        cache.put(str(number), FULL)
    assert len(looks) < 150
    assert 370 <= len(list(tmp_path.iterdir())) <= 400


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    """No cache is no failure."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    cache = Cache(blocked / "kept")
    cache.put("a", FULL)
    assert cache.get("a", Document) is None


def test_a_stamp_follows_the_code(tmp_path: Path) -> None:
    """An entry does not outlive the code or the rules that made it."""
    file = tmp_path / "reader.py"
    file.write_text("one", encoding="utf-8")
    before = stamp(tmp_path)
    assert stamp(tmp_path) == before
    file.write_text("other", encoding="utf-8")
    assert stamp(tmp_path) != before


def test_a_digest_names_the_value() -> None:
    """Equal documents have one name, different ones two."""
    assert digest(FULL) == digest(replace(FULL))
    assert digest(FULL) != digest(replace(FULL, title="other"))
    assert digest(FULL, DOCUMENT) != digest(DOCUMENT, FULL)
