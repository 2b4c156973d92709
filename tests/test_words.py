"""Words: the short way through the tokenizer agrees with the long one."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from cardwatch.segment import words
from cardwatch.segment.tokenizer import _exceptions, _parted, tokens_of

MARKS = ",;:.'’\"-/()%$€0123456789!?…"
RUNS = st.one_of(
    st.text(st.sampled_from("abceinosutABCENSTU" + MARKS), min_size=1, max_size=12),
    st.builds(str.__add__, st.sampled_from(sorted(_exceptions())), st.sampled_from([*MARKS, ""])),
    st.text(min_size=1, max_size=8).filter(lambda run: not any(c.isspace() for c in run)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(RUNS, min_size=1, max_size=20))
def test_a_plain_run_is_parted_as_the_tokenizer_would_part_it(runs: list[str]) -> None:
    """Law: what is not put to spaCy has the same tokens with letters or digits as if it were."""

    def said(found: list[tuple[int, str]]) -> list[tuple[int, str]]:
        return [token for token in found if any(c.isalnum() for c in token[1])]

    short, long = tokens_of(runs), list(_parted(runs))
    assert [said(found) for found in short] == [said(found) for found in long]


def test_words_lie_where_they_stand() -> None:
    """Law: a word's span holds it, whatever surrounds it."""
    text = "We don't keep it (e.g. for 30 days); they'll see U.S. data, 5%."
    found = words(text, 10)
    assert [text[w.start - 10 : w.end - 10].lower() for w in found] == [w.lower for w in found]
    assert {"n't", "%"} <= {w.lower for w in found}


def test_loading_words_leaves_spacy_whole() -> None:
    """Law: what is kept out while spaCy loads can be imported afterwards."""
    program = (
        "from cardwatch.segment import words; words('It is.'); import sys;"
        "assert 'weasel' not in sys.modules; import spacy, spacy.cli;"
        "assert callable(spacy.cli.app) and spacy.blank('en')('It is.')[0].text == 'It';"
        "assert spacy.info(silent=True)['spacy_version']"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
