"""What a sentence says is read off its main clause."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwatch.model import Actor, Strength, Visibility
from cardwatch.segment import describe, describe_text, words
from cardwatch.segment.features import strength_of

C, I, P, R, N = (  # noqa: E741 - the five steps, top to bottom
    Strength.COMMITTED,
    Strength.INTENDED,
    Strength.POSSIBLE,
    Strength.RECOMMENDED,
    Strength.NONE,
)
STRENGTHS = [
    ("We publish results every quarter.", C, "present"),
    ("Results are published every quarter.", C, "present"),
    ("Acme regularly reviews its rules.", C, "present"),
    ("Publish the results of each review.", C, "imperative"),
    ("Staff training: Conduct drills every year.", C, "imperative"),
    ("You may not resell the service.", C, "may not"),
    ("No member may disclose a draft.", C, "may"),
    ("We are committed to keeping logs.", C, "are committed"),
    ("We intend to publish results.", I, "intend"),
    ("Acme plans to publish results.", I, "plans"),
    ("Our aim is to publish results.", I, "aim"),
    ("We will seek to publish results.", I, "seek"),
    ("We may publish results.", P, "may"),
    ("We will consider publishing results.", P, "consider"),
    ("If it must be done, we may do it.", P, "may"),
    ("Users who must register may post.", P, "may"),
    ("Operators should publish results.", R, "should"),
    ("We encourage others to publish results.", R, "encourage"),
    ("We published the results last year.", N, ""),
    ("The results were published by the council.", N, ""),
    ("The river is wide.", N, ""),
]


@pytest.mark.parametrize(("text", "strength", "modal"), STRENGTHS)
def test_the_main_verb_says_how_firmly_something_is_meant(text, strength, modal):
    """Present tense binds like "must", past tense tells a story, a subordinate verb decides
    nothing.
    """
    assert strength_of(text) == (strength, modal)


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("We ask users to report faults.", Actor.PUBLISHER),
        ("The board of directors approves each change.", Actor.PUBLISHER),
        ("Users of our service must be adults.", Actor.USER),
        ("If we say so, you must leave.", Actor.USER),
        ("Our filters may stop a message.", Actor.SAFEGUARD),
        ("The plan is reviewed by outside experts.", Actor.THIRD_PARTY),
        ("In our view, the model can err.", Actor.MODEL),
    ],
)
def test_the_actor_is_the_subject_of_the_main_clause(text, actor):
    """Not who is mentioned first; of a passive it is the one after "by"."""
    assert describe_text(text).actor is actor


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("We will not sell your letters.", True),
        ("We never sell letters.", True),
        ("No letter may be sold.", True),
        ("Do not sell letters.", True),
        ("We refrain from selling letters.", True),
        ("If you do not object, we will sell letters.", False),
        ("We may sell letters that are not yours.", False),
        ("We will sell letters without notice.", False),
    ],
)
def test_the_polarity_is_that_of_the_main_clause(text, negated):
    """A "not" in a condition or a relative clause does not deny what is said."""
    assert describe_text(text).negated is negated


def test_action_and_object_follow_the_modal():
    """They are stems, adverbs and function words left out."""
    found = describe_text("We will promptly publish every safety report.")
    assert found.action == "publish"
    assert {"safeti", "report"} <= found.object


def test_each_main_clause_has_its_strength():
    """A passage keeps the strengths of all its sentences, in order; the strongest is its own."""
    found = describe_text("We may wait. We will act. Others should follow.")
    assert found.strengths == (P, C, R)
    assert found.strength is C


@pytest.mark.parametrize(
    ("text", "universal"),
    [
        ("All users are told.", True),
        ("Users are told whenever this happens.", True),
        ("Not all users are told.", False),
        ("Almost every user is told.", False),
        ("Users are told.", False),
    ],
)
def test_a_universal_claims_every_case(text, universal):
    assert describe_text(text).universal is universal


def test_clauses_carry_their_cue_and_words():
    """A condition, an exception and a cadence each reach from their cue to the next comma."""
    text = "Unless the board objects, we review it twice a year, if needed."
    found = describe_text(text)
    assert [text[c.span.start : c.span.end] for c in found.exceptions] == [
        "Unless the board objects"
    ]
    assert [c.cue for c in found.conditions] == ["if needed"] or [
        c.cue for c in found.conditions
    ] == ["if"]
    assert [c.cue for c in found.cadences] == ["twice a year"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("You will be notified of this.", Visibility.TOLD),
        ("You will not be notified of this.", Visibility.NOT_TOLD),
        ("The change is made without your knowledge.", Visibility.NOT_TOLD),
        ("The change is made at night.", Visibility.UNSAID),
    ],
)
def test_visibility_is_whether_somebody_is_told(text, told):
    assert describe_text(text).visibility is told


WORDS = st.sampled_from(
    "we will not may if , . ; the a who that users must: is are by no and or (e.g. 10 days "
    "every All unless publish Publish … \n • — n't".split(" ")
)


@given(st.lists(WORDS, max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_words_can_be_described(parts):
    """No sequence of words is too odd; every place found lies in the text."""
    text = " ".join(parts)
    found = describe_text(text)
    clauses = (*found.conditions, *found.exceptions, *found.cadences)
    spans = [c.span for c in clauses] + [q.span for q in found.quantities]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert found.strength == max(found.strengths, default=N)


def test_a_sentence_is_described_where_it_stands():
    """Offsets are the document's; else the features are those of the same words alone."""
    from cardwatch.model import Document
    from cardwatch.segment import segment

    document = Document.from_text("First words.\n\nWe will act within 30 days, if asked.")
    sentence = segment(document)[-1]
    here = describe(sentence, document)
    alone = describe_text(document.quote(sentence.span))
    assert document.quote(here.quantities[0].span) == "within 30 days"
    assert (here.strength, here.actor, here.terms) == (alone.strength, alone.actor, alone.terms)


@pytest.mark.parametrize("mark", ["(", "%", '("', "http://a.b/", "…", "$1", "x-"])
def test_a_text_without_blanks_has_its_words_where_they_stand(mark):
    """However long it is: each word's place gives the word, and the last is found."""
    text = mark * 20_000 + " end"
    found = words(text, 7)
    assert found[-1].lower == "end"
    assert all(text[w.start - 7 : w.end - 7].lower() == w.lower for w in found[-50:])


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("We inspect two parts: the pump and the gate.", Strength.COMMITTED),
        ("Pumps are tested for two dangers: fire and frost.", Strength.COMMITTED),
        ("Pump releases: the old and the new.", Strength.NONE),
        ("How we inspect: the pump first.", Strength.NONE),
        ("Our promise: a pump for each mill.", Strength.NONE),
    ],
)
def test_a_clause_before_a_colon_is_no_label(text, strength):
    """What stands before a colon says how firmly a list is meant, unless it is a title."""
    assert describe_text(text).strength is strength
