"""Rules at a terminal."""

from __future__ import annotations

from itertools import groupby

from cardwatch.reports.subjects import RuleList, RuleSheet, RuleTest
from cardwatch.reports.terminal.paper import Paper, count, styled


def listing(subject: RuleList, paper: Paper) -> None:
    """The rules by pack: id and what each says."""
    room = max((len(rule.id) for rule in subject.rules), default=0) + 2
    for pack, group in groupby(subject.rules, key=lambda rule: rule.pack):
        rules = list(group)
        paper.blank()
        paper.line(styled(pack, "title"), f"  {count(len(rules), 'rule')}")
        for rule in rules:
            paper.labelled(rule.id, rule.says, indent=2, room=room)


def sheet(subject: RuleSheet, paper: Paper) -> None:
    """One rule: what it says, then its file as it is written."""
    paper.ends(styled(subject.id, "title"), styled(subject.source, "dim"))
    paper.paragraph(subject.says)
    paper.blank()
    for line in subject.text.splitlines():
        paper.paragraph(styled(line, ""), indent=2, hang=4)


def test(subject: RuleTest, paper: Paper) -> None:
    """What failed, then how many were tried."""
    for failure in subject.failures:
        wanted = (
            "should meet it, and does not" if failure.wanted else "should not meet it, and does"
        )
        paper.line(styled(failure.rule, "title"), "  ", styled(failure.path, "dim"))
        paper.labelled(wanted + ":", failure.text, indent=2, room=31)
        paper.blank()
    paper.paragraph(
        f"{count(subject.rules, 'rule')}, {count(subject.examples, 'example')}, "
        f"{count(len(subject.failures), 'failure')}"
    )
