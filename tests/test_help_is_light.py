"""A help page costs nothing: no parser and no language model is loaded for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("spacy", "pdfplumber", "pypdfium2", "lxml", "docx", "rapidfuzz", "snowballstemmer", "rich")
PROGRAM = f"""
import sys
from cardwatch.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
loaded = sorted(set({HEAVY!r}) & set(sys.modules))
print("LOADED", *loaded)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["gaps", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Neither the program's help nor a command's loads any heavy library."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "LOADED"


def test_importing_the_library_loads_nothing_heavy() -> None:
    """``import cardwatch`` is free; each public name is loaded when it is first used."""
    program = "import cardwatch, sys; print('cardwatch.app' in sys.modules, 'spacy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]


def test_public_names_are_complete() -> None:
    """Every public name leads to something, and nothing else is offered."""
    import cardwatch

    for name in cardwatch.__all__:
        assert getattr(cardwatch, name) is not None
    with pytest.raises(AttributeError):
        _ = cardwatch.nonsense
