"""Judging a fetch: what is the document, what is another state of it, what is neither."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cardwatch import app
from cardwatch.capture import Known, Tools, guess_language, judge, look
from cardwatch.model import Document
from cardwatch.model.watch import Capture, Judgement, Problem, State, Verdict
from tests.test_watch import CARD, FRAMEWORK, TERMS, changed

URL = "http://a.test/terms"
LONG = "\n\n".join((*TERMS, *FRAMEWORK))


def capture(text: str, title: str = "Terms", final: str = URL) -> Capture:
    return Capture(URL, final, "s" + text[:20], text, title, text, len(text.split()))


def state(text: str, group: str = "", problem: Problem = Problem.NONE) -> State:
    return State(text, group or text, "s", len(text.split()), "text 1", "1", "1", 1, problem)


def judged(text: str, *known: State, **more: object) -> Judgement:
    """The judgement of a text beside known states, the last of which is the present one."""
    states = {each.text_sha256: each for each in known}
    now = known[-1] if known else None
    tools = Tools(
        lambda group: group,
        lambda group: app.compare(Document.from_text(group), Document.from_text(text)),
    )
    given = Known(states, now.group if now else "", now.text_sha256 if now else "")
    return judge(capture(text), given, tools, **more)  # type: ignore[arg-type]


def test_the_first_text_is_the_document() -> None:
    """There is nothing to compare it with."""
    assert judged(LONG).verdict is Verdict.FIRST


def test_the_same_text_needs_no_comparison() -> None:
    """Its name is enough."""
    assert judged(LONG, state(LONG)).verdict is Verdict.SAME_TEXT


def test_noise_is_counted_by_class() -> None:
    """A difference that says nothing new has its class."""
    new = LONG.replace("3 days ago", "4 days ago").replace('"Changes"', "“Changes”")
    found = judged(new, state(LONG))
    assert found.verdict is Verdict.NOISE
    assert found.group == LONG
    assert sum(count for _, count in found.noise) >= 2


def test_a_real_change_begins_a_group() -> None:
    """It is compared with the text that was told last."""
    new = LONG.replace("eighteen", "sixteen")
    found = judged(new, state(LONG))
    assert (found.verdict, found.group, found.against) == (Verdict.CHANGED, new, LONG)


def test_small_steps_add_up() -> None:
    """Noise is measured from the text that was told, so a slow drift is seen in the end."""
    near = LONG.replace("3 days ago", "4 days ago")
    found = judged(near.replace("eighteen", "sixteen"), state(LONG), state(near, LONG))
    assert (found.verdict, found.against) == (Verdict.CHANGED, LONG)


def test_a_state_seen_before_is_known_again() -> None:
    """By its name, and through noise."""
    other = LONG.replace("eighteen", "sixteen")
    assert judged(LONG, state(LONG), state(other)).verdict is Verdict.RETURNED
    again = judged(LONG.replace("3 days", "9 days"), state(LONG), state(other))
    assert (again.verdict, again.group, again.against) == (Verdict.RETURNED, LONG, other)


@pytest.mark.parametrize(
    ("text", "title", "problem"),
    [
        ("The page you were looking for does not exist.", "", Problem.ERROR_PAGE),
        ("Nothing to see.", "404 Not Found", Problem.ERROR_PAGE),
        ("Sorry, this content is no longer available in your country.", "", Problem.ERROR_PAGE),
        ("Our service is temporarily unavailable. Come back soon.", "", Problem.ERROR_PAGE),
        ("We are checking your browser before you enter.", "Wait", Problem.BLOCKED),
        ("Turn on JavaScript to go on.", "", Problem.BLOCKED),
        ("Prove that you are human by solving this captcha.", "", Problem.BLOCKED),
        ("Please log in. Forgot your password?", "", Problem.LOGIN),
        ("We use cookies. Accept all or manage preferences.", "", Problem.CONSENT),
        ("", "", Problem.EMPTY),
        ("We may ask you to sign in to continue using the service.", "", Problem.NONE),
        ("We use cookies to remember you.", "Cookie policy", Problem.NONE),
        (LONG + " The page was not found.", "", Problem.NONE),
    ],
)
def test_what_is_not_the_document_says_so(text: str, title: str, problem: Problem) -> None:
    """A short text with the signs of an error, a wall or a login; not a long one."""
    assert look(capture(text, title)) is problem


def test_the_front_page_is_not_the_document() -> None:
    """A redirect from a place to the root is a soft way to say not found."""
    assert look(capture(LONG, final="http://a.test/")) is Problem.REDIRECTED
    assert look(capture(LONG, final="http://a.test/en/terms")) is Problem.NONE


def test_a_collapse_is_not_a_cut() -> None:
    """What is left of a cut stood there before; what a collapse shows did not."""
    cut = "\n\n".join(TERMS[1:4])
    many = "\n\n".join((*TERMS, *FRAMEWORK, *CARD))
    assert judged(cut, state(many)).verdict is Verdict.CHANGED
    other = judged("Here are our rules. They are short and plain.", state(many))
    assert (other.verdict, other.problem) == (Verdict.BAD_CAPTURE, Problem.COLLAPSE)
    trusted = judged("Here are our rules. They are short.", state(many), trusted=True)
    assert trusted.verdict is Verdict.CHANGED


def test_a_growth_is_not_an_addition() -> None:
    """A text that grew keeps its old lines; a page that swallowed it does not."""
    old = "\n\n".join((*TERMS, *FRAMEWORK))
    extra = "\n\n".join(
        f"Rule {number} is about another matter, which has {number} parts and many words."
        for number in range(200)
    )
    assert judged(f"{old}\n\n{extra}", state(old)).verdict is Verdict.CHANGED
    assert judged(extra, state(old)).problem is Problem.GROWTH


def test_another_language_is_not_the_document() -> None:
    """By the language of the text before, or by the one that the source names."""
    german = " ".join(
        ["Diese Bedingungen gelten für die Nutzung der Dienste und sind von dem Nutzer zu lesen."]
        * 20
    )
    assert judged(german, state(LONG)).problem is Problem.LANGUAGE
    assert judged(german, language="de-AT").verdict is Verdict.FIRST
    assert judged(LONG, language="de").problem is Problem.LANGUAGE


def test_a_known_error_page_stays_one() -> None:
    """A text that was no document is none when it comes again."""
    again = judged("Whatever it says", state("Whatever it says", "", Problem.LOGIN), state(LONG))
    assert (again.verdict, again.problem) == (Verdict.BAD_CAPTURE, Problem.LOGIN)


def test_a_text_that_could_not_be_read_is_no_document() -> None:
    """The reader's reason is kept."""
    tools = Tools(str, lambda _: pytest.fail("nothing to compare"))
    broken = replace(capture("x"), problem=Problem.UNREADABLE)
    assert judge(broken, Known({}), tools).problem is Problem.UNREADABLE


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (LONG, "en"),
        ("too short to tell", ""),
        ("利用規約をお読みください。サービスの利用には同意が必要です。", "ja"),
        ("请仔细阅读本服务条款。使用本服务即表示您同意这些条款。", "zh"),
        ("Пожалуйста, прочитайте условия использования сервиса.", "ru"),
    ],
)
def test_languages_are_told_apart(text: str, language: str) -> None:
    """By script, or by the commonest words; a short text says nothing."""
    assert guess_language(text) == language


def test_changed_is_used() -> None:
    """The helper that other tests rely on refuses a change that changes nothing."""
    with pytest.raises(AssertionError):
        changed(TERMS, "not there at all", "x")
