"""Is this said there? The laws of the judge, on documents written for the purpose."""

from __future__ import annotations

import pytest

import cardwatch
from cardwatch.disclosure import Unit
from cardwatch.disclosure.compare import compare, make_probe
from cardwatch.disclosure.index import PassageIndex
from cardwatch.model import Disclosure, DisclosureStatus, Document
from cardwatch.segment import describe_text, load_lexicon, segment

POST = """We tell every customer when a request is handled by a smaller model.

Logs of conversations are deleted after 30 days. Accounts of people younger than sixteen are closed.

You may cancel your subscription at any time, and we return the unused part of your fee.

The quarterly audit is carried out by an outside firm; its results go to the board."""


@pytest.fixture(scope="module")
def post() -> Document:
    return Document.from_text(POST)


def ask(statement: str, document: Document) -> Disclosure:
    return cardwatch.find_disclosure(statement, document)


def index_of(text: str) -> PassageIndex:
    document, lexicon = Document.from_text(text), load_lexicon()
    return PassageIndex(document, segment(document), lexicon.concepts_in, lexicon.of_words)


@pytest.mark.parametrize(
    "sentence",
    [
        "We tell every customer when a request is handled by a smaller model.",
        "Logs of conversations are deleted after 30 days.",
        "You may cancel your subscription at any time, and we return the unused part of your fee.",
    ],
)
def test_what_a_document_says_word_for_word_is_stated_there(sentence: str, post: Document) -> None:
    """A sentence of the document is stated in it, and the first evidence is that sentence."""
    answer = ask(sentence, post)
    assert answer.status is DisclosureStatus.STATED
    assert sentence.startswith(answer.evidence[0].quote[:40])


@pytest.mark.parametrize(
    "statement",
    [
        "Model weights are kept on machines without a network.",
        "Biological evaluations are repeated for every checkpoint of a training run.",
    ],
)
def test_what_nothing_speaks_of_is_absent_and_the_absence_is_proved(
    statement: str, post: Document
) -> None:
    """An absence names the passages searched and the words that were never found."""
    answer = ask(statement, post)
    assert answer.status is DisclosureStatus.ABSENT
    assert answer.absence is not None
    assert answer.absence.passages >= 5
    assert set(answer.absence.never_found) <= set(answer.absence.terms)
    assert answer.absence.never_found


def test_other_words_for_the_same_thing_are_found(post: Document) -> None:
    """Plain words and legal words for one thing meet in the lexicon."""
    answer = ask("Users are notified if their prompt is routed to a smaller model.", post)
    assert answer.evidence[0].quote.startswith("We tell every customer")
    money = ask("Customers who terminate receive a refund.", post)
    assert "return the unused part" in money.evidence[0].quote


def test_denying_what_the_document_affirms_is_not_stated() -> None:
    """A denial is not disclosed by the affirmation of the same words."""
    document = Document.from_text(
        "The assistant shows a notice whenever a filter rewrites an answer."
    )
    said = ask("The assistant shows a notice whenever a filter rewrites an answer.", document)
    denied = ask("The assistant will not show a notice when a filter rewrites an answer.", document)
    assert said.status is DisclosureStatus.STATED
    assert denied.status is DisclosureStatus.CONTRADICTED


def test_evidence_is_ranked_and_every_quote_is_the_text_at_its_span(post: Document) -> None:
    """Evidence falls in score, lies within 0 and 1, and quotes exactly what stands at its span."""
    answer = ask("An outside firm audits us every quarter and reports to the board.", post)
    scores = [one.score for one in answer.evidence]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert all(post.quote(one.span) == one.quote for one in answer.evidence)
    assert 0 <= answer.score <= 1
    assert 0 <= answer.confidence <= 1


def test_own_words_are_stated_among_unlike_ones() -> None:
    """A sentence of a document is stated in it, however short both are and whatever stands by."""
    document = Document.from_text("Gates open at nine.\n\nThe lamp uses 0.4 watts of power.")
    answer = ask("The lamp uses 0.4 watts of power.", document)
    assert answer.status is DisclosureStatus.STATED
    assert answer.score > 0.9


def test_a_kind_is_nearer_to_its_own_words_than_to_its_kin() -> None:
    """Words of the narrowest concept count more than those that share a broader one."""
    narrow = index_of("A detector stops such requests.")
    kin = index_of("A steering vector stops such requests.")
    probe = describe_text("A classifier stops such requests.")
    scores = [compare(make_probe(probe, index), index, 0)["said"] for index in (narrow, kin)]
    assert scores[0] > scores[1] > 0


def test_the_same_question_has_the_same_answer(post: Document) -> None:
    """Judging is deterministic, whether the index is fresh or kept."""
    statement = "People under sixteen cannot hold an account."
    assert ask(statement, post) == ask(statement, Document.from_text(POST))


@pytest.mark.parametrize("text", ["", "   \n", "—", "?!", "0", "\x00\x1b[31m"])
def test_an_empty_document_or_statement_is_absent_not_an_error(text: str) -> None:
    """Where nothing stands, nothing is stated."""
    assert ask("We delete all logs.", Document.from_text(text)).status is DisclosureStatus.ABSENT
    assert ask(text, Document.from_text(POST)).status is DisclosureStatus.ABSENT


def test_a_link_to_the_text_is_not_the_text() -> None:
    """A passage that only points to where it is said makes a statement linked only or absent."""
    document = Document.from_text("For data retention periods, see our privacy page.")
    answer = ask("We store prompts and outputs for two years to train future models.", document)
    assert answer.status in (DisclosureStatus.LINKED_ONLY, DisclosureStatus.ABSENT)


def test_clauses_tile_their_sentence_and_know_their_lead() -> None:
    """A list in running text falls into clauses, each with the words that introduce it."""
    text = "The recipient shall not: (a) copy the drawings; (b) sell them; or (c) publish them."
    units = index_of(text).units
    quoted = [text[unit.span.start : unit.span.end] for unit in units]
    assert quoted[0] == "The recipient shall not:"
    assert quoted[1] == "(a) copy the drawings"
    assert [quote for quote in quoted if quote not in text] == []
    assert all(isinstance(unit, Unit) for unit in units)
    assert [unit.lead for unit in units][1:] == [0] * (len(units) - 1)


def test_reasons_name_what_moved_the_score(post: Document) -> None:
    """Every verdict can be taken apart into features with their weights."""
    answer = ask("Logs of conversations are deleted after 30 days.", post)
    assert answer.reasons
    strength = [abs(reason.value * reason.weight) for reason in answer.reasons]
    assert strength == sorted(strength, reverse=True)
