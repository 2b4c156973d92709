"""What became of a commitment: the codebook's rules as laws, on sentences of our own."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwatch import assess_change
from cardwatch.errors import RuleError
from cardwatch.model import Assessment, Dimension, Effect, Outcome
from cardwatch.outcome import Side, assess
from cardwatch.outcome.edits import edits, mended
from cardwatch.outcome.examples import examples
from cardwatch.outcome.figures import figures
from cardwatch.outcome.measures import measures
from cardwatch.outcome.weights import load_weights
from cardwatch.segment import describe_text, load_lexicon, words
from tests.measure.common import SHARED

R, S, W = Outcome.RETAINED, Outcome.STRENGTHENED, Outcome.WEAKENED

RULES = [
    # obligation strength
    ("We will publish a report before each launch.", "We may publish a report before each launch.",
     W),
    ("We must inspect every mill.", "We should inspect every mill.", W),
    ("The mill must be inspected by the council.",
     "We intend that the mill be inspected by the council.", W),
    ("We intend to inspect every mill.", "We inspect every mill.", S),
    ("We may inspect every mill.", "We will inspect every mill.", S),
    ("We may also inspect every mill.", "We also inspect every mill.", S),
    ("We should inspect every mill.", "We inspect every mill.", S),
    # polarity
    ("We will not sell your letters to others.", "We will sell your letters to others.", W),
    # thresholds, periods and minima
    ("We review the plan every six months.", "We review the plan every twelve months.", W),
    ("We review the plan every year.", "We review the plan quarterly.", S),
    ("We keep records for at least 30 days.", "We keep records for at least 90 days.", S),
    ("Mills with more than 100 workers are inspected.",
     "Mills with more than 500 workers are inspected.", W),
    ("At least five inspectors visit it.", "At least three inspectors visit it.", W),
    # scope
    ("We test for fire, flood, and frost.", "We test for fire and flood.", W),
    ("We will notify the council and the public.", "We will notify the council.", W),
    # a wider exception, and a stop that stops less
    ("We will not open the dam, unless the council asks for it and the river is low.",
     "We will not open the dam, unless the council asks for it and the river is low, or the "
     "owner of the mill demands it in writing.", W),
    ("We will stop the mill if the water rises.",
     "We will stop the mill if the water rises and no other mill upstream is still running.", W),
    ("We will stop the mill if the water does serious harm.",
     "We will stop the mill if the water does catastrophic harm.", W),
    ("We require substantial proof of care.", "We require some proof of care.", W),
    # a word that narrows what is banned, promised or permitted
    ("Entering through a window is forbidden.",
     "Knowingly entering through a window is forbidden.", W),
    ("We will tell the council of a breach of the dam.",
     "We will tell the council of a serious breach of the dam.", W),
    ("We may close a mill for a breach of the rules.",
     "We may close a mill for a serious breach of the rules.", S),
    # what a publisher owes, and the time it gives its readers, shrink with the period
    ("Our liability will not exceed the rent paid in the twelve months before the claim.",
     "Our liability will not exceed the rent paid in the three months before the claim.", W),
    ("You may return the key within thirty days.", "You may return the key within ten days.", W),
    ("You may hand in the key. Your deposit is returned within 30 days.",
     "You may hand in the key. Your deposit is returned within 90 days.", W),
    ("Tenants receive 60 days' notice of a new rent.",
     "Tenants receive 30 days' notice of a new rent.", W),
    # examples are not scope
    ("We guard against dangers such as fire, flood, and frost.",
     "We guard against dangers such as fire and flood.", R),
    ("We guard against dangers (e.g., fire and flood).",
     "We guard against dangers (e.g., hail and flood).", R),
    ("We guard against natural dangers.",
     "We guard against natural dangers, including but not limited to fire and flood.", R),
    # verbs that only say that something is done
    ("We maintain and enforce a rule that forbids open fires.",
     "We enforce a rule that forbids open fires.", R),
    # the number of a name counts nothing
    ("You may use the outputs of Heron 3 for research.",
     "You may use the outputs of Heron 4.1 for research.", R),
    ("Heron 3 was made with care.", "Heron 3.1 was made with care.", R),
    ("Keep 3 copies of it.", "Keep 2 copies of it.", W),
    # nothing new
    ("Acme keeps its customers informed of each change.",
     "We keep our customers informed of each change.", R),
    ("The organisation will analyse the risk of fire.",
     "The organization will analyze the risk of fire.", R),
    ("Inspection: We will inspect the mill each spring.",
     "We will inspect the mill each spring.", R),
    ("We will inspect the mill each spring.", "We will inspect the mill each spring.", R),
    ("Members serve for a year.", "Members serve for one year.", R),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "outcome"), RULES)
def test_the_rules_of_the_codebook_hold(old, new, outcome):
    """A weaker modal, a longer interval, a shorter list, a wider exception weaken; their
    opposites strengthen; names, spelling and labels change nothing.
    """
    assert assess_change(old, new).outcome is outcome


def test_every_verdict_has_its_reasons():
    """Each reason is a measure that was not nil, with its weight; the greatest term is first."""
    verdict = assess_change("We will report each fault.", "We may report each fault.")
    names = [reason.name for reason in verdict.reasons]
    assert "loosened" in names
    assert all(reason.value and reason.weight and reason.note for reason in verdict.reasons)
    first, second = verdict.reasons[:2]
    assert abs(first.value * first.weight) >= abs(second.value * second.weight)
    assert verdict.dimensions == (Dimension.OBLIGATION,)
    assert Effect.OBLIGATION in verdict.effects


def test_both_ways_is_mixed():
    """Firmer in one respect and looser in another: weakened, with the flag."""
    verdict = assess_change(
        "We intend to inspect the mill every month.", "We inspect the mill every year."
    )
    assert verdict.mixed
    assert Dimension.THRESHOLD in verdict.dimensions


def test_stronger_in_all_respects_is_not_mixed():
    """The flag belongs to a weakened commitment only."""
    assert not assess_change("We may inspect the mill.", "We will inspect the mill.").mixed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("We test for dangers such as fire and flood.", ["such as fire and flood"]),
        ("Dangers (e.g., fire, or a flood) are tested.", ["e.g., fire, or a flood"]),
        ("We test. For example, we may start a fire.", ["For example, we may start a fire"]),
        ("Tools such as pumps will be kept, and others.", ["such as pumps"]),
        ("We stop if, for example, the dam breaks.", []),
        ("We test the mill, the dam, and the pump.", []),
        ("We test all mills, including the oldest one.", []),
    ],
)
def test_examples_end_where_the_clause_goes_on(text, shown):
    """A word like "including" names a part of what is promised; "if, for example," a condition."""
    assert [text[span.start : span.end] for span in examples(text)] == shown


def test_a_list_that_is_open_now_is_hedged():
    """A closed list of which the items are only examples now binds less than it did."""
    closed = side("We test for fire, flood, and frost each year.")
    opened = side("We test for dangers such as fire, flood, and frost each year.")
    found = measures(closed, opened, edits(closed, opened, meanings()), figures(
        closed.features, opened.features))  # fmt: skip
    assert found["hedge added"] > 0


@pytest.mark.parametrize(
    ("old", "new", "dimension"),
    [
        ("We review it each year.", "We review it every two years.", Dimension.THRESHOLD),
        ("We will review it.", "We may review it.", Dimension.OBLIGATION),
        ("The board of directors approves it.", "The head of sales approves it.",
         Dimension.ACTOR),
    ],
)  # fmt: skip
def test_a_plain_change_is_told_in_its_dimension(old, new, dimension):
    assert dimension in assess_change(old, new).dimensions


def test_one_empty_side_is_an_addition_or_a_removal():
    assert assess_change("", "We will act.").outcome is Outcome.ADDED
    assert assess_change("We will act.", " ").outcome is Outcome.REMOVED
    assert assess_change("", "").outcome is R


def side(text: str) -> Side:
    return Side(describe_text(text), words(text))


@cache
def meanings():
    return load_lexicon().of_words


def test_a_commitment_among_recommendations_is_relocated():
    """Moved under a heading of advice it binds no more, unless its words became firmer."""
    here = side("We will inspect the mill each spring.")
    moved = assess(here, here, meanings(), sections=("Our duties", "Recommendations for others"))
    stayed = assess(here, here, meanings(), sections=("Recommendations", "Recommendations"))
    assert (moved.outcome, stayed.outcome) == (Outcome.RELOCATED, R)


def test_an_excerpt_that_breaks_off_drops_nothing():
    """What stands behind an ellipsis is not known to be gone."""
    whole = "We inspect the mill and the dam, and we tell the council what we found there."
    cut = "We inspect the mill and the dam ..."
    assert not edits(side(whole), side(cut), meanings()).gone
    assert edits(side(whole), side("We inspect the mill and the dam."), meanings()).gone


def test_hyphens_of_line_ends_are_mended():
    """A word that a line end parted is one word; a compound stays."""
    assert mended("the in- spection of well-kept mills - and dams") == (
        "the inspection of well-kept mills - and dams"
    )


@pytest.mark.parametrize(
    ("old", "new", "looser"),
    [
        ("every six months", "every twelve months", 1),
        ("once a year", "twice a year", -1),
        ("within 30 days", "within 10 days", -1),
        ("kept for at least 30 days", "kept for at least 60 days", -1),
        ("more than 10^25 FLOP", "more than 10^26 FLOP", 1),
        ("at least 3 judges", "at least 2 judges", 1),
        ("at most 3 faults", "at most 2 faults", -1),
        ("two of three judges", "two of three judges", 0),
        ("level 2", "level 3", 0),
    ],
)
def test_a_figure_is_looser_when_it_asks_less(old, new, looser):
    """Longer intervals, higher triggers, lower minima ask less; a level only names."""
    assert figures(describe_text(old), describe_text(new)).looser == looser


SENTENCES = st.lists(
    st.sampled_from(
        "we will may must not if unless publish reports every six months 30 days the board and "
        "or , . ; users all 10% before such as (e.g. intend to … ...".split(" ")
    ),
    max_size=25,
).map(" ".join)


@given(SENTENCES, SENTENCES)
@settings(max_examples=120, deadline=None)
def test_any_two_texts_are_judged(old, new):
    """The confidence is a probability, a retained commitment touches nothing, and the same
    words give the same verdict.
    """
    verdict = assess_change(old, new)
    assert isinstance(verdict, Assessment)
    assert 0 <= verdict.confidence <= 1
    if verdict.outcome in (S, W):
        assert verdict.dimensions
        assert verdict.effects
    if verdict.outcome is R:
        assert verdict.dimensions == verdict.effects == ()
    assert assess_change(old, new) == verdict


@given(SENTENCES)
@settings(max_examples=60, deadline=None)
def test_the_same_words_are_retained(text):
    assert assess_change(text, text).outcome is R


@pytest.mark.parametrize(
    "text",
    ["a " * 40_000, "if, " * 20_000, "if " * 20_000, "1" * 50_000 + "a1", "will not " * 9_000,
     "x" * 100_000, "(" * 50_000, "e.g. " * 10_000, "every " * 20_000, "- " * 30_000],
    ids=lambda text: text[:9],
)  # fmt: skip
def test_a_hostile_text_is_judged_like_any_other(text):
    """No text makes the work grow out of bounds."""
    assert assess_change(text, text + " We will act.").confidence > 0


def test_weights_that_are_no_weights_are_refused(tmp_path):
    """The error names the file."""
    path = tmp_path / "outcome.toml"
    path.write_text("[material]\nconstant = 1.0\n")
    with pytest.raises(RuleError, match="not a file of weights") as wrong:
        load_weights(path)
    assert str(path) in str(wrong.value.where)


def test_the_weights_agree_with_the_codebook():
    """No weight has the sign opposite to the one that the codebook gives it."""
    weights = load_weights()
    for line in (weights.material, weights.stronger, weights.mixed, *weights.dimensions.values()):
        assert all(line.weights[name] * prior >= 0 for name, prior in line.priors.items())
        assert replace(line, constant=0.0).chance(dict.fromkeys(line.weights, 0.0)) == 0.5


@pytest.mark.shared
def test_the_traced_commitments_are_told_apart():
    """A floor under the figures of docs/outcome.md, with every pair of documents left out."""
    if not (SHARED / "eval/silent-revision/dev.jsonl").exists():
        pytest.skip("the traced commitments (../shared/eval/silent-revision) are not here")
    measure = pytest.importorskip("tests.measure.outcome", reason="needs NumPy and SciPy")
    data = measure.load()
    lines = load_weights().material.priors, load_weights().stronger.priors
    found = measure.outcomes(measure.left_out(data, *lines))
    assert measure.kappa(data.gold, found) >= 0.65
    assert measure.kappa(data.gold != "R", found != "R") >= 0.79


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "The lamps of the quay are enabled at dusk.",
            "The lamps of the quay are disabled at dusk.",
        ),
        ("Boats are inspected before they sail.", "Boats are inspected after they sail."),
        ("The log of the harbour is public.", "The log of the harbour is confidential."),
        ("We keep letters from sailors.", "We delete letters from sailors."),
    ],
)
def test_a_word_that_gives_way_to_its_opposite_changes_the_commitment(old: str, new: str) -> None:
    """What a sentence says turns round with one word, though all others stay; and it is not
    taken for firmer without a sign of that.
    """
    for one, other in ((old, new), (new, old)):
        assert assess_change(one, other).outcome is not Outcome.RETAINED
    assert assess_change(old, new).outcome is Outcome.WEAKENED


def test_another_word_for_the_same_is_no_opposite() -> None:
    assert assess_change("We keep letters.", "We retain letters.").outcome is Outcome.RETAINED
