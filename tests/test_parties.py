"""Who acts, decides and is told: laws on sentences of our own."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from cardwatch import assess_change
from cardwatch.model import Dimension, Effect, Outcome

R, S, W = Outcome.RETAINED, Outcome.STRENGTHENED, Outcome.WEAKENED

LADDER = (
    "An independent auditor", "The board", "The risk committee of the board",
    "The chief executive", "The safety officer", "The harbour team", "Our staff",
)  # fmt: skip
JUDGED = "approves each lease", "reviews the plan of the harbour", "decides which boats may land"
CIRCLES = ("the public", "the regulator", "our users", "our partners", "the board", "our staff")
TOLD = "We report each flood to {}.", "A summary of the survey is shared with {}.", (
    "Each leak is disclosed to {} within ten days."
)  # fmt: skip


def conjugated(party: str, act: str) -> str:
    return f"{party} {act if party != 'Our staff' else act.replace('s ', ' ', 1)}."


@pytest.mark.parametrize("act", JUDGED)
@pytest.mark.parametrize(("higher", "lower"), [*combinations(LADDER, 2)])
def test_who_judges_has_an_authority(higher, lower, act):
    """A party of less independence or authority in another's place weakens, one of more
    strengthens, and the change is one of the actor.
    """
    one, other = conjugated(higher, act), conjugated(lower, act)
    for old, new, outcome in ((one, other, W), (other, one, S)):
        verdict = assess_change(old, new)
        assert verdict.outcome is outcome
        assert Dimension.ACTOR in verdict.dimensions
        assert Effect.ACTOR in verdict.effects


@pytest.mark.parametrize("sentence", TOLD)
@pytest.mark.parametrize(("wider", "narrower"), [*pairwise(CIRCLES)])
def test_who_is_told_has_a_reach(wider, narrower, sentence):
    """Telling a narrower circle weakens, a wider one strengthens: a change of disclosure and of
    the parties.
    """
    one, other = sentence.format(wider), sentence.format(narrower)
    for old, new, outcome in ((one, other, W), (other, one, S)):
        verdict = assess_change(old, new)
        assert verdict.outcome is outcome
        assert {Dimension.ACTOR, Dimension.DISCLOSURE} <= {*verdict.dimensions}
        assert {Effect.ACTOR, Effect.DISCLOSURE} <= {*verdict.effects}


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("The gate is inspected by an outside engineer.", "The gate is inspected.", W),
        ("The gate is inspected.", "The gate is inspected by an outside engineer.", S),
        ("Opening the gate requires board approval.", "Opening the gate requires manager "
         "approval.", W),
        ("The surveys are published.", "The surveys are sent to the board.", W),
        ("The gate is inspected by external experts.", "The gate is inspected by our own experts.",
         W),
        ("We commission an independent audit of the gate.", "We do an internal audit of the gate.",
         W),
        ("We commission an independent audit of the gate.", "We commission an audit of the gate.",
         W),
        ("We consult outside experts before opening it.", "We consult our staff before opening it.",
         W),
        ("The plan is overseen by the board's risk committee.", "The plan is overseen by the "
         "harbour team.", W),
        ("We will make the survey public.", "We will share the survey with the regulator.", W),
        ("The survey is shown on our website.", "The survey is sent to the board.", W),
        ("No gate is opened without the approval of the board.", "No gate is opened without the "
         "approval of the shift manager.", W),
        ("Customers will be told of each leak.", "Our staff will be told of each leak.", W),
    ],
)  # fmt: skip
def test_parties_are_found_where_they_stand(old, new, outcome):
    """The agent of a passive, the party of an approval and the reader of what is published
    count like a subject.
    """
    assert assess_change(old, new).outcome is outcome


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The company inspects each gate.", "We inspect each gate."),
        ("Acme inspects each gate.", "The company inspects each gate."),
        ("They inspect each gate.", "We inspect each gate."),
        ("Our employees inspect each gate.", "Our staff inspect each gate."),
        ("The board of directors reviews the plan.", "The board reviews the plan."),
        ("The chief executive reviews the plan.", "The CEO reviews the plan."),
        ("An independent auditor reviews the plan.", "An external auditor reviews the plan."),
        ("We inspect each gate.", "Each gate is inspected."),
        ("Each gate is inspected by us.", "Each gate is inspected."),
        ("Our harbour team can ask for help.", "We can ask for help."),
        ("We tell users of each flood.", "Users are told of each flood."),
        ("We publish the survey.", "The survey is published."),
    ],
)
def test_the_same_party_by_another_name_is_the_same(old, new):
    """Names, pronouns, synonyms and the voice of the verb change nobody."""
    assert assess_change(old, new).outcome is R
    assert assess_change(new, old).outcome is R


def test_private_things_are_no_disclosure():
    """That more people get what belongs to the reader is no gain."""
    verdict = assess_change(
        "We share your letters with our partners.", "We share your letters with the public."
    )
    assert verdict.outcome is W
    assert Dimension.ACTOR in verdict.dimensions
