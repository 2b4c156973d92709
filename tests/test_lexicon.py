"""The lexicon: forms, parts near one another, broader concepts, errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardwatch.errors import RuleError
from cardwatch.segment import load_lexicon, stem, words
from cardwatch.segment.lexicon import Concept, Lexicon


def names(lexicon: Lexicon, text: str) -> set[str]:
    return {name for _, _, name in lexicon.find(words(text))}


SMALL = Lexicon(
    [
        Concept("animal", ("animal",), (), ()),
        Concept("dog", ("dog", "guide dog"), ("animal",), ()),
        Concept("walk", ("walk|stroll + dog",), (), ()),
        Concept("no-dogs", ("no > dog|animal",), (), ()),
        Concept("begin", ("begin", "start"), (), (), general=True),
    ]
)


def test_the_longest_phrase_wins_and_brings_what_takes_it_in() -> None:
    """A phrase names its concept once, and widening adds the broader ones."""
    assert SMALL.find(words("the guide dog")) == [(1, 3, "dog")]
    assert SMALL.concepts_in(words("the guide dog")) == {"dog", "animal"}


def test_parts_may_stand_in_any_order_but_near() -> None:
    """The parts of a form meet within a clause, in either order, and not across a paragraph."""
    assert "walk" in names(SMALL, "she strolled with the old dog")
    assert "walk" in names(SMALL, "the dog went for a walk")
    assert "walk" not in names(SMALL, "a walk " + "and then one more word " * 6 + "dog")


def test_parts_in_order_follow_each_other_closely() -> None:
    """Parts joined by ">" meet in their order, with at most three words between them."""
    assert "no-dogs" in names(SMALL, "no large dog may enter")
    assert "no-dogs" not in names(SMALL, "a dog has no lead")
    assert "no-dogs" not in names(SMALL, "no one who comes by car brings a dog")


def test_a_choice_of_phrases_stands_between_parts_only() -> None:
    """A lone phrase with a choice in it would make each choice a form: write them out."""
    alone = [
        (concept.name, form)
        for concept in load_lexicon().concepts.values()
        for form in concept.forms
        if "|" in form and not {"+", ">"} & set(form)
    ]
    assert alone == []


def test_general_concepts_match_words_but_are_no_topic() -> None:
    """What says too little to be a topic is left out of ``find``."""
    assert names(SMALL, "they begin") == set()
    assert SMALL.concepts_in(words("they begin")) == {"begin"}
    assert SMALL.of_words[stem("starting")] == {"begin"}


def test_the_shipped_lexicon_loads_and_every_form_finds_its_concept() -> None:
    """Every plain form of every concept is found in itself."""
    lexicon = load_lexicon()
    lost = [
        (concept.name, form)
        for concept in lexicon.concepts.values()
        for form in concept.forms
        if not {"+", ">"} & set(form) and concept.name not in lexicon.concepts_in(words(form))
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[a]\nform = []", "unknown key"),
        ('[a]\nforms = ["x"]\nbroader = ["b"]', "unknown concept"),
        ("[a", "not a TOML file"),
    ],
)
def test_a_wrong_file_is_an_error_that_says_where(toml: str, says: str, tmp_path: Path) -> None:
    """A mistake in the data is told, never skipped."""
    (tmp_path / "bad.toml").write_text(toml)
    with pytest.raises(RuleError, match=says):
        load_lexicon(tmp_path)


def test_words_of_other_meaning_keep_other_stems() -> None:
    """Conflation joins spellings and inflections, not meanings."""
    assert stem("authorised") == stem("authorized")
    assert stem("behaviour") == stem("behavior")
    assert stem("licence") == stem("license")
    assert stem("information") != stem("informed")
    assert stem("international") != stem("internal")
    assert stem("several") != stem("severe")
