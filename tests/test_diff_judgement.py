"""What a comparison makes of reversals, moves, renamings, accounts and what readers lose."""

from __future__ import annotations

import pytest

from cardwatch.model import Change, ChangeKind, Dimension, Effect, NoiseClass, Outcome
from tests.diffing import changes, shown

FILLER = """The harbour office opens at eight and closes at six.

Ferries leave from the northern pier in every season of the year.
"""


def policy(body: str, heading: str = "2 Filters") -> str:
    return f"# Harbour policy\n\n## 1 Hours\n\n{FILLER}\n## {heading}\n\n{body}\n"


def only(found: list[Change]) -> Change:
    assert len(found) == 1, [(c.kind, c.old and c.old.quote, c.new and c.new.quote) for c in found]
    return found[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The shortened answer is not shown to the sender.",
         "The shortened answer is shown to the sender."),
        ("The request stays in the queue, and no clerk takes it on.",
         "The request is taken on by a clerk."),
        ("Senders of a refused parcel have no way of asking for a second look.",
         "Senders of a refused parcel can ask for a second look at the counter."),
        ("We will never sell the passenger lists.", "We sell the passenger lists."),
    ],
)  # fmt: skip
def test_a_statement_turned_round_is_one_finding(old: str, new: str) -> None:
    """What was denied and is now said, or the other way, is one reversal with both sides."""
    for before, after in ((old, new), (new, old)):
        change = only(shown(policy(before), policy(after)))
        assert change.kind is ChangeKind.REVERSED
        assert change.old
        assert change.new
        assert change.old.quote == before
        assert change.new.quote == after
        assert {Effect.NEGATION, Effect.VISIBILITY} & set(change.effects)


def test_a_denial_that_goes_is_shown_with_what_now_holds() -> None:
    """A sentence that nobody is told goes; its other side stood in the section all along."""
    told = "When a clerk opens a parcel, the sender is notified of it by letter."
    hidden = (
        "Unlike these checks, the opening of a coffee parcel will not be visible to the sender."
    )
    change = only(shown(policy(f"{told} {hidden}"), policy(told)))
    assert change.kind is ChangeKind.REVERSED
    assert change.old
    assert change.new
    assert (change.old.quote, change.new.quote) == (hidden, told)
    assert change.outcome is Outcome.STRENGTHENED
    assert Dimension.DISCLOSURE in change.dimensions
    back = only(shown(policy(told), policy(f"{told} {hidden}")))
    assert back.kind is ChangeKind.REVERSED
    assert back.outcome is Outcome.WEAKENED


def test_an_unrelated_statement_is_no_opposite() -> None:
    """A denial that goes beside a statement on another matter is a removal."""
    told = "Passengers are told of delays by loudspeaker."
    hidden = "The weighing of parcels will not be visible to the sender."
    change = only(shown(policy(f"{told} {hidden}"), policy(told)))
    assert change.kind is ChangeKind.REMOVED


def test_an_exception_is_no_reversal() -> None:
    """Consent asked for in two ways is the same demand."""
    old = "Clerks must not open letters without the written consent of the sender."
    new = "Clerks must not open letters unless the sender gave written consent."
    assert all(c.kind is not ChangeKind.REVERSED for c in shown(policy(old), policy(new)))


COMMITMENT = "We will inspect every boat before it leaves the inner harbour."
OTHERS = "We will keep the lamps lit at night. We will mend the pier each spring."


def placed(first: str, second: str, heading: str) -> str:
    return (
        f"# Harbour policy\n\n## 1 Duties\n\n{OTHERS} {first}\n\n## 2 Boats\n\n{FILLER}\n"
        f"## 3 {heading}\n\nCaptains keep a list of their crews. {second}\n"
    )


@pytest.mark.parametrize("heading", ["Recommendations", "Appendix: further notes", "Good practice"])
def test_a_commitment_moved_to_where_nothing_binds_is_relocated(heading: str) -> None:
    """The words are the same, and yet something was lost; the way back is a gain."""
    here, there = placed(COMMITMENT, "", heading), placed("", COMMITMENT, heading)
    change = only(shown(here, there))
    assert change.outcome is Outcome.RELOCATED
    assert change.kind is ChangeKind.MOVED
    assert only(shown(there, here)).outcome is Outcome.STRENGTHENED


def test_a_commitment_relocated_and_reworded() -> None:
    """Reworded on the way, and no stronger than before."""
    new = "We encourage pilots to inspect every boat before it leaves the inner harbour."
    here, there = placed(COMMITMENT, "", "Guidance"), placed("", new, "Guidance")
    change = only(shown(here, there))
    assert change.kind is ChangeKind.MOVED_EDITED
    assert change.outcome is Outcome.RELOCATED


def test_few_far_moves_are_told_and_many_are_folded() -> None:
    """One commitment in another chapter is worth a line at the end; a new order is not."""
    change = only(shown(placed(COMMITMENT, "", "Crews"), placed("", COMMITMENT, "Crews")))
    assert change.kind is ChangeKind.MOVED
    assert change.outcome is Outcome.RETAINED
    assert change.rank_score <= 0.05
    things = ("crane blue ropes", "tower red bells", "bridge green bolts", "dock white rings",
              "store grey sacks", "gate brown locks", "shed black nails")  # fmt: skip
    rules = [
        f"## The {name}\n\nWe will paint the {name} {colour} and count its {thing} every day.\n"
        for name, colour, thing in map(str.split, things)
    ]
    assert shown("# All\n\n" + "\n".join(rules), "# All\n\n" + "\n".join(rules[::-1])) == []


def test_a_name_replaced_throughout_is_told_once() -> None:
    """However the name is written, even if the old one is still cited once."""
    old = policy(
        "The Great Tern 3 sails on Mondays.\n\nEvery Great Tern 3 carries two boats.\n\n"
        "The crew of the Great Tern 3 sleeps ashore.\n\nNobody may paint a Great Tern 3.\n\n"
        "Berths on Great Tern 3 are numbered."
    )
    new = old.replace("Great Tern 3", "Tern 3.5") + "\nTern 3.5 replaces the Great Tern 3.\n"
    told = shown(old, new)
    assert len(told) == 2
    renamed = next(change for change in told if change.kind is ChangeKind.EDITED)
    assert renamed.outcome is Outcome.RETAINED
    assert renamed.effects == (Effect.ACTOR,)


LOG = """## Change log

### June

- Corrected the opening hours in Section 1.
- Added a rule on nets in Section 2.

### May

- Removed a paragraph on gulls from Section 2.
"""


@pytest.mark.parametrize("heading", ["Change log", "Changes in this version", "Revision history"])
def test_an_account_of_changes_is_one_line_at_the_end(heading: str) -> None:
    """A change log that came with the new edition is told once, below every real change."""
    old = policy("Nets are dried on the western wall.")
    log = LOG.replace("Change log", heading)
    new = old.replace("## 1 Hours", f"{log}\n## 1 Hours").replace("western", "eastern")
    found = shown(old, new)
    assert len(found) == 2
    assert found[0].new
    assert "eastern" in found[0].new.quote
    assert found[1].kind is ChangeKind.ADDED
    assert found[1].new
    assert "Corrected" in found[1].new.quote
    assert "gulls" in found[1].new.quote
    assert found[1].rank_score < 0.05


def test_an_account_is_known_by_what_it_says() -> None:
    """Under any heading at the front, sentences that tell of edits to places are an account."""
    log = (
        "## Dear reader\n\n- Corrected the hours in Section 1.\n"
        "- Moved the rule on nets to Section 2.\n- Clarified Table 4.\n"
    )
    text = policy(
        "\n\n".join(f"The {n} gulls nest on rock {n} of the outer reef." for n in "abcdefgh")
    )
    text += "\n".join(
        f"\nRope number {n} is kept dry in the old customs shed.\n" for n in range(40)
    )
    change = only(shown(text, text.replace("## 1 Hours", f"{log}\n## 1 Hours")))
    assert change.rank_score < 0.05


def noise(old: str, new: str) -> set[NoiseClass | None]:
    found = changes(policy(old), policy(new))
    assert [c for c in found if not c.noise] == []
    return {c.noise_class for c in found}


def test_what_a_reader_glued_or_lost_is_extraction() -> None:
    """Marks of notes glued to words and lone numbers are folded, and named for what they are."""
    kept = "The crew sleeps ashore. Nets are dried on the wall."
    assert noise(kept, "The crew sleeps ashore12. Nets are dried on the wall.") == {
        NoiseClass.EXTRACTION
    }
    assert noise(kept, "The crew sleeps ashore.\n\n17\n\nNets are dried on the wall.") == {
        NoiseClass.EXTRACTION
    }
    heads = "\n\n".join(
        f"Rope {w} is dry.\n\nHarbour rules, page {n}" for n, w in enumerate("abcd", 2)
    )
    bare = "\n\n".join(f"Rope {w} is dry." for w in "abcd")
    assert noise(bare, heads) == {NoiseClass.EXTRACTION}


def test_a_number_that_counts_is_no_stray_number() -> None:
    """Digits that belong to a sentence are never folded."""
    old = "The crew sleeps ashore for 3 nights. Nets are dried."
    assert shown(policy(old), policy(old.replace("3 ", "")))
    assert shown(policy("We keep 12 boats."), policy("We keep boats."))


def test_folded_dates_and_capitals_are_named() -> None:
    """From when a policy holds, and what counts as a defined term, are classes of their own."""
    assert noise("Effective 3 March 2024. Nets are dried.",
                 "Effective 3 May 2024. Nets are dried.") == {NoiseClass.EFFECTIVE}  # fmt: skip
    assert noise("We share Personal Data with pilots.", "We share personal data with pilots.") == {
        NoiseClass.CAPITALS
    }


def test_an_item_that_left_its_mark_behind_is_doubtful() -> None:
    """A bullet without its item is a sign of a reader's loss, not of an editor's hand."""
    old = policy("Note that:\n\n- Gulls are fed at noon.\n- Nets are dried on the western wall.")
    new = policy("Note that:\n\n- Nets ● are dried on the western wall.")
    removed = [c for c in shown(old, new) if c.kind is ChangeKind.REMOVED]
    assert "mark of an item" in only(removed).doubt
    clean = only(shown(old, policy("Note that:\n\n- Nets are dried on the western wall.")))
    assert clean.doubt == ""


def test_a_change_in_damaged_text_is_doubtful() -> None:
    """Where a reader got the letters wrong, a difference proves nothing."""
    old = policy("Boats are numbered from one to twelve and moored by the wall.")
    new = policy("Boats are (cid:12)umbered from one to ten and moored by the wall.")
    assert "damaged" in only(shown(old, new)).doubt


def table(*cells: str) -> str:
    rows = "\n".join(f"| {' | '.join(row.split())} |" for row in cells[1:])
    head = cells[0].split()
    return policy(f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n{rows}")


def test_emphasis_that_went_to_another_cell_is_told() -> None:
    """Which figure is in bold says which is best."""
    old = table("boat knots tons", "tern **12** 9", "gull 10 **11**")
    new = table("boat knots tons", "tern 12 9", "gull **10** **11**")
    assert only(shown(old, new)).effects == (Effect.EMPHASIS,)
    assert shown(old, old.replace("**", "")) == []


def test_columns_in_another_order_are_folded() -> None:
    """The same cells under the same heads, read another way, say nothing new."""
    old = table("boat knots tons", "tern 12 9", "gull 10 11")
    new = table("boat tons knots", "tern 9 12", "gull 11 10")
    assert shown(old, new) == []
    swapped = table("boat knots tons", "tern 9 12", "gull 10 11")
    assert Effect.QUANTITY in only(shown(old, swapped)).effects


def test_a_rewritten_passage_between_the_same_neighbours_is_one_change() -> None:
    """What went and what came in its place, on the same matter, are two sides of one thing."""
    old = policy("Nets are dried. The toll has a cost in goodwill, which we regret. Boats wait.")
    new = policy("Nets are dried. Captains found the cost in goodwill too high. Boats wait.")
    change = only(shown(old, new))
    assert change.old
    assert change.new
