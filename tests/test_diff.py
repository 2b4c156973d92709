"""Golden cases of comparing: each class of noise, each effect, and what is never folded."""

from __future__ import annotations

import pytest

from cardwatch.diff.spelling import american
from cardwatch.model import ChangeKind, Effect, NoiseClass, Outcome
from tests.diffing import changes, compared, folded, markdown, shown

PLAIN = "The council reviews the filter each spring and writes down what it found."


@pytest.mark.parametrize(
    ("old", "new", "of"),
    [
        ("We said “no” to it.", 'We said "no" to it.', NoiseClass.PUNCTUATION),
        ("A well known rule holds here.", "A well-known rule holds here.", NoiseClass.PUNCTUATION),
        ("One rule – and no other.", "One rule — and no other.", NoiseClass.PUNCTUATION),
        ("The *filter* is reviewed here.", "The filter is reviewed here.", NoiseClass.MARKUP),
        ("The colour of each licence.", "The color of each license.", NoiseClass.SPELLING),
        ("We do not organise tours.", "We don't organize tours.", NoiseClass.SPELLING),
        ("Some fees, e.g. tolls, apply.", "Some fees, for example tolls, apply.",
         NoiseClass.SPELLING),
        ("We wait for five days here.", "We wait for 5 days here.", NoiseClass.SPELLING),
        ("Read [the rules](https://a.example/1).", "Read [the rules](https://a.example/2).",
         NoiseClass.LINK),
        ("Last updated: May 3, 2024", "Last updated: June 9, 2025", NoiseClass.STAMP),
        ("Updated 22 days ago", "Updated over a week ago", NoiseClass.STAMP),
        ("Effective 3 March 2024. Please read on with care.",
         "Effective 4 March 2024. Please read on with care.", NoiseClass.EFFECTIVE),
        ("The filter is described here (§ 2.1).", "The filter is described here (see Section 2.1).",
         NoiseClass.RENUMBERED),
        ("As described in Section 2.1, the filter works well.", "The filter works well.",
         NoiseClass.RENUMBERED),
        ("Terms of Use of the Harbour", "Terms of use of the harbour", NoiseClass.CAPITALS),
        ("We publish results of tests.", "We publish the results of the tests.",
         NoiseClass.EDITORIAL),
        ("The duties in Section 4 hold here.", "The duties in Section 5 hold here.",
         NoiseClass.RENUMBERED),
        ("Users pay no tolls here.", "B.2.a. Users pay no tolls here.", NoiseClass.RENUMBERED),
        ("1. First we look.\n2. Then we leap.", "3. First we look.\n4. Then we leap.",
         NoiseClass.RENUMBERED),
    ],
)  # fmt: skip
def test_a_difference_that_says_nothing_is_folded_and_named(
    old: str, new: str, of: NoiseClass
) -> None:
    """Each class of noise is kept as a change, under its name, and shown by nobody."""
    assert of.value in folded(f"{PLAIN}\n\n{old}\n", f"{PLAIN}\n\n{new}\n")


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("We will not sell your data.", "We will sell your data.", Effect.NEGATION),
        ("We must tell the council.", "We should tell the council.", Effect.OBLIGATION),
        ("We keep logs for 30 days.", "We keep logs for 60 days.", Effect.QUANTITY),
        ("Fewer than 0.1% are touched.", "Fewer than 0.5% are touched.", Effect.QUANTITY),
        ("It came at low effort.", "It came at high effort.", Effect.QUANTITY),
        ("We share logs.", "We share logs unless a court forbids it.", Effect.CONDITION),
        ("The filter covers arson, fraud and theft.",
         "The filter covers arson, fraud, theft and piracy.", Effect.LIST),
        ("The council reviews each case.", "The vendor reviews each case.", Effect.ACTOR),
        ("We publish the results.", "We keep the results.", Effect.DISCLOSURE),
        ("We may suspend the account.", "We may review the account.", Effect.CONSEQUENCE),
        ("It applies to all models.", "It applies to some models.", Effect.SCOPE),
        ("Users are notified of it.", "Users are relieved of it.", Effect.VISIBILITY),
        ("It holds under Section 4 of the Harbour Act.",
         "It holds under Section 5 of the Harbour Act.", Effect.SCOPE),
    ],
)  # fmt: skip
def test_what_a_change_touches(old: str, new: str, effect: Effect) -> None:
    """One substantive change, with the effect of its words."""
    found = shown(f"{PLAIN}\n\n{old}\n", f"{PLAIN}\n\n{new}\n")
    assert len(found) == 1
    assert effect in found[0].effects


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We keep 15 copies of it.", "We keep 1.5 copies of it."),
        ("The limit is -5 degrees.", "The limit is 5 degrees."),
        ("It rose by 5% last year.", "It rose by 5 last year."),
        ("We can tell you.", "We cannot tell you."),
        ("Write to help@harbour.example now.", "Write to law@harbour.example now."),
        ("Access is allowed after review.", "Access is allowed under Section 4 after review."),
        ("Users may object within a year.", "Users may object within a month."),
    ],
)
def test_small_differences_that_say_something_are_shown(old: str, new: str) -> None:
    """A digit, a sign, a "not", a legal reference: never in the fold."""
    assert shown(f"{PLAIN}\n\n{old}\n", f"{PLAIN}\n\n{new}\n")


def test_a_turned_statement_is_one_reversal() -> None:
    """Told against not told is one finding that shows both sides, edited or rewritten."""
    old = "These filters will not be visible to guests of the house."
    for new in (
        "These filters will be visible to guests of the house.",
        "Guests of the house are notified of these filters.",
    ):
        found = shown(f"{PLAIN}\n\n{old}\n", f"{PLAIN}\n\n{new}\n")
        assert [change.kind for change in found] == [ChangeKind.REVERSED]
        assert found[0].old
        assert found[0].new
        assert Effect.VISIBILITY in found[0].effects


def test_renumbered_sections_take_their_references_along() -> None:
    """A reference that follows its section is noise; one that leads elsewhere is not."""
    old = "# 1 Aims\n\nSee Section 2.\n\n# 2 Rules\n\nNo running at all.\n\n# 3 Fees\n\nNone yet."
    new = old.replace("# 3 Fees", "# 4 Fees").replace("# 2 Rules", "# 3 Rules")
    assert folded(old, new.replace("Section 2", "Section 3")) == {NoiseClass.RENUMBERED.value}
    assert shown(old, new.replace("Section 2", "Section 4"))


def test_neighbours_that_went_are_one_change() -> None:
    """The sentences of a paragraph, the items of a list and whole sections go together."""
    gone = "We hide it. We never tell. Nobody may ask.\n\n"
    found = shown(f"{PLAIN}\n\n{gone}The end of it all.", f"{PLAIN}\n\nThe end of it all.")
    assert [(c.kind, c.outcome) for c in found] == [(ChangeKind.REMOVED, Outcome.REMOVED)]
    section = "# Pets\n\nDogs may come.\n\n- cats\n- owls\n\nNo snakes.\n\n"
    found = shown(f"# Aims\n\n{PLAIN}", f"{section}# Aims\n\n{PLAIN}")
    assert [c.kind for c in found] == [ChangeKind.ADDED]
    assert found[0].section == "Pets"


def test_a_moved_paragraph_is_one_folded_move() -> None:
    """Unchanged words in another place are noise of their own class."""
    rest = "\n\n".join(f"Paragraph {n} speaks of lantern {n} only." for n in range(2, 8))
    moved = "The keeper signs the book. The book stays in the tower overnight."
    found = changes(f"{moved}\n\n{rest}", f"{rest}\n\n{moved}")
    assert [(c.kind, c.noise_class) for c in found] == [(ChangeKind.MOVED, NoiseClass.MOVED)]


def test_a_renaming_is_shown_once() -> None:
    """One name in the place of another throughout is shown once and folded elsewhere."""
    text = "\n\n".join(f"Rule {n}: the {w} must use Heron 3 with care." for n, w in
                       enumerate(["crew", "guest", "guard", "cook"], 1))  # fmt: skip
    found = changes(text, text.replace("Heron 3", "Heron 4"))
    assert len([c for c in found if not c.noise]) == 1
    assert {c.noise_class for c in found if c.noise} == {NoiseClass.EDITORIAL}
    partly = text.replace("Heron 3", "Heron 4", 2)
    assert len([c for c in changes(text, partly) if not c.noise]) == 2


def test_emphasis_that_moves_between_cells_is_a_change() -> None:
    """Bold tells which figure is best; a table that lost all of it was typeset otherwise."""
    table = "| Model | Score |\n|---|---|\n| Heron | **7** |\n| Otter | 5 |\n"
    moved = "| Model | Score |\n|---|---|\n| Heron | 7 |\n| Otter | **5** |\n"
    assert [c.effects for c in shown(table, moved)] == [(Effect.EMPHASIS,)]
    assert folded(table, table.replace("**", "")) == {NoiseClass.MARKUP.value}


def test_policy_ranks_above_results_and_a_changelog_last() -> None:
    """The same words weigh more among safeguards than among results or in a change log."""
    old = (
        "# Change log\n\nWe keep 3 lanterns.\n\n"
        "# Benchmark results\n\nWe keep 4 lanterns there.\n\n"
        "# Safeguards\n\nWe keep 5 lanterns in the tower."
    )
    new = old.replace("keep", "may keep")
    assert [c.section for c in shown(old, new)] == [
        "Safeguards", "Benchmark results", "Change log",
    ]  # fmt: skip


def test_words_of_an_edit_are_whole() -> None:
    """A negation shows with its verb, a number and a name in full."""
    revision = compared(
        markdown("The tower will close at 10:30 on Heron-4 days."),
        markdown("The tower will not close at 11:30 on Heron-4 days."),
    )[1]
    (change,) = revision.changes
    assert change.old
    assert change.new
    pairs = [
        (change.old.quote[o.start - change.old.span.start : o.end - change.old.span.start],
         change.new.quote[n.start - change.new.span.start : n.end - change.new.span.start])
        for o, n in change.edits
    ]  # fmt: skip
    assert pairs == [("will", "will not"), ("10:30", "11:30")]


def test_a_table_of_contents_says_nothing_new() -> None:
    """Lines that only list the sections that follow are folded; a new section is not."""
    old = f"# Aims\n\n{PLAIN}\n\n# Fees and tolls\n\nNone are charged."
    listed = "Contents\n\n- 1. Aims\n- 2. Fees and tolls\n\n"
    assert folded(old, listed + old) == {NoiseClass.MARKUP.value}
    assert shown(old, old + "\n\n# Fines\n\nNone are paid.")


def test_hostile_text_is_only_compared() -> None:
    """Huge words, control characters and endless repetition end, and nothing is dropped."""
    odd = "\x1b[31m<script>alert(1)</script> " + "a" * 5000 + " " + "b, " * 3000
    found = changes(f"{PLAIN}\n\n{odd}", f"{PLAIN}\n\n{odd.replace('b, b,', 'c, b,', 1)}")
    assert len(found) >= 1


@pytest.mark.parametrize(
    ("british", "us"),
    [
        ("anonymisation", "anonymization"), ("manoeuvred", "maneuvered"), ("centred", "centered"),
        ("sulphur", "sulfur"), ("moulded", "molded"), ("draughty", "drafty"),
        ("behavioural", "behavioral"), ("kilogrammes", "kilograms"), ("foetal", "fetal"),
        ("tantalisingly", "tantalizingly"), ("dialling", "dialing"), ("woollen", "woolen"),
    ],
)  # fmt: skip
def test_spelling_variants_are_one_word(british, us):
    assert american(british) == american(us)


@pytest.mark.parametrize(
    "words",
    ["tonne ton", "does dos", "poem pem", "message mesage", "called caled", "metre meter's",
     "discus disk", "through throw", "mount molt", "rely really", "fulfil full", "phone fone"],
)  # fmt: skip
def test_words_that_only_look_alike_are_two(words):
    one, other = words.split()
    assert american(one) != american(other)


PARAGRAPHS = (
    "{0}.1 The council opens the gate each spring.\n\n"
    "{0}.2 A mill that fails the test is closed.\n\n"
    "{0}.3 Appeals under paragraph {0}.2 go to the court.\n"
)


def test_numbers_of_paragraphs_are_no_figures() -> None:
    """Paragraphs that are all numbered anew, and references to them, say nothing new."""
    old, new = PARAGRAPHS.format(2), PARAGRAPHS.format(3)
    assert not shown(old, new)
    assert {NoiseClass.RENUMBERED.value} == set(folded(old, new))


def test_a_reference_that_leads_elsewhere_is_shown() -> None:
    """Both editions have what it led to and what it leads to: it says something else now."""
    old = PARAGRAPHS.format(2)
    (found,) = shown(old, old.replace("paragraph 2.2", "paragraph 2.1"))
    assert Effect.SCOPE in found.effects


def test_a_figure_at_the_head_of_a_sentence_stays_one() -> None:
    """One number alone at the head of a paragraph numbers nothing."""
    assert shown(f"{PLAIN}\n\n1.5 Tonnes may pass.\n", f"{PLAIN}\n\n2.5 Tonnes may pass.\n")


def test_words_run_together_are_the_same_words() -> None:
    """Blanks that one edition lost are its extraction, in a sentence that changed too."""
    old = f"{PLAIN}\n\nThe officekeeps a list of allferries and of their crews.\n"
    new = f"{PLAIN}\n\nThe office keeps a list of all ferries and of their crews.\n"
    assert not shown(old, new)
    assert NoiseClass.EXTRACTION.value in folded(old, new)
    (found,) = shown(old, new.replace("their crews", "their owners"))
    assert "officekeeps" not in " ".join(
        found.old.quote[a.start - found.old.span.start : a.end - found.old.span.start]
        for a, _ in found.edits
        if found.old
    )


RECORDS = "Each warden writes the date of every inspection into the ledger of the harbour."


def test_a_passage_said_anew_elsewhere_is_one_change() -> None:
    """A removal and an addition that share most of their words are one passage that moved."""
    filler = "\n\n".join(
        f"Lantern {n} hangs above the {w} and is lit when the {w} is dark." for n, w in
        enumerate("gate weir lock quay pier dam sluice".split()))  # fmt: skip
    anew = ("In the ledger of the harbour stands, for every inspection, its date, and it is "
            "for the warden to write.")  # fmt: skip
    (found,) = shown(f"{RECORDS}\n\n{filler}\n", f"{filler}\n\n{anew}\n")
    assert found.kind is ChangeKind.MOVED_EDITED
