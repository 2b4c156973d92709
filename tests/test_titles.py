"""Titles are what YAML and PDF metadata say they are; blocks know their lines."""

from __future__ import annotations

import pytest

import cardwatch


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (r'"A \"true\" card"', 'A "true" card'),
        (r'"C:\\cards \\ notes"', r"C:\cards \ notes"),
        (r'"caf\u00e9 \x41"', "café A"),
        (r'"a\nb\x1b[31m\ud800"', "a b [31m"),
        ("'It''s ours'", "It's ours"),
        (r"'C:\cards'", r"C:\cards"),
        (r"C:\cards \\ notes", r"C:\cards \\ notes"),
    ],
)
def test_a_title_is_what_yaml_says(given: str, title: str) -> None:
    """A backslash escapes between double marks only; no escape becomes a control."""
    text = f"---\ntitle: {given}\n---\n\nWords to be read here.\n"
    for kind in ("markdown", "text"):
        assert cardwatch.read(text.encode(), media_type=kind).title == title


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("(anonymous)", ""),
        ("untitled", ""),
        ("Microsoft Word - draft 3", ""),
        ("Document1", ""),
        ("card-final.docx", ""),
        ("—", ""),
        ("A title of mine", "A title of mine"),
        ("Unknown risks", "Unknown risks"),
    ],
)
def test_what_a_program_writes_is_no_title(given: str, title: str) -> None:
    """A placeholder in a PDF's metadata is not cited as what the document is called."""
    from cardwatch.readers.pdf.reading import _metadata

    class Metadata:
        def get_metadata_value(self, _: str) -> str:
            return given

    assert _metadata(Metadata(), "Title") == title


def test_blocks_know_their_lines() -> None:
    """The line of a block is that of the file, front matter and dropped lines counted."""
    text = (
        "---\ntitle: x\n---\n\n# One\n\nTwo\nmore.\n\n| a | b |\n|---|---|\n| c | d |\n\n- e\n- f\n"
    )
    document = cardwatch.read(text.encode(), media_type="markdown")
    lines = text.split("\n")
    for block in document.blocks:
        first = document.quote(block.span).split()[0]
        assert first in lines[block.line - 1]
