"""Golden cases of aligning: one for each way in which two places can correspond."""

from __future__ import annotations

from cardwatch.align import align
from cardwatch.model import Pair, PairKind, Reading
from tests.diffing import markdown, reading

FILLER = "\n\n".join(
    f"Paragraph {n} tells of lantern number {n} and of the {w} that guards it at night."
    for n, w in enumerate("heron otter badger lynx raven marten stork beaver adder newt".split(), 3)
)
OPENING = "The harbour office keeps a register of every ferry that leaves before dawn."


def paired(old: Reading, new: Reading, words: str) -> Pair:
    """The pair whose old side, or else new side, holds ``words``."""
    for pair in align(old, new).pairs:
        if any(words in old.document.quote(old.sentences[i].span) for i in pair.old):
            return pair
    for pair in align(old, new).pairs:
        if any(words in new.document.quote(new.sentences[j].span) for j in pair.new):
            return pair
    raise AssertionError(f"no pair holds {words!r}")


def test_the_same_text_is_the_same() -> None:
    """Every sentence pairs with itself, exactly."""
    one = reading(f"{OPENING}\n\n{FILLER}")
    pairs = align(one, one).pairs
    assert {(p.kind, p.reason, p.score) for p in pairs} == {(PairKind.SAME, "exact", 1.0)}
    assert all(p.old == p.new for p in pairs)


def test_an_edited_sentence_keeps_its_partner() -> None:
    """A few other words in the same place are an edit."""
    new = OPENING.replace("every ferry", "each boat")
    pair = paired(reading(f"{OPENING}\n\n{FILLER}"), reading(f"{new}\n\n{FILLER}"), "register")
    assert pair.kind is PairKind.EDITED
    assert len(pair.old) == len(pair.new) == 1


def test_a_moved_paragraph_is_one_move_and_nothing_else() -> None:
    """What moved is moved; what it passed stays where it was."""
    old, new = reading(f"{OPENING}\n\n{FILLER}"), reading(f"{FILLER}\n\n{OPENING}")
    kinds = [pair.kind for pair in align(old, new).pairs]
    assert kinds.count(PairKind.MOVED) == 1
    assert kinds.count(PairKind.SAME) == len(kinds) - 1


def test_moved_and_edited() -> None:
    """A sentence that moved and was edited is still found."""
    edited = OPENING.replace("before dawn", "after dusk")
    old, new = reading(f"{OPENING}\n\n{FILLER}"), reading(f"{FILLER}\n\n{edited}")
    assert paired(old, new, "register").kind is PairKind.MOVED_EDITED


def test_a_split_sentence_and_a_merged_one() -> None:
    """One sentence that became two, and the other way, with both parts in one pair."""
    whole = (
        "The harbour office keeps a register of every ferry that leaves before dawn, "
        "and the keeper of the register signs it with green ink each evening."
    )
    parts = whole.replace("dawn, and the keeper", "dawn. The keeper")
    one, two = reading(f"{FILLER}\n\n{whole}"), reading(f"{FILLER}\n\n{parts}")
    split, merged = paired(one, two, "register"), paired(two, one, "register")
    assert (split.kind, len(split.old), len(split.new)) == (PairKind.SPLIT, 1, 2)
    assert (merged.kind, len(merged.old), len(merged.new)) == (PairKind.MERGED, 2, 1)


def test_added_and_removed_stand_alone() -> None:
    """A sentence without a likeness on the other side has no partner."""
    other = "Nobody may feed the pelicans on the eastern pier between May and July."
    old, new = reading(f"{FILLER}\n\n{OPENING}"), reading(f"{FILLER}\n\n{other}")
    assert paired(old, new, "register").kind is PairKind.REMOVED
    assert paired(old, new, "pelicans").kind is PairKind.ADDED


def test_a_retitled_section_is_known_by_its_number() -> None:
    """A heading with quite other words keeps its partner if its number is the same."""
    body = "\n\nWe keep a register.\n\n## 2.2 Costs\n\nNothing is free."
    old = markdown("# 2 Rules\n\n## 2.1 Safeguards" + body)
    new = markdown("# 2 Rules\n\n## 2.1 Protective measures" + body)
    pair = paired(old, new, "Safeguards")
    assert pair.new
    assert pair.kind is PairKind.EDITED


def test_repeated_sentences_are_paired_in_their_sections() -> None:
    """The same words under two headings pair heading by heading."""
    text = "# One\n\nSee the annex for more.\n\n# Two\n\nSee the annex for more.\n"
    new = text.replace("# Two\n", "# Two\n\nA new sentence stands here now.\n")
    pairs = align(markdown(text), markdown(new)).pairs
    assert [p.kind for p in pairs].count(PairKind.SAME) == 4
    assert [p.kind for p in pairs].count(PairKind.ADDED) == 1


def test_rows_of_a_table_pair_by_their_labels() -> None:
    """Figures that changed do not part two rows with the same first cell."""
    rows = [("Heron", 1), ("Otter", 2), ("Lynx", 3), ("Newt", 4)]

    def table(values: list[tuple[str, int]]) -> str:
        lines = "".join(f"| {name} | {n}.{n}% | {n}0 |\n" for name, n in values)
        return "| Animal | Share | Count |\n|---|---|---|\n" + lines

    old, new = markdown(table(rows)), markdown(table([(name, n + 4) for name, n in rows]))
    for name, _ in rows:
        pair = paired(old, new, name)
        assert pair.kind is PairKind.EDITED
        assert name in new.document.quote(new.sentences[pair.new[0]].span)


def test_templated_text_does_not_run_away() -> None:
    """Thousands of sentences from one template are aligned, each at most once."""
    lines = [f"The {w} team reviews the log." for w in ("red", "blue", "green")] * 700
    old, new = reading("\n\n".join(lines)), reading("\n\n".join(lines[5:] + lines[:3]))
    pairs = align(old, new).pairs
    assert sorted(i for p in pairs for i in p.old) == list(range(len(old.sentences)))
    assert sum(p.kind is PairKind.SAME for p in pairs) > 2000


def test_words_run_together_are_parted_by_the_other_edition() -> None:
    """A word of one edition that the other has as two, side by side, is those two."""
    ran = OPENING.replace("office keeps", "officekeeps").replace("leaves before", "leavesbefore")
    alignment = align(reading(f"{ran}\n\n{FILLER}"), reading(f"{OPENING}\n\n{FILLER}"))
    assert dict(alignment.parted) == {
        "leavesbefore": ("leaves", "before"), "officekeeps": ("office", "keeps"),
    }  # fmt: skip


def test_a_word_with_words_as_parts_stays_whole() -> None:
    """What is no slip of an extraction: the parts do not stand side by side, or it is common."""
    old = reading("An insignificant risk is taken without notice to anybody at all.")
    new = reading("A significant risk in trade is taken with notice out of hours to any body.")
    assert align(old, new).parted == ()
