"""Sentences: golden cases, and laws that hold for any text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwatch.model import Block, BlockKind, Document, Span
from cardwatch.segment import segment, sentence_spans

CASES = Path(__file__).parent / "cases" / "sentences.md"


def cases() -> list[tuple[str, str, list[str]]]:
    """Title, passage and expected sentences of every case."""
    found = []
    for part in re.split(r"^## ", CASES.read_text(encoding="utf-8"), flags=re.M)[1:]:
        title, rest = part.split("\n", 1)
        passage, expected = re.split(r"\n\n(?=- )", rest, maxsplit=1)
        sentences = re.split(r"^- ", expected.strip(), flags=re.M)[1:]
        found.append((title, passage, [each.strip() for each in sentences]))
    return found


@pytest.mark.parametrize(("title", "passage", "expected"), cases(), ids=str)
def test_sentences_of_a_passage(title: str, passage: str, expected: list[str]) -> None:
    """A passage has the sentences that a careful reader finds."""
    assert [passage[span.start : span.end] for span in sentence_spans(passage)] == expected, title


@given(st.text(alphabet=st.sampled_from('aB.?!…¹ \n"”’)([]-•0123é:;U.S.e.g'), max_size=200))
@settings(max_examples=200, deadline=None)
def test_sentences_leave_nothing_out(text: str) -> None:
    """Sentences are in order, apart, without blanks at their ends, and only blanks lie between."""
    at = 0
    for span in sentence_spans(text):
        assert span.start >= at
        assert not text[at : span.start].strip()
        quote = text[span.start : span.end]
        assert quote
        assert quote == quote.strip()
        at = span.end
    assert not text[at:].strip()


def _document(*parts: tuple[str, BlockKind, int]) -> Document:
    text, blocks = "", []
    for words, kind, level in parts:
        blocks.append(Block(Span(len(text), len(text) + len(words)), kind, level))
        text += words + "\n\n"
    plain = Document.from_text(text)
    return Document(text, plain.source, tuple(blocks), plain.sections)


def test_items_keep_the_introduction_of_their_own_list() -> None:
    """A nested list has its own introduction, and after it the outer one holds again."""
    paragraph, item = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
    document = _document(
        ("You may not:", paragraph, 0),
        ("break the law, such as by:", item, 1),
        ("fraud", item, 2),
        ("resell access", item, 1),
        ("That is all.", paragraph, 0),
        ("a stray item", item, 1),
    )
    leads = {
        document.quote(each.span): document.quote(each.lead) if each.lead else None
        for each in segment(document)
    }
    assert leads == {
        "You may not:": None,
        "break the law, such as by:": "You may not:",
        "fraud": "break the law, such as by:",
        "resell access": "You may not:",
        "That is all.": None,
        "a stray item": None,
    }


def test_a_sentence_lies_within_one_block() -> None:
    """Two blocks never share a sentence, whatever ends the first."""
    document = _document(("no stop here", BlockKind.PARAGRAPH, 0), ("Next.", BlockKind.QUOTE, 0))
    assert [document.quote(each.span) for each in segment(document)] == ["no stop here", "Next."]
