"""Release briefs: the worst first, in words that are the document's, inert in every form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cardwatch.brief import SHOWN, brief
from cardwatch.cli.output import ExitCode
from cardwatch.errors import ReportError
from cardwatch.model import (
    Change,
    ChangeKind,
    Coverage,
    Document,
    Effect,
    Outcome,
    Passage,
    Revision,
    Severity,
    Source,
    Span,
)
from cardwatch.model.release import Brief
from cardwatch.reports import Briefing, View, render
from tests.conftest import Ran
from tests.schemas import path_of
from tests.small import DOCUMENT, gap_report

HOSTILE = (
    "Evil \x1b[31m<script>alert(1)</script> <img src=http://x.test/p.png> [a](http://x.test) "
    "`$(rm -rf /)` \u202e @everyone\r\nBcc: all@x.test"
)


def change(number: int, outcome: Outcome, rank: float) -> Change:
    passage = Passage(Span(number, number + 5), DOCUMENT.text[number : number + 5], 1, "Guards")
    return Change(
        f"change-{number}",
        ChangeKind.REMOVED if outcome is Outcome.REMOVED else ChangeKind.EDITED,
        passage,
        None if outcome is Outcome.REMOVED else passage,
        "Guards",
        noise=False,
        noise_class=None,
        effects=(Effect.NEGATION,),
        outcome=outcome,
        dimensions=(),
        rank_score=rank,
    )


def revision(*changes: Change) -> Revision:
    source = DOCUMENT.source
    return Revision(source, source, changes, Coverage(), Coverage())


def hostile() -> Document:
    made = Document.from_text(HOSTILE, location="http://x.test/a'; rm -rf ~; '")
    return replace(made, title=HOSTILE)


def of_small(document: Document = DOCUMENT) -> Brief:
    return brief(document, document, gap_report(document, document))


def test_the_worst_come_first() -> None:
    """Findings stand by severity; gaps and changes of one severity take turns."""
    changes = revision(
        change(1, Outcome.REMOVED, 0.9),
        change(8, Outcome.WEAKENED, 0.5),
        change(16, Outcome.ADDED, 0.95),
    )
    made = brief(
        DOCUMENT, DOCUMENT, gap_report(DOCUMENT, DOCUMENT), previous=DOCUMENT, revision=changes
    )
    assert [each.id for each in made.findings] == ["gap-0", "change-1", "change-8"]
    assert [each.severity for each in made.findings] == [
        Severity.HIGH,
        Severity.HIGH,
        Severity.MEDIUM,
    ]
    assert made.found == 5
    assert len(made.findings) == SHOWN


def test_words_are_the_document_s() -> None:
    """The quote of a finding is the document's text at its span, and its page is told."""
    for finding in of_small().findings:
        span = finding.place.span
        assert finding.place.quote == DOCUMENT.text[span.start : span.end]
        assert finding.place.page == DOCUMENT.page_at(span.start)


def test_a_brief_says_what_was_not_read() -> None:
    """A place that no reader could read is told, and where it is."""
    assert of_small().unread == (
        "the document: one figure (p. 1)",
        "the announcement: one figure (p. 1)",
    )
    assert "one figure (p. 1)" in render(Briefing(of_small()), "terminal", View())


def test_a_brief_without_an_announcement_says_so() -> None:
    """A document that came alone is told as such, not as one without gaps."""
    made = brief(DOCUMENT)
    assert "no announcement was found yet" in made.headline
    assert made.findings == ()


def test_the_same_results_give_the_same_brief() -> None:
    """No clock, no chance, no order of a set."""
    assert of_small() == of_small()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_a_mail_fetches_and_runs_nothing() -> None:
    """No tag of a document's lives, none loads anything, and links name the page that they open."""
    html = render(Briefing(of_small(hostile()), "mail"), "terminal", View())
    parser = _Tags()
    parser.feed(html)
    assert {tag for tag, _ in parser.tags} <= set(
        "html head meta title body div h1 p b span blockquote ul li br a pre".split()
    )
    for tag, attributes in parser.tags:
        assert not {"src", "srcset", "background"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
        assert "url(" not in (attributes.get("style") or "")
        if tag == "a":
            assert (attributes["href"] or "").startswith(("http://", "https://"))
    assert "\x1b" not in html


def test_links_are_made_of_web_addresses_only() -> None:
    """An address that runs a script is words."""
    made = of_small()
    source = replace(made.document.source, location="javascript:alert(1)", url="data:text/html,x")
    made = replace(made, document=replace(made.document, source=source))
    assert "<a " not in render(Briefing(made, "mail"), "terminal", View())


@pytest.mark.parametrize("form", ["text", "markdown", "mail"])
def test_every_form_is_inert(form: str) -> None:
    """No control, no direction mark and no line of a document's reaches the reader."""
    out = render(Briefing(of_small(hostile()), form), "terminal", View())
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out)
    assert "\nBcc:" not in out
    if form == "markdown":
        assert "<script" not in out
        assert "](http" not in out
        assert "@everyone" not in out


def test_commands_can_be_pasted() -> None:
    """A location that holds a command is one word of ours."""
    import shlex

    made = of_small(hostile())
    out = render(Briefing(made), "terminal", View())
    lines = [line for line in out.splitlines() if line.startswith("  cardwatch ")]
    assert lines
    for line, words in zip(lines, made.more, strict=True):
        assert shlex.split(line) == list(words)


def test_json_fits_its_schema() -> None:
    """What is written is what the shipped schema says."""
    out = render(Briefing(of_small(hostile())), "json", View())
    schema = json.loads(path_of("brief/1").read_text("utf-8"))
    Draft202012Validator(schema).validate(json.loads(out))


def test_an_unknown_form_is_refused() -> None:
    """The error names those that there are."""
    with pytest.raises(ReportError, match="no form") as wrong:
        render(Briefing(of_small(), "pigeon"), "terminal", View())
    assert "markdown" in wrong.value.hint


def test_the_command(cardwatch: Callable[..., Ran], tmp_path: Path) -> None:
    """From two files to a brief; an earlier edition adds what changed since."""
    card, post, old = (tmp_path / f"{name}.md" for name in ("card", "post", "old"))
    card.write_text("# Heron\n\nWe do not tell customers when a reply has been shortened.\n")
    post.write_text("# Meet Heron\n\nHeron is fast.\n")
    old.write_text("# Heron\n\nWe tell customers when a reply has been shortened.\n")
    ran = cardwatch("brief", card, post)
    assert ran.code == ExitCode.FOUND
    assert "We do not tell customers when a reply has been shortened." in ran.out
    ran = cardwatch("brief", card, post, "--previous", old, "--json")
    made = json.loads(ran.out)
    assert any(each["change"] for each in made["findings"])


def test_the_demo_s_brief_begins_with_what_is_contradicted() -> None:
    """On the demo, the first finding is one that the announcement contradicts."""
    from cardwatch import app
    from cardwatch.releases import brief_release

    card, post = app.read_demo()
    first = brief_release(card, post).findings[0]
    assert first.status == "contradicted"
    assert first.severity is Severity.HIGH


def test_a_source_that_no_command_can_open_has_no_command() -> None:
    """Bytes and standard input cannot be named again."""
    made = replace(DOCUMENT, source=Source("<bytes>", DOCUMENT.source.media_type))
    assert brief(made).more == ()
