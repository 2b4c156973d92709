"""Citations: each form says where the words stand, and nothing that a document says is obeyed."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

import cardwatch
from cardwatch.errors import QuoteError
from cardwatch.model import Document, MediaType, Mend, Quote, Source, Span
from cardwatch.quotes import is_unique, load_quote
from cardwatch.reports import Citation, View, render
from cardwatch.reports.quotes import FORMATS, cite
from tests.conftest import ROOT
from tests.schemas import schemas
from tests.test_cli import Run

DEMO = ROOT / "corpora" / "demo"
HOSTILE = (
    '<script>alert(1)</script> "x" \' & } \\end{document} [a](javascript:b) \x1b[31m \u202e `c` '
    "| =1+1 $ % _ ^ ~ # @"
)


def _quote(**changed: object) -> Quote:
    text = (
        "Before it stands this. Larkspur — and no-one else — may keep, or sell & lend, it. After."
    )
    document = Document.from_text(text, location="card.pdf")
    start, end = text.index("Larkspur"), text.index(" After")
    source = Source(
        "card.pdf",
        MediaType.PDF,
        sha256="ab" * 32,
        size=9,
        retrieved="2026-03-18T09:30:00+00:00",
        published="2026-03-17",
        url="https://lab.example/card.pdf",
    )
    made = replace(
        cardwatch.quote(document, Span(start, end)),
        source=source,
        title="Card & Co",
        section="1.5 Guards",
        section_path=("Safety", "Guards"),
        page=13,
        page_label="xi",
    )
    return replace(made, **changed)  # type: ignore[arg-type]


HTML_SOURCE = replace(_quote().source, media_type=MediaType.HTML, url="https://lab.example/p?a=1#x")


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_form_says_where(form: str) -> None:
    """Each form ends with one newline and leads to the page; each but the link has the words."""
    text = cite(Citation(_quote(), form=form))
    assert text.endswith("\n")
    assert "13" in text
    assert form == "link" or "no-one else" in text


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_hostile_words_are_inert(form: str) -> None:
    """Words, titles and addresses of a document are shown, never run and never obeyed."""
    quote = _quote(
        exact=HOSTILE,
        span=Span(5, 5 + len(HOSTILE)),
        title=HOSTILE,
        section=HOSTILE,
        prefix=HOSTILE,
        suffix=HOSTILE,
        source=replace(_quote().source, url="javascript:alert(1)", location=HOSTILE),
    )
    text = cite(Citation(quote, form=form))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "javascript:alert" not in text or form == "json"
    assert form not in ("html", "link") or "<script" not in text


def test_markdown_shows_hostile_words_as_they_are() -> None:
    """A reader of Markdown that lets HTML through finds in them neither tag, link nor emphasis."""
    from markdown_it import MarkdownIt

    quote = _quote(exact=HOSTILE, span=Span(5, 5 + len(HOSTILE)), title=HOSTILE, section="1. A")
    text = cite(Citation(quote, form="markdown"))
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in [*tokens, *inner]}
    assert not kinds & {"html_inline", "html_block", "em_open", "strong_open", "code_inline"}
    links = [child.attrs["href"] for child in inner if child.type == "link_open"]
    assert links == ["https://lab.example/card.pdf#page=13"]
    shown = "".join(child.content for child in inner if child.type in ("text", "text_special"))
    assert "<script>alert(1)</script>" in shown


def test_html_is_well_formed_and_escaped() -> None:
    """The figure holds a block quotation with its address, and no tag but its own."""
    tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            for name, value in attrs:
                assert name in ("cite", "href", "title")
                assert name == "title" or (value or "").startswith("https://lab.example/card.pdf")

    text = cite(Citation(_quote(title=HOSTILE, section=HOSTILE), form="html"))
    Reader().feed(text)
    assert tags == ["figure", "blockquote", "p", "figcaption", "a", "cite"]


def test_links_open_at_the_place() -> None:
    """A PDF opens at its page, a web page at the words, other files as they are."""
    assert cite(Citation(_quote(), form="link")) == "https://lab.example/card.pdf#page=13\n"
    html = _quote(source=HTML_SOURCE)
    link = cite(Citation(html, form="link")).strip()
    head, _, directive = link.partition("#:~:text=")
    assert head == "https://lab.example/p?a=1"
    assert unquote(directive) == html.exact
    text = _quote(source=replace(HTML_SOURCE, media_type=MediaType.MARKDOWN))
    assert cite(Citation(text, form="link")) == "https://lab.example/p?a=1\n"


def test_a_text_fragment_encodes_its_own_signs() -> None:
    """Hyphen, comma and ampersand mean something in a directive, so words bring them encoded."""
    link = cite(Citation(_quote(source=HTML_SOURCE), form="link"))
    directive = link.partition("#:~:text=")[2].strip()
    assert not set("-,&") & set(directive)
    assert "no%2Done" in directive
    assert "keep%2C" in directive
    assert "sell%20%26%20lend" in directive


def test_a_text_fragment_tells_repeated_words_apart() -> None:
    """Words that stand more than once bring their neighbours, whole words only."""
    quote = _quote(source=HTML_SOURCE, prefix="Before it stands this. ", suffix=" After it too.")
    directive = cite(Citation(quote, unique=False, form="link")).partition("text=")[2].strip()
    parts = directive.split(",")
    assert unquote(parts[0]) == "Before it stands this.-"
    assert unquote(parts[-1]) == "-After it too."


def test_a_long_passage_is_named_by_its_ends() -> None:
    """A passage over several blocks cannot be one text to match: its first and last words are."""
    exact = "One two three four five six.\n\nSeven eight nine ten eleven twelve."
    quote = _quote(exact=exact, span=Span(0, len(exact)), source=HTML_SOURCE)
    directive = cite(Citation(quote, form="link")).partition("text=")[2].strip()
    assert [unquote(part) for part in directive.split(",")] == [
        "One two three four five",
        "eight nine ten eleven twelve.",
    ]


def test_uniqueness_is_of_words() -> None:
    """The same words in other capitals or over a line break are the same to a browser."""
    document = Document.from_text("We keep it. Then we KEEP\nit. All is well.")
    assert not is_unique(cardwatch.quote(document, Span(3, 10)), document)
    assert is_unique(cardwatch.quote(document, Span(29, 40)), document)


def test_annotation_selects_the_words() -> None:
    """A Web Annotation names the words with their neighbours, their place, the page, the time."""
    quote = _quote()
    made = json.loads(cite(Citation(quote, form="annotation")))
    assert made["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert made["type"] == "Annotation"
    target = made["target"]
    assert target["source"] == "https://lab.example/card.pdf"
    assert target["state"]["sourceDate"] == quote.source.retrieved
    kinds = {each["type"]: each for each in target["selector"]}
    assert kinds["TextQuoteSelector"]["exact"] == quote.exact
    assert kinds["TextQuoteSelector"]["prefix"] == quote.prefix
    place = kinds["TextPositionSelector"]
    assert (place["start"], place["end"]) == (quote.span.start, quote.span.end)
    assert kinds["FragmentSelector"]["value"] == "page=13"


def test_csl_json_is_an_item() -> None:
    """The item has the names that citation programs know, dates in parts."""
    (item,) = json.loads(cite(Citation(_quote(), form="csl-json")))
    assert item["type"] == "report"
    assert item["issued"] == {"date-parts": [[2026, 3, 17]]}
    assert item["accessed"] == {"date-parts": [[2026, 3, 18]]}
    assert item["custom"]["locator"] == "13"
    assert item["URL"].endswith("#page=13")


def test_bibtex_escapes() -> None:
    """Braces stay balanced and no sign of TeX is left bare."""
    text = cite(Citation(_quote(title=HOSTILE), form="bibtex"))
    bare = text.replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")
    assert "\\textbackslash{}end" in text
    assert "year = {2026}" in text
    assert "Card \\& Co" in cite(Citation(_quote(), form="bibtex"))


def test_mends_are_told() -> None:
    """What the reader mended within the words is stated in the proof."""
    quote = _quote(mends=(Mend(Span(30, 30), "hyphen", "-"), Mend(Span(40, 40), "hyphen", "-")))
    text = cite(Citation(quote, form="plain"))
    assert "mended: a hyphen at a line's end taken out, 2 times" in text


def test_a_printed_page_number_is_told() -> None:
    """Where the page prints another number than its place in the file, both are given."""
    assert "p. 13, printed as xi" in cite(Citation(_quote(), form="footnote"))


# -- saved quotes ---------------------------------------------------------------------------


def test_json_brings_the_quote_back() -> None:
    """JSON and back is the same quote, and fits the schema that is shipped."""
    from jsonschema import Draft202012Validator

    quote = _quote(mends=(Mend(Span(30, 30), "hyphen", "-"),))
    text = render(Citation(quote), "json", View())
    assert load_quote(text) == quote
    assert load_quote(text.encode()) == quote
    Draft202012Validator(schemas()["quote/1"]).validate(json.loads(text))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"schema": "cardwatch/quote/2"}, "version"),
        ({"exact": 7}, "exact"),
        ({"exact": "   "}, "exact"),
        ({"span": {"start": 5, "end": 2}}, "span"),
        ({"span": {"start": 0, "end": 3}}, "span"),
        ({"span": {"start": True, "end": 3}}, "span.start"),
        ({"span": {"start": -1, "end": 3}}, "span.start"),
        ({"span": {"start": 0, "end": 10**30}}, "span.end"),
        ({"text_sha256": "../../etc"}, "text_sha256"),
        ({"source": []}, "source"),
        ({"source": {"media_type": "exe"}}, "source.media_type"),
        ({"section_path": "abc"}, "section_path"),
        ({"section_path": [1]}, "section_path"),
        ({"page": "13"}, "page"),
        ({"mends": [3]}, "mends[0]"),
        ({"mends": [{"span": {"start": 0, "end": 0}, "kind": 3}]}, "mends[0].kind"),
        ({"reader": None}, "reader"),
    ],
)
def test_what_is_wrong_with_a_saved_quote_is_named(change: dict[str, object], says: str) -> None:
    """A field of the wrong type or value is an error that names it."""
    plain = json.loads(render(Citation(_quote()), "json", View()))
    with pytest.raises(QuoteError) as caught:
        load_quote(json.dumps(plain | change), "q.json")
    assert says in caught.value.message
    assert caught.value.where == "q.json"


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"3", b"null", b"\xff\xfe", b"[" * 100_000, b'{"schema": NaN}', b"1" * 6_000_000],
)
def test_what_is_no_quote_is_refused(data: bytes) -> None:
    """Neither depth, size nor encoding makes anything but an error of it."""
    with pytest.raises(QuoteError):
        load_quote(data)


def test_unknown_fields_are_passed_over() -> None:
    """A later version may add fields under the same number."""
    plain = json.loads(render(Citation(_quote()), "json", View()))
    assert load_quote(json.dumps({**plain, "novel": [1]})) == _quote()


# -- the commands ---------------------------------------------------------------------------


def test_grep_quotes_the_sentence(cardwatch: Run) -> None:
    """The words bring their sentence; --words-only takes them alone."""
    card = DEMO / "card-v1.pdf"
    whole = json.loads(cardwatch("quote", card, "--grep", "no sign of it", "--json").out)
    assert whole["exact"].startswith("People whose requests")
    assert whole["page"] == 14
    only = cardwatch("quote", card, "--grep", "NO SIGN of it", "--words-only", "--json")
    assert json.loads(only.out)["exact"] == "no sign of it"


def test_a_place_is_chosen_or_the_command_says_why_not(cardwatch: Run) -> None:
    """Several places are listed, none is an error, and --page and --nth narrow them."""
    card = DEMO / "card-v1.pdf"
    several = cardwatch("quote", card, "--grep", "the Risk Committee")
    assert several.code == 2
    assert "--nth" in several.err
    assert cardwatch("quote", card, "--grep", "the Risk Committee", "--nth", "2").code == 0
    assert cardwatch("quote", card, "--grep", "the Calder Panel of cats").code == 2
    assert cardwatch("quote", card).code == 2
    assert cardwatch("quote", card, "--page", "14", "--section", "9", "--grep", "a").code == 2
    page = json.loads(cardwatch("quote", card, "--page", "14", "--section", "2.5", "--json").out)
    assert page["exact"].startswith("2.5 Security of the weights")


def test_a_finding_is_quoted(cardwatch: Run, tmp_path: Path) -> None:
    """A finding of a saved report, by id or rank, is quoted word for word."""
    card, post = DEMO / "card-v1.pdf", DEMO / "announcement.html"
    report = tmp_path / "gaps.json"
    cardwatch("gaps", card, post, "--json", "-o", report)
    gap = json.loads(report.read_text("utf-8"))["gaps"][2]
    for name in (gap["id"], "3"):
        ran = cardwatch("quote", card, "--finding", name, "--report", report, "--json")
        assert json.loads(ran.out)["exact"] == gap["quote"]
        ran = cardwatch("quote", report, "--finding", name, "--json")
        assert json.loads(ran.out)["exact"] == gap["quote"]
    assert cardwatch("quote", report, "--finding", "none").code == 2
    assert cardwatch("quote", card, "--finding", "none", "--report", report).code == 2
    assert cardwatch("quote", post, "--finding", "3", "--report", report).code == 2
    report.write_text('{"gaps": [{"id": "x", "span": {"start": "a"}}]}')
    assert cardwatch("quote", card, "--finding", "x", "--report", report).code == 2


def test_a_changed_passage_is_quoted(cardwatch: Run, tmp_path: Path) -> None:
    """Of a diff or a revision the report leads to the edition that the words stand in."""
    old, new = DEMO / "framework-v1.md", DEMO / "framework-v2.md"
    report = tmp_path / "saved.json"
    for command in (("diff", old, new), ("revision", old, new)):
        cardwatch(*command, "--json", "-o", report)
        changes = json.loads(report.read_text("utf-8"))["changes"]
        for side, other in (("new", "old"), ("old", "new")):
            one = next(
                each for each in changes if each[side] and (side == "new" or not each[other])
            )
            ran = cardwatch("quote", report, "--finding", one["id"], "--json")
            quoted = json.loads(ran.out)
            assert quoted["exact"] == one[side]["quote"]
            assert quoted["source"]["location"] == str(new if side == "new" else old)


def test_a_report_follows_no_address(cardwatch: Run, tmp_path: Path) -> None:
    """What a saved report names is looked for on this machine only."""
    report = tmp_path / "gaps.json"
    gap = {"id": "x", "span": {"start": 0, "end": 4}, "quote": "text"}
    for document in ({"location": "https://lab.example/card.pdf", "sha256": ""}, {}, None):
        report.write_text(json.dumps({"gaps": [gap], "document": document}))
        assert cardwatch("quote", report, "--finding", "x").code == 2


def test_verify_tells_what_became_of_words(cardwatch: Run, tmp_path: Path) -> None:
    """Exact in its own file, edited with a redline in the next edition, deleted elsewhere."""
    saved = tmp_path / "q.json"
    card = DEMO / "card-v1.pdf"
    cardwatch("quote", card, "--grep", "no sign of it", "--json", "-o", saved)
    own = cardwatch("verify", saved)
    assert own.code == 0
    assert own.out.startswith("EXACT")
    edited = cardwatch("verify", saved, DEMO / "card-v2.pdf", "--json")
    result = json.loads(edited.out)
    assert edited.code == 1
    assert result["status"] == "edited"
    assert result["found"]["page"] == 15
    kept = [each["text"] for each in result["redline"] if each["kind"] != "come"]
    assert " ".join(kept) == " ".join(result["quote"]["exact"].split())
    assert cardwatch("verify", saved, DEMO / "terms-v1.md").code == 1
    saved.write_text("{}", "utf-8")
    assert cardwatch("verify", saved).code == 2


def test_verify_moved_words(cardwatch: Run, tmp_path: Path) -> None:
    """Words that moved to another page are told with it, and the exit code is still 0."""
    saved = tmp_path / "q.json"
    words = "Forty research groups will be given free use"
    cardwatch("quote", DEMO / "card-v1.pdf", "--grep", words, "--json", "-o", saved)
    ran = cardwatch("verify", saved, DEMO / "card-v2.pdf", "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["status"] == "moved"


def test_verify_follows_no_address(cardwatch: Run, tmp_path: Path) -> None:
    """A saved quote is verified offline: an address in it, or a device, is not opened."""
    saved = tmp_path / "q.json"
    for location in ("https://lab.example/card.pdf", "/dev/zero", "nowhere.pdf", "a\x00b"):
        quote = _quote(source=replace(_quote().source, location=location))
        saved.write_text(render(Citation(quote), "json", View()), "utf-8")
        ran = cardwatch("verify", saved)
        assert ran.code == 2
        assert "not at hand" in ran.err


def test_copy_without_a_clipboard_says_so(cardwatch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no clipboard program the error names those that would do."""
    monkeypatch.setenv("PATH", "")
    ran = cardwatch("quote", DEMO / "terms-v1.md", "--section", "1", "--copy")
    assert ran.code == 2
    assert "xclip" in ran.err


def test_copy_gives_the_citation(
    cardwatch: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The clipboard gets the citation in the form that was asked for."""
    program = tmp_path / "pbcopy"
    program.write_text(f'#!/bin/sh\n/bin/cat > "{tmp_path}/held"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = cardwatch("quote", DEMO / "card-v1.pdf", "--page", "14", "--copy", "--format", "link")
    assert ran.code == 0
    assert (tmp_path / "held").read_text() == ran.out


@pytest.mark.parametrize("name", ["card-v1.pdf", "terms-v1.md", "announcement.html"])
def test_pictures(cardwatch: Run, tmp_path: Path, name: str) -> None:
    """A picture is a PNG in which words are marked; two of the same words are the same bytes."""
    from PIL import Image

    words = {"card-v1.pdf": "no sign of it"}.get(name, "Dunlin" if name.endswith("html") else "the")
    made = []
    for number in (1, 2):
        path = tmp_path / f"{number}.png"
        ran = cardwatch("quote", DEMO / name, "--grep", words, "--nth", "1", "--image", path)
        assert ran.code == 0
        made.append(path.read_bytes())
    assert made[0] == made[1]
    with Image.open(tmp_path / "1.png") as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or ()}
    assert (255, 236, 110) in colours
