"""The demo corpus is what it says: built from its source, quoted exactly, and about nobody."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

DEMO = Path(__file__).parent.parent / "corpora" / "demo"
STATUSES = {"stated", "partly stated", "linked only", "absent", "contradicted"}
OUTCOMES = {"retained", "strengthened", "weakened", "removed", "relocated", "added"}
DIMENSIONS = {"scope", "threshold", "actor", "obligation", "disclosure", "consequence"}
ANNOUNCED = {"announced", "partly announced", "silent"}
# Publishers and models of the genre, as whole words; the page's <meta> tags are taken out first.
REAL_NAMES = """
    Adobe Alibaba Amazon Anthropic Apple Baidu ByteDance Character.AI ChatGPT Claude Cohere Copilot
    DeepMind DeepSeek Facebook Fable Gemini Gemma Google GPT Grok IBM Inflection Llama Meta METR
    Microsoft MiniMax Mistral Moonshot Mythos Naver NVIDIA OpenAI Opus Perplexity Qwen Reka
    Salesforce Sonnet Haiku Tencent xAI Zhipu AISI Apollo Irregular RAND Epoch
""".split()


@cache
def gold() -> dict[str, Any]:
    return tomllib.loads((DEMO / "gold.toml").read_text(encoding="utf-8"))


@cache
def pages(name: str) -> tuple[str, ...]:
    document = pdfium.PdfDocument(DEMO / name)
    return tuple(page.get_textpage().get_text_range() for page in document)


def letters(text: str) -> str:
    """Only letters and digits, so that line breaks and hyphens do not matter."""
    return re.sub(r"[\W_]+", "", text)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@cache
def words_of(name: str) -> str:
    """The text of a document of the corpus, as plain as a search needs."""
    if name.endswith(".pdf"):
        return edition(name)
    text = (DEMO / name).read_text(encoding="utf-8")
    if name.endswith(".html"):
        text = unescape(re.sub(r"<[^>]+>", "", text))
    return squeezed(re.sub(r"[*`]|\]\([^)]*\)|\[", "", text))


@cache
def edition(name: str) -> str:
    """The source of one of the two cards, without its marks."""
    call = "first_edition" if name == "card-v1.pdf" else "second_edition"
    code = f"import build, sys; sys.stdout.buffer.write(build.{call}().encode('utf-8'))"
    run = subprocess.run([sys.executable, "-c", code], cwd=DEMO, capture_output=True, check=True)
    text = re.sub(r"\[\^\w+\](?!:)", "", run.stdout.decode("utf-8"))
    return squeezed(re.sub(r"[*`]|\]\([^)]*\)|\[(?!\^)", "", text))


def quotations() -> Iterator[tuple[str, str, str, int | None]]:
    """Every quotation of the gold: its id, document, words and page."""
    data = gold()
    for part in ("gaps", "terms"):
        for kind in ("gap", "stated", "noise"):
            for item in data[part].get(kind, []):
                yield item["id"], data[part]["document"], item["quote"], item["page"]
                if "against" in item:
                    yield item["id"], data[part]["companion"], item["against"], None
    for item in data["diff"]["change"]:
        for side in ("old", "new"):
            if side in item:
                yield item["id"], data["diff"][side], item[side], item[f"{side}_page"]
    for pair in data["revision"]:
        for item in pair["commitment"]:
            for side in ("old", "new"):
                if side in item:
                    yield item["id"], pair[side], item[side], None
        for item in pair.get("unfound", []):
            yield item["id"], item["account"], item["quote"], None
    for item in data["promise"]:
        yield item["id"], item["document"], item["quote"], item.get("page")


def documents() -> list[Path]:
    """Everything that a reader of the corpus sees, the gold and the sources included."""
    kinds = {".md", ".html", ".toml"}
    return [p for p in sorted(DEMO.rglob("*")) if p.suffix in kinds and p.name != "README.md"]


def test_quotations_stand_in_their_documents() -> None:
    """Every quotation of the gold is in the text that it names, to the letter."""
    missing = [(i, d, q) for i, d, q, _ in quotations() if squeezed(q) not in words_of(d)]
    assert not missing


def test_pages_are_right() -> None:
    """Every quotation that names a page is on that page, and on no other."""
    wrong = []
    for name, document, quote, page in quotations():
        if page is None:
            continue
        found = [n for n, t in enumerate(pages(document), 1) if letters(quote) in letters(t)]
        if found != [page]:
            wrong.append((name, document, page, found))
    assert not wrong


def test_sections_hold_their_quotations() -> None:
    """Every quotation from the card stands under the heading that the gold names."""
    data, wrong = gold(), []
    items = [
        i for p in ("gaps", "terms") for k in data[p].values() if isinstance(k, list) for i in k
    ]
    parts = re.split(r"(?m)^#{2,4} (.*)$", (DEMO / "source" / "card.md").read_text("utf-8"))
    for item in items:
        if item.get("footnote"):
            continue
        under = [
            heading
            for heading, body in zip(parts[1::2], parts[2::2], strict=True)
            if letters(item["quote"]) in letters(re.sub(r"\[\^\w+\]|\]\([^)]*\)", "", body))
        ]
        if [h.split(" ")[0] for h in under] != [item["section"]]:
            wrong.append((item["id"], item["section"], under))
    assert not wrong


def test_gold_uses_the_words_of_the_model() -> None:
    """Statuses, outcomes, dimensions and announcements are the model's own, and ids are unique."""
    data = gold()
    for part in ("gaps", "terms"):
        for kind in ("gap", "stated"):
            assert all(set(i["status"]) <= STATUSES for i in data[part][kind])
            assert len({i["id"] for i in data[part][kind]}) == len(data[part][kind])
    for pair in data["revision"]:
        for item in pair["commitment"]:
            assert {item["outcome"], *item.get("outcome_or", [])} <= OUTCOMES
            assert set(item["dimensions"]) <= DIMENSIONS
            assert {item[k] for k in ("changelog", "post") if k in item} <= ANNOUNCED
            assert ("old" in item) or item["outcome"] == "added"
            assert ("new" in item) or item["outcome"] == "removed"


def test_one_change_is_undeclared() -> None:
    """The re-uploaded card owns up to every change but one."""
    hidden = [c["id"] for c in gold()["diff"]["change"] if not c["declared"]]
    assert hidden == ["bypass-note"]


def test_cards_are_long_and_the_corpus_is_small() -> None:
    """The card has at least 40 pages, and what ships in the wheel stays under 1.5 MB of PDF."""
    assert len(pages("card-v1.pdf")) >= 40
    assert sum(p.stat().st_size for p in DEMO.glob("*.pdf")) < 1_500_000


def test_typography_survives_extraction() -> None:
    """Curly quotes, dashes and line-break hyphens of the PDF can be read back."""
    text = "".join(pages("card-v1.pdf"))
    for mark in "’“”—–±•":
        assert mark in text
    assert "\ufffe" in text or "\u0002" in text, "no hyphen at the end of a line"


@pytest.mark.parametrize("path", documents(), ids=lambda p: p.name)
def test_nobody_real_is_named(path: Path) -> None:
    """No publisher, model or testing body of the real world is in the corpus."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = re.sub(r"<meta\b", "<", text)
    named = [n for n in REAL_NAMES if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", text)]
    assert not named


@pytest.mark.slow
def test_building_again_gives_the_same_cards(tmp_path: Path) -> None:
    """A build from the sources gives the committed PDFs, to the byte.

    Where another version of a library writes other bytes, their text agrees page by page.
    """
    pytest.importorskip("reportlab")
    command = [sys.executable, str(DEMO / "build.py"), "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    for name in ("card-v1.pdf", "card-v2.pdf"):
        if (tmp_path / name).read_bytes() != (DEMO / name).read_bytes():
            again = pdfium.PdfDocument(tmp_path / name)
            assert [p.get_textpage().get_text_range() for p in again] == list(pages(name))
