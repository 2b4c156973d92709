"""Names that a document defines, and statements asked in them."""

from __future__ import annotations

import pytest

import cardwatch
from cardwatch.app.disclosing import passage_index
from cardwatch.disclosure import find_announcement, find_disclosure
from cardwatch.disclosure.aliases import Alias, Renaming, find_aliases, renamings
from cardwatch.model import Disclosure, DisclosureStatus, Document, Reading
from cardwatch.segment import describe_text, segment

SHORT = """Our staged release protocol (SRP) is checked by an outside firm.

The SRP is reviewed by the board each spring.

Users under sixteen cannot hold accounts."""
LONG = """The board looks at the staged release protocol each spring and may amend it.

Gates open at nine."""


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("The staged release protocol (SRP) binds us.", Alias("staged release protocol", ("SRP",))),
        ("All large language models (LLMs) err.", Alias("large language models", ("LLMs",))),
        ("The ministry of works (MoW) decides.", Alias("ministry of works", ("MoW",))),
        ("Multi-stage review (MSR) is due.", Alias("Multi-stage review", ("MSR",))),
        ("The Office of Lamp Safety (OLS) agrees.", Alias("Office of Lamp Safety", ("OLS",))),
        ("An office of old tools (OOT) agrees.", Alias("office of old tools", ("OOT",))),
        ("A PIN (personal identity number) is sent.", Alias("personal identity number", ("PIN",))),
        ("Use of the lamp control app (the “App”).", Alias("lamp control app", ("App",))),
        ("Our Lamp Return Policy (the 'x', the \"Policy\").", None),
        ("See our Lamp Return Policy (the \"Policy\").", Alias("Lamp Return Policy", ("Policy",))),
        ("Lumen Works, Inc. (“Lumen,” “we,” “us”) asks.", Alias("Lumen Works", ("Lumen",), "we")),
        ("“Glow” means light made by a lamp.", Alias("light made by a lamp", ("Glow",))),
    ],
)  # fmt: skip
def test_names_are_read_from_their_definitions(text: str, alias: Alias | None) -> None:
    """Initials, brackets with quoted names and "means" define a name for a phrase."""
    assert find_aliases(text) == ((alias,) if alias else ())


@pytest.mark.parametrize(
    "text",
    [
        "The staged release protocol (ABC) binds us.",
        "Lamps (see Table 3) glow (in part) at night (NB).",
        "We sell lamps, bulbs and shades (the “Goods”).",
        "“Glow” means light, heat and anything else that a lamp or a fire gives off.",
        "He said (“we will see”) and left.",
        "A period of 30 days (the “Term”).",
        "The holder of the Lamp Shares (the “Owner”) and Lumen, a lamp corporation (“Lumen”).",
        "Send any notice (a “Notice”) to the firm you represent (the “Customer”).",
        "(“A”) (“”) () ((AB)) “” means .",
    ],
)
def test_what_only_looks_like_a_definition_is_none(text: str) -> None:
    """Wrong initials, lists, clauses and numbers define nothing."""
    assert find_aliases(text) == ()


def test_the_first_definition_holds_and_there_are_not_too_many() -> None:
    """A short form means one thing; and the names of a document are bounded."""
    twice = find_aliases("Staged release plan (SRP). Small room permit (SRP).")
    assert twice == (Alias("Staged release plan", ("SRP",)),)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    many = " ".join(f"{a}one {b}two ({a}{b})." for a in letters for b in letters)
    assert len(find_aliases(many)) == 200


def test_renaming_goes_both_ways_and_leaves_other_words() -> None:
    """Short forms are spelt out where written as defined, long ones shortened in any case."""
    names = Renaming(
        find_aliases("The staged release protocol (SRP) and the lamp app (the “App”).")
    )
    assert names.spell_out("SRPs bind the App.") == (
        "staged release protocol bind the lamp app."
    )  # fmt: skip
    assert names.shorten("Staged-release protocol’s aims; İ lamp app") == "SRP’s aims; İ App"
    assert names.spell_out("an app, a srp, APPS") == "an app, a srp, APPS"


def test_a_name_within_its_own_long_form_is_not_spelt_out_again() -> None:
    """A long form that begins with its name is left as it is; names cannot grow a text twice."""
    names = Renaming(find_aliases("Lumen Works, Inc. (“Lumen”, “we”) asks."))
    assert names.spell_out("Lumen Works asks Lumen.") == "Lumen Works asks Lumen."
    assert names.speak("Lumen Works asks.") == "we asks."
    chain = Renaming([Alias("Bb Bb", ("Aa",)), Alias("Cc Cc", ("Bb",)), Alias("Dd Dd", ("Cc",))])
    assert chain.spell_out("Aa Bb Cc") == "Bb Bb Cc Cc Dd Dd"


def test_without_names_nothing_is_asked_twice() -> None:
    """A text in which no name stands has no other wording."""
    names = Renaming(find_aliases(SHORT))
    assert renamings("Users hold accounts.", names, names) == []


def ask(statement: str, asked: str, asking: str) -> Disclosure:
    document, other = Document.from_text(asked), Document.from_text(asking)
    index = passage_index(Reading(document, segment(document)), Reading(other, segment(other)))
    return find_disclosure(describe_text(statement), index)


@pytest.mark.parametrize(
    "statement",
    [
        "The staged release protocol is reviewed by the board each spring.",
        "The SRP is reviewed by the board each spring.",
    ],
)
def test_a_name_and_its_long_form_count_as_the_same(statement: str) -> None:
    """Said with the one and asked with the other, a statement is stated, and lacks nothing."""
    answer = cardwatch.find_disclosure(statement, Document.from_text(SHORT))
    assert answer.status is DisclosureStatus.STATED
    assert answer.evidence[0].quote == "The SRP is reviewed by the board each spring."
    assert answer.evidence[0].missing == ()


def test_the_names_of_the_asking_document_are_known() -> None:
    """What only the asking document abbreviates is looked for by its long form."""
    statement = "The board looks at the SRP each spring and may amend it."
    known = ask(statement, LONG, SHORT)
    unknown = ask(statement, LONG, "Gates open at nine.")
    spelt = ask(statement.replace("SRP", "staged release protocol"), LONG, SHORT)
    assert known.score == spelt.score > unknown.score
    assert known.evidence[0].missing == ()
    assert "srp" in unknown.evidence[0].missing


def test_announcements_do_not_see_names() -> None:
    """The words of an account are weighed as they stand: its index is the same without names."""
    document = Document.from_text(SHORT)
    index = passage_index(Reading(document, segment(document)))
    find_announcement(None, describe_text("The SRP is reviewed each spring."), index)
    assert "names" not in vars(index)


@pytest.mark.parametrize("text", ["(A" * 9000, '"A" means ' * 9000, "“" * 9000, "Aa (AA) " * 900])
def test_hostile_texts_define_little_and_end(text: str) -> None:
    """Brackets and quotes without end are read in one pass."""
    assert len(find_aliases(text)) <= 1
