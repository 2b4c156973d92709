"""What the PDF reader promises, each on a page made for it."""

from __future__ import annotations

import zlib
from contextlib import suppress

import pytest

from cardwatch.errors import Encrypted, NoText, ReadError, TooLarge
from cardwatch.model import (
    BlockKind,
    Document,
    Footnote,
    MarkKind,
    MediaType,
    Section,
    Source,
    Span,
)
from cardwatch.readers.options import ReadOptions
from cardwatch.readers.pdf import read
from tests import pdf_samples as samples
from tests.laws import broken_laws


def _read(data: bytes, **options: object) -> Document:
    document = read(data, Source("sample.pdf", MediaType.PDF), ReadOptions(**options))  # type: ignore[arg-type]
    assert broken_laws(document) == []
    return document


def _blocks(document: Document, kind: BlockKind) -> list[str]:
    return [document.quote(block.span) for block in document.blocks if block.kind is kind]


@pytest.mark.parametrize("row_by_row", [False, True])
def test_columns_are_read_one_after_the_other(row_by_row: bool) -> None:
    """No word of the right column stands before the last word of the left one."""
    text = _read(samples.two_columns(row_by_row=row_by_row)).text
    assert text.index("Left 19") < text.index("Right 0")
    assert text.index("Left 3 ") < text.index("Left 4 ")


def test_running_heads_and_page_numbers_are_left_out_and_recorded() -> None:
    """Furniture is no part of the text; the number a page prints is its label."""
    document = _read(samples.running_heads())
    assert "Example Works" not in document.text
    assert [page.label for page in document.pages] == ["3", "4", "5", "6", "7", "8"]
    kinds = [dropped.kind for dropped in document.coverage.dropped]
    assert kinds.count("running head") == kinds.count("page number") == 6


def test_a_sentence_over_a_page_break_is_one_sentence() -> None:
    """A paragraph goes on over the page; the page boundary falls inside it, at the right word."""
    document = _read(samples.running_heads())
    quote = "and it is carried overleaf by one line that ends on page 2."
    start = document.text.index(quote)
    assert document.page_at(start) == 1
    assert document.page_at(start + len(quote) - 1) == 2
    first = document.text.index("one line that ends on page 2")
    assert document.pages[1].span.start == first


def test_hyphens_of_the_typesetter_go_and_those_of_the_author_stay() -> None:
    """A hyphen is mended by the words the document prints elsewhere, and recorded."""
    document = _read(samples.hyphenated())
    assert "safeguards within" in document.text
    assert "register once a year" in document.text
    assert "well-known third-party of standing" in document.text
    mends = [mend for mend in document.mends if mend.kind == "hyphen"]
    assert len(mends) == 2
    assert document.text[mends[0].span.start :].startswith("guards within")


def test_a_footnote_is_tied_to_its_mark_and_cuts_no_sentence() -> None:
    """Mark and body belong together; the sentence that runs over the page stays whole."""
    document = _read(samples.footnotes())
    (note,) = document.footnotes
    assert note.body is not None
    assert document.quote(note.body) == "Backups are overwritten within ninety days of removal."
    assert [document.quote(mark) for mark in note.marks] == ["¹"]
    assert "kept for thirty days¹ and then removed" in document.text
    assert "at the word continued here" in document.text
    assert document.page_at(note.body.start) == 1


def test_a_ruled_table_keeps_its_cells() -> None:
    """Each cell's span holds its words and nothing else; rows stand on lines of their own."""
    document = _read(samples.ruled_table())
    (table,) = [block for block in document.blocks if block.kind is BlockKind.TABLE]
    found = {(cell.row, cell.column): document.quote(cell.span) for cell in table.cells}
    assert found == {
        (row, column): words
        for row, cells in enumerate(samples.TABLE)
        for column, words in enumerate(cells)
    }
    assert document.quote(table.span).splitlines()[1] == "Account | 2 years | nobody"
    assert [cell.header for cell in table.cells] == [True] * 3 + [False] * 6
    before, after = document.text.index("three rows"), document.text.index("After the table")
    assert before < table.span.start < table.span.end < after


def test_a_table_in_a_column_stays_in_it() -> None:
    """Law: what stands in another column is neither above nor below a table."""
    text = _read(samples.table_in_a_column()).text
    places = [text.index(words) for words in ("Left 0", "Left 11", " | ", "Right 0", "Right 19")]
    assert places == sorted(places)


def test_a_footnote_belongs_to_the_section_that_calls_it() -> None:
    """Law: where a page ends in another section, its footnotes stay with their marks."""
    text = "1 Data\n\nWe keep it.1\n\n2 Law\n\nWe obey.\n\nFor two years."
    first, second = text.index("1 Data"), text.index("2 Law")
    body = Span(text.index("For two"), len(text))
    document = Document(
        text,
        Source("x", MediaType.TEXT),
        sections=(
            Section(Span(first, second), Span(first, first + 6), Span(0, 0), "Data", "1", 1, ()),
            Section(
                Span(second, len(text)), Span(second, second + 5), Span(0, 0), "Law", "2", 1, ()
            ),
        ),
        footnotes=(Footnote("1", (Span(text.index("1\n"), text.index("1\n") + 1),), body),),
    )
    assert document.passage(body).section == "1 Data"
    assert document.passage(Span(body.start - 10, body.start - 2)).section == "2 Law"


def test_headings_of_one_size_are_no_title() -> None:
    """Law: the largest words of a first page are its title only where they stand together."""
    assert "2 Duties" not in _read(samples.headed(outline=False)).title


def test_tables_can_be_left_to_plain_lines() -> None:
    """Without tables their words are still read."""
    document = _read(samples.ruled_table(), tables=False)
    assert not [block for block in document.blocks if block.kind is BlockKind.TABLE]
    assert "7 years" in document.text


def test_rules_across_alone_make_a_table() -> None:
    """Where only horizontal rules are drawn, columns are the gaps that no word crosses."""
    document = _read(samples.open_table())
    (table,) = _blocks(document, BlockKind.TABLE)
    assert table.splitlines() == [
        "Kind | Kept for | Why",
        "Account | 2 years | so that a person can come back later",
        "Payment | 7 years | law",
    ]


def test_a_table_over_pages_is_one_table() -> None:
    """Its rows go on; the head that is printed again is left out and recorded."""
    document = _read(samples.table_over_pages())
    (table,) = [block for block in document.blocks if block.kind is BlockKind.TABLE]
    assert [document.quote(cell.span) for cell in table.cells if cell.column == 0] == [
        "Rule",
        *(f"Rule {number}" for number in range(8)),
    ]
    assert document.page_at(document.text.index("Rule 3")) == 1
    assert document.page_at(document.text.index("Rule 4")) == 2
    assert "repeated table head" in [dropped.kind for dropped in document.coverage.dropped]


def test_words_in_a_drawn_figure_are_no_text() -> None:
    """The labels of a chart are left out and recorded, the chart is unread, its caption read."""
    document = _read(samples.drawn_figure())
    assert "bar 3" not in document.text
    assert _blocks(document, BlockKind.CAPTION) == [
        "Figure 1. Refusals in each month of the trial."
    ]
    assert [unread.kind for unread in document.coverage.unread] == ["figure"]
    assert "figure text" in [dropped.kind for dropped in document.coverage.dropped]


def test_a_table_of_contents_is_left_out_and_recorded() -> None:
    """Its entries name sections that follow: they are no text of their own."""
    document = _read(samples.contents())
    assert document.text.count("Records") == 1
    assert [s.label for s in document.sections if s.level] == [
        "1 Aims",
        "2 Scope",
        "3 Duties",
        "4 Records",
        "5 Review",
    ]
    dropped = [drop.text for drop in document.coverage.dropped if drop.kind == "contents"]
    assert len(dropped) == 6


def test_notes_that_start_again_on_each_page_are_told_apart() -> None:
    """Two notes of one number are two notes; an exponent calls none."""
    document = _read(samples.numbered_notes())
    bodies = [document.quote(note.body) for note in document.footnotes if note.body]
    assert bodies == ["The note of page 1.", "The note of page 2."]
    assert [len(note.marks) for note in document.footnotes] == [1, 1]
    assert document.text.count("counts to 10²⁵") == 2


def test_footnotes_at_one_height_are_no_furniture() -> None:
    """Notes that end each page at the same height, in one small type, are read."""
    document = _read(samples.noted_pages())
    bodies = [document.quote(note.body) for note in document.footnotes if note.body]
    assert [body.split(" begins")[0] for body in bodies] == [f"Note {n}" for n in range(1, 7)]
    assert all("which ends the page" in body for body in bodies)
    assert [page.label for page in document.pages] == ["1", "2", "3", "4", "5", "6"]


def test_the_rest_of_a_long_footnote_is_no_running_text() -> None:
    """What goes on at the foot of the next page is a footnote block there."""
    document = _read(samples.note_over_pages())
    blocks = _blocks(document, BlockKind.FOOTNOTE)
    assert blocks[1] == "at the foot of the second page, where it ends."
    assert [note.label for note in document.footnotes] == ["1", "2"]
    assert document.page_at(document.text.index("at the foot of")) == 2


@pytest.mark.parametrize("outline", [True, False])
def test_headings_are_found_with_and_without_an_outline(outline: bool) -> None:
    """Sections are those of the outline, or of numbers and type; they nest by their numbers."""
    document = _read(samples.headed(outline=outline))
    found = [(section.label, section.level) for section in document.sections]
    assert found == list(samples.HEADINGS)
    assert document.sections[1].path == ("Purpose", "Scope")


def test_list_items_keep_marker_and_level() -> None:
    """A bullet is no part of the words; a wrapped item is one block; numbers nest under it."""
    document = _read(samples.listed())
    items = [block for block in document.blocks if block.kind is BlockKind.LIST_ITEM]
    assert [(item.marker, item.level) for item in items] == [
        ("•", 1),
        ("•", 1),
        ("1.", 2),
        ("2.", 2),
    ]
    assert document.quote(items[0].span).endswith("refused and of the reason for it;")
    assert _blocks(document, BlockKind.PARAGRAPH)[-1] == "Nothing else is promised."


def test_links_cover_their_words() -> None:
    """A link's span is what the page shows as the link; inside the document it names the page."""
    document = _read(samples.linked())
    found = [(document.quote(link.span), link.target) for link in document.links]
    assert found == [("the register", "https://example.org/register"), ("the annex", "#page=2")]


def test_every_word_has_a_place_on_its_page() -> None:
    """From any word one gets its page and a rectangle on it."""
    document = _read(samples.ruled_table())
    at = document.text.index("the bank")
    (box,) = document.boxes(Span(at, at + 8))
    assert box.page == 1
    assert 320 < box.x0 < box.x1 < 460
    assert 188 < box.top < box.bottom < 212


def test_emphasis_is_kept_from_font_names() -> None:
    """Bold and italic runs are marks over their words."""
    sheet = samples.Sheet()
    end = sheet.text(72, 100, "You must ")
    end = sheet.text(end, 100, "never", font="Times-Bold")
    sheet.text(end, 100, " do this, and no one else may do it, either.")
    document = _read(sheet.bytes())
    assert [(m.kind, document.quote(m.span)) for m in document.marks] == [(MarkKind.BOLD, "never")]


def test_encryption_asks_for_the_password() -> None:
    """Without a password, or with a wrong one, the error says what to do; with it, one reads."""
    data = samples.encrypted("sesame")
    for password in (None, "barley"):
        with pytest.raises(Encrypted) as caught:
            _read(data, password=password)
        assert "--password" in caught.value.hint
    assert "Only those who know" in _read(data, password="sesame").text


def test_pictures_of_pages_are_no_text() -> None:
    """A PDF of pictures is refused; one with a page of text is read, and the picture recorded."""
    with pytest.raises(NoText) as caught:
        _read(samples.scanned())
    assert "OCR" in caught.value.hint
    document = _read(samples.scanned(with_text_page=True))
    assert [(unread.kind, unread.page) for unread in document.coverage.unread] == [
        ("scanned page", 1)
    ]
    assert (document.coverage.pages, document.coverage.pages_read) == (2, 1)


def test_blank_pages_are_not_called_pictures() -> None:
    """Law: why a file has no words is told as it is: blank, or drawn."""
    sheet = samples.Sheet()
    sheet.turn()
    with pytest.raises(NoText) as caught:
        _read(sheet.bytes())
    assert "blank" in caught.value.message
    assert "OCR" not in caught.value.hint


def test_limits_are_kept() -> None:
    """More pages or bytes than allowed are refused before they are read."""
    data = samples.running_heads()
    with pytest.raises(TooLarge):
        _read(data, max_pages=5)
    with pytest.raises(TooLarge):
        _read(data, max_bytes=100)


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_refused_before_it_is_unpacked(
    layers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream that unpacks to more than the limit is refused, packed once or twice."""
    monkeypatch.setattr("cardwatch.readers.pdf.bombs._ONE_STREAM", 3_000_000)
    packed = zlib.compress(bytes(4_000_000), 9)
    filters = b"/FlateDecode"
    if layers == 2:
        packed, filters = zlib.compress(packed), b"[/FlateDecode /FlateDecode]"
    stream = b"<</Length %d /Filter %s>>stream\n" % (len(packed), filters) + packed
    data = samples.running_heads(1) + b"9 0 obj" + stream + b"\nendstream endobj"
    with pytest.raises(TooLarge):
        _read(data)


def test_damage_is_an_error_of_the_house_or_a_document() -> None:
    """A PDF cut short or overwritten anywhere gives what can be read, or a clear error."""
    whole = samples.running_heads()
    read_any = 0
    for at in range(10, len(whole), max(1, len(whole) // 40)):
        hurt = whole[:at] + b"\x00\xff<<>>" * 3 + whole[at + 15 :]
        for data in (whole[:at], hurt):
            with suppress(ReadError):
                read_any += bool(_read(data).text)
    assert read_any


def test_a_file_cut_short_says_so() -> None:
    """What can be read of a file without its end is used, and the coverage tells."""
    whole = samples.running_heads()
    cut = _read(whole[: whole.rindex(b"startxref")])
    assert [unread.kind for unread in cut.coverage.unread] == ["damaged file"]
    assert cut.text == _read(whole).text


def test_plain_signs_and_roman_numbers_make_lists() -> None:
    """Dashes after a colon are bullets; (i), (ii), (iii) follow each other."""
    sheet = samples.Sheet()
    sheet.lines(
        72,
        100,
        ["The operator promises:", "- to keep a register;", "- to show it to anyone who asks."],
    )
    sheet.lines(72, 150, ["Each entry has:", "(i) a date;", "(ii) a reason;", "(iii) a name."])
    items = [b for b in _read(sheet.bytes()).blocks if b.kind is BlockKind.LIST_ITEM]
    assert [item.marker for item in items] == ["-", "-", "(i)", "(ii)", "(iii)"]


def test_reading_twice_agrees() -> None:
    """The same bytes give the same document."""
    assert _read(samples.headed(outline=True)) == _read(samples.headed(outline=True))


def test_progress_is_told_page_by_page() -> None:
    """Progress counts the pages up to their number."""
    told: list[tuple[int, int]] = []
    _read(samples.running_heads(3), progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
