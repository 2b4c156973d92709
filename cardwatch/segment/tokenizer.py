"""spaCy's blank English tokenizer, without a model and without the rest of a pipeline."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer

# Where a token begins in its run, and its characters.
Token = tuple[int, str]

# A word with at most one mark after it. Whatever spaCy knows no exception for, it takes apart
# as one expects, a full stop after a capital aside; four runs in five need not be put to it.
_PLAIN = re.compile(r"([A-Za-z]+)(?:[,;:]|(?<=[a-z])\.)?")


def tokens_of(runs: Sequence[str]) -> list[list[Token]]:
    """The tokens of each run of characters without blanks, as spaCy parts them.

    Of a plain word the mark that follows it is left out.
    """
    exceptions = _exceptions()
    found: list[list[Token]] = [[] for _ in runs]
    others = []
    for number, run in enumerate(runs):
        plain = _PLAIN.fullmatch(run)
        if plain and run not in exceptions and plain[1] not in exceptions:
            found[number].append((0, plain[1]))
        else:
            others.append(number)
    if others:
        for number, tokens in zip(others, _parted([runs[n] for n in others]), strict=True):
            found[number] = tokens
    return found


def _parted(runs: Sequence[str]) -> Iterator[list[Token]]:
    from spacy.attrs import IDX, ORTH

    doc = _tokenizer()(" ".join(runs))
    strings = doc.vocab.strings
    tokens = iter(doc.to_array([ORTH, IDX]).tolist())
    at, token = 0, next(tokens, None)
    for run in runs:
        parts = []
        while token is not None and token[1] < at + len(run):
            parts.append((token[1] - at, strings[token[0]]))
            token = next(tokens, None)
        yield parts
        at += len(run) + 1


@cache
def _exceptions() -> frozenset[str]:
    """What spaCy parts, or leaves whole, otherwise than its rules would."""
    return frozenset(_english().tokenizer_exceptions)


@cache
def _tokenizer() -> Tokenizer:
    from spacy.tokenizer import Tokenizer
    from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
    from spacy.vocab import Vocab

    english = _english()
    return Tokenizer(
        Vocab(),
        rules=english.tokenizer_exceptions,
        prefix_search=compile_prefix_regex(english.prefixes or ()).search,
        suffix_search=compile_suffix_regex(english.suffixes or ()).search,
        infix_finditer=compile_infix_regex(english.infixes or ()).finditer,
        token_match=english.token_match,
        url_match=english.url_match,
    )


@cache
def _english() -> Any:
    with _without_programs():
        from spacy.lang.en import English

    return English.Defaults


@contextmanager
def _without_programs() -> Iterator[None]:
    """Load spaCy without the programs of its own command line.

    Importing anything of spaCy imports them too, for one function (``spacy.info``), and with
    them packages for downloads and projects: a third of its loading time. They are kept out
    while it loads and can be imported as ever afterwards.
    """
    if "spacy" in sys.modules:
        yield
        return
    programs, info = ModuleType("spacy.cli"), ModuleType("spacy.cli.info")
    vars(info)["info"] = _info
    stand_ins = {"spacy.cli": programs, "spacy.cli.info": info}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _info(*arguments: Any, **options: Any) -> Any:
    """``spacy.info``, from where it really is."""
    from spacy.cli.info import info

    return info(*arguments, **options)
