"""Small PDFs made in memory, each staging one thing that PDFs do to text."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 612.0, 792.0
WORDS = (
    "the service keeps a record of each request for thirty days and removes it after that "
    "unless a person has asked for it to be kept or a court has ordered it in writing while "
    "staff who read such records are named in a register that auditors may see at any time"
).split()


class Sheet:
    """A canvas with the few verbs that the samples need; y is counted from the top."""

    def __init__(self, password: str = "") -> None:
        self.data = BytesIO()
        encryption = StandardEncryption(password, ownerPassword="owner") if password else None
        self.canvas = Canvas(self.data, pagesize=(WIDTH, HEIGHT), encrypt=encryption, invariant=1)

    def text(self, x: float, y: float, words: str, size: float = 10, font: str = "") -> float:
        """Print words at a baseline ``y`` below the top; returns where they end."""
        name = font or "Times-Roman"
        self.canvas.setFont(name, size)
        self.canvas.drawString(x, HEIGHT - y, words)
        return x + self.canvas.stringWidth(words, name, size)

    def lines(self, x: float, y: float, lines: Sequence[str], size: float = 10) -> float:
        """Print lines one below the other; returns the baseline after the last."""
        for line in lines:
            self.text(x, y, line, size)
            y += 1.2 * size
        return y

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a thin line."""
        self.canvas.setLineWidth(0.5)
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def turn(self) -> None:
        """Begin the next page."""
        self.canvas.showPage()

    def bytes(self) -> bytes:
        """The finished PDF."""
        self.canvas.save()
        return self.data.getvalue()


def filled(count: int, width: int = 14, start: int = 0) -> list[str]:
    """``count`` full lines of prose of about ``width`` words, without a full stop at the end."""
    words = [WORDS[(start + at) % len(WORDS)] for at in range(count * width)]
    return [" ".join(words[at : at + width]) for at in range(0, len(words), width)]


def paragraphs(sheet: Sheet, y: float, texts: Sequence[Sequence[str]], x: float = 72) -> float:
    """Print paragraphs of given lines with a gap between them."""
    for lines in texts:
        y = sheet.lines(x, y, lines) + 10
    return y


def two_columns(*, row_by_row: bool = False) -> bytes:
    """Two columns of prose, printed column by column, or line by line across the gutter."""
    sheet = Sheet()
    left = [f"Left {n} " + " ".join(WORDS[n : n + 6]) for n in range(20)]
    right = [f"Right {n} " + " ".join(WORDS[n + 3 : n + 9]) for n in range(20)]
    if row_by_row:
        for at in range(20):
            sheet.text(72, 100 + 12 * at, left[at])
            sheet.text(320, 100 + 12 * at, right[at])
    else:
        sheet.lines(72, 100, left)
        sheet.lines(320, 100, right)
    return sheet.bytes()


def running_heads(pages: int = 6) -> bytes:
    """Pages with a running head, a page number that counts from 3, and a sentence over a break."""
    sheet = Sheet()
    for page in range(pages):
        sheet.text(72, 40, "Rules of the Example Works", 8)
        sheet.text(300, 760, str(page + 3), 9)
        body = filled(30, start=page * 5)
        body[-1] = (
            f"this sentence began on page {page + 1} of the paper and it is carried overleaf by"
        )
        if page:
            body[0] = f"one line that ends on page {page + 1}."
        sheet.lines(72, 90, body)
        sheet.turn()
    return sheet.bytes()


def hyphenated() -> bytes:
    """A line-end hyphen that the typesetter added, and one that belongs to the word."""
    sheet = Sheet()
    sheet.lines(
        72,
        100,
        [
            "The operator will publish a summary of every change to the safe-",
            "guards within thirty days, and a third-party auditor reads the regis-",
            "ter once a year. The auditor is a well-known third-",
            "party of standing, and safeguards of that kind are kept in a register.",
        ],
    )
    return sheet.bytes()


def footnotes() -> bytes:
    """A raised mark in running text and its note, small, at the foot of the page."""
    sheet = Sheet()
    end = sheet.text(72, 100, "Requests are kept for thirty days")
    sheet.canvas.setFont("Times-Roman", 6)
    sheet.canvas.drawString(end, HEIGHT - 96, "1")
    sheet.text(end + 6, 100, "and then removed from every copy, without")
    y = sheet.lines(72, 112, filled(40))
    sheet.text(72, y, "and that is where the page ends before the sentence does, at the word")
    sheet.rule(72, 700, 200, 700)
    sheet.text(72, 710, "1", 5)
    sheet.text(76, 713, "Backups are overwritten within ninety days of removal.", 8)
    sheet.turn()
    sheet.lines(
        72, 100, ["continued here, in the first line of the second page, and then it ends."]
    )
    return sheet.bytes()


TABLE = (
    ("Kind of data", "Kept for", "Shared with"),
    ("Account", "2 years", "nobody"),
    ("Payment", "7 years", "the bank"),
)


def ruled_table() -> bytes:
    """A table with all its rules, between two paragraphs."""
    sheet = Sheet()
    sheet.lines(
        72, 100, ["The table says how long each kind of data is kept.", "It has three rows."]
    )
    xs, top, step = [72, 200, 320, 460], 140, 24
    for row, cells in enumerate(TABLE):
        for column, words in enumerate(cells):
            font = "Times-Bold" if row == 0 else ""
            sheet.text(xs[column] + 4, top + step * row + 15, words, 10, font)
    for row in range(len(TABLE) + 1):
        sheet.rule(xs[0], top + step * row, xs[-1], top + step * row)
    for x in xs:
        sheet.rule(x, top, x, top + step * len(TABLE))
    sheet.lines(72, 250, ["After the table the text goes on for one more line."])
    return sheet.bytes()


def table_in_a_column() -> bytes:
    """Two columns of prose; the first has a ruled table under its lines."""
    sheet = Sheet()
    left = [f"Left {n} " + " ".join(WORDS[n : n + 5]) for n in range(12)]
    right = [f"Right {n} " + " ".join(WORDS[n + 3 : n + 8]) for n in range(20)]
    sheet.lines(72, 100, left)
    xs, top, step = [72, 160, 260], 260, 24
    for row, cells in enumerate(TABLE):
        for column, words in enumerate(cells[:2]):
            sheet.text(xs[column] + 4, top + step * row + 15, words)
    for row in range(len(TABLE) + 1):
        sheet.rule(xs[0], top + step * row, xs[-1], top + step * row)
    for x in xs:
        sheet.rule(x, top, x, top + step * len(TABLE))
    sheet.lines(320, 100, right)
    return sheet.bytes()


HEADINGS = (("1 Purpose", 1), ("1.1 Scope", 2), ("2 Duties", 1), ("2.1 Records", 2))


def headed(*, outline: bool) -> bytes:
    """Numbered headings in larger or bolder type, with an outline or without."""
    sheet = Sheet()
    y = 100.0
    for at, (title, level) in enumerate(HEADINGS):
        if outline:
            sheet.canvas.bookmarkPage(f"h{at}")
            sheet.canvas.addOutlineEntry(title, f"h{at}", level - 1)
        sheet.text(72, y, title, 16 if level == 1 else 13, "Helvetica-Bold")
        y = sheet.lines(72, y + 24, [*filled(4, start=at * 7), "and that is all."]) + 24
    return sheet.bytes()


def listed() -> bytes:
    """Bullets with a wrapped item, and a nested numbered list."""
    sheet = Sheet()
    sheet.text(72, 100, "The operator will do the following:")
    sheet.text(80, 120, "\u2022")
    sheet.lines(
        92, 120, ["keep a register of each request that it refused and of the", "reason for it;"]
    )
    sheet.text(80, 146, "\u2022")
    sheet.text(92, 146, "publish it, that is:")
    sheet.text(92, 160, "1.  once a year in full;")
    sheet.text(92, 172, "2.  at once where a person asks.")
    sheet.text(72, 196, "Nothing else is promised.")
    return sheet.bytes()


def linked() -> bytes:
    """Words that lead to an address, and words that lead to another page."""
    sheet = Sheet()
    end = sheet.text(72, 100, "See ")
    last = sheet.text(end, 100, "the register")
    sheet.canvas.linkURL("https://example.org/register", (end, HEIGHT - 103, last, HEIGHT - 91))
    first = sheet.text(last, 100, " or ")
    last = sheet.text(first, 100, "the annex")
    sheet.canvas.linkAbsolute("", "annex", (first, HEIGHT - 103, last, HEIGHT - 91))
    sheet.text(last, 100, ".")
    sheet.turn()
    sheet.canvas.bookmarkPage("annex")
    sheet.text(72, 100, "The annex stands here.")
    return sheet.bytes()


def encrypted(password: str) -> bytes:
    """One line behind a password."""
    sheet = Sheet(password)
    sheet.text(72, 100, "Only those who know the word may read this.")
    return sheet.bytes()


def scanned(*, with_text_page: bool = False) -> bytes:
    """Pages that are pictures, without a text layer; and if asked one that has text."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    sheet = Sheet()
    picture = ImageReader(Image.new("L", (60, 80), 200))
    sheet.canvas.drawImage(picture, 0, 0, WIDTH, HEIGHT)
    sheet.turn()
    if with_text_page:
        sheet.text(72, 100, "This page has words of its own.")
    else:
        sheet.canvas.drawImage(picture, 0, 0, WIDTH, HEIGHT)
    return sheet.bytes()


def drawn_figure() -> bytes:
    """A chart drawn with labels of its own, a caption under it, and text on either side."""
    sheet = Sheet()
    canvas = sheet.canvas
    sheet.lines(72, 100, [*filled(3), "and that is what the chart shows."])
    canvas.beginForm("chart", 0, 0, 300, 150)
    canvas.setFont("Helvetica", 8)
    canvas.rect(0, 0, 300, 150)
    for at in range(5):
        canvas.rect(20 + 50 * at, 20, 30, 20 * at + 10)
        canvas.drawString(20 + 50 * at, 5, f"bar {at}")
    canvas.endForm()
    canvas.saveState()
    canvas.translate(72, HEIGHT - 320)
    canvas.doForm("chart")
    canvas.restoreState()
    sheet.text(72, 340, "Figure 1. Refusals in each month of the trial.", 9)
    sheet.lines(72, 370, [*filled(3), "and there the matter rests."])
    return sheet.bytes()


def open_table() -> bytes:
    """A table with three horizontal rules and no uprights; one cell takes two lines."""
    sheet = Sheet()
    rows = [
        ("Kind", "Kept for", "Why"),
        ("Account", "2 years", "so that a person can"),
        ("Payment", "7 years", "law"),
    ]
    xs, y = (76, 200, 320), 115.0
    for row, cells in enumerate(rows):
        for x, words in zip(xs, cells, strict=True):
            sheet.text(x, y, words)
        if row == 1:
            sheet.text(xs[2], y + 11, "come back later")
            y += 11
        y += 18
    for rule in (100, 121, 170):
        sheet.rule(72, rule, 460, rule)
    sheet.lines(72, 200, ["Nothing else is kept."])
    return sheet.bytes()


def table_over_pages() -> bytes:
    """A ruled table that goes on overleaf under the same head."""
    sheet = Sheet()
    xs, step = (72, 200, 320), 20
    number = 0
    for page in range(2):
        top = 640 if page == 0 else 60
        rows = [("Rule", "Penalty")] + [
            (f"Rule {number + at}", f"{at + 1} points") for at in range(4)
        ]
        number += 4
        for row, cells in enumerate(rows):
            for x, words in zip(xs, cells, strict=False):
                sheet.text(x + 4, top + step * row + 14, words, 10, "" if row else "Times-Bold")
        for row in range(len(rows) + 1):
            sheet.rule(xs[0], top + step * row, xs[2], top + step * row)
        for x in xs:
            sheet.rule(x, top, x, top + step * len(rows))
        sheet.turn()
    return sheet.bytes()


def contents() -> bytes:
    """A table of contents with leaders, and the sections that it names."""
    sheet = Sheet()
    sheet.text(72, 80, "Contents", 14, "Helvetica-Bold")
    names = ["Aims", "Scope", "Duties", "Records", "Review"]
    for at, name in enumerate(names):
        sheet.text(72, 110 + 14 * at, f"{at + 1} {name} " + ". " * 40 + str(at + 2))
    sheet.turn()
    for at, name in enumerate(names):
        sheet.text(72, 80, f"{at + 1} {name}", 16, "Helvetica-Bold")
        sheet.lines(72, 110, [*filled(5, start=at), "and so on."])
        sheet.turn()
    return sheet.bytes()


def numbered_notes() -> bytes:
    """Two pages, each with a footnote 1 of its own, and an exponent that calls no note."""
    sheet = Sheet()
    for page in range(2):
        end = sheet.text(72, 100, f"Page {page + 1} makes a claim")
        sheet.text(end, 96, "1", 6)
        sheet.text(end + 6, 100, "and counts to 10")
        sheet.text(
            end + 6 + sheet.canvas.stringWidth("and counts to 10", "Times-Roman", 10), 96, "25", 6
        )
        sheet.lines(
            72, 112, ["and then it stops, for good, without a word about what comes after it."]
        )
        sheet.text(72, 710, "1", 5)
        sheet.text(76, 713, f"The note of page {page + 1}.", 8)
        sheet.turn()
    return sheet.bytes()


def noted_pages(pages: int = 6) -> bytes:
    """Pages that each end in a footnote of two lines, set down to one and the same height."""
    sheet = Sheet()
    for page in range(pages):
        sheet.text(520, 40, str(page + 1), 8)
        end = sheet.text(72, 100, f"The claim of page {page + 1} is made here")
        sheet.text(end, 96, str(page + 1), 6)
        sheet.lines(72, 112, [*filled(20, start=page), "and no more."])
        sheet.text(72, 735, str(page + 1), 5)
        sheet.text(76, 738, f"Note {page + 1} begins on one line of small type and then it goes", 8)
        sheet.text(76, 748, f"on in a second, which ends the page: {WORDS[page]}.", 8)
        sheet.turn()
    return sheet.bytes()


def note_over_pages() -> bytes:
    """A footnote that goes on at the foot of the next page, above a note of that page."""
    sheet = Sheet()
    end = sheet.text(72, 100, "A claim is made here")
    sheet.text(end, 96, "1", 6)
    sheet.lines(72, 112, [*filled(20), "and no more."])
    sheet.text(72, 725, "1", 5)
    sheet.text(76, 728, "The note begins on the first page and it is so long that it goes on", 8)
    sheet.turn()
    end = sheet.text(72, 100, "Another claim is made here")
    sheet.text(end, 96, "2", 6)
    sheet.lines(72, 112, [*filled(20, start=4), "and no more."])
    sheet.text(76, 716, "at the foot of the second page, where it ends.", 8)
    sheet.text(72, 725, "2", 5)
    sheet.text(76, 728, "The other note is short.", 8)
    return sheet.bytes()
