"""Several messages as one, and the account of what was not told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from html import escape

from cardwatch.alerts.envelope import body_of
from cardwatch.alerts.rules import Rule
from cardwatch.model import Severity
from cardwatch.model.watch import (
    Check,
    Event,
    Finding,
    Matter,
    MatterKind,
    Message,
    Verdict,
)

_ORDER = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}
SCHEMA = "cardwatch/digest/1"
_TITLES = 20
_RULE = "-" * 72


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent at once, and the messages that it carries."""

    message: Message
    carries: tuple[Message, ...]


def parcels(messages: Sequence[Message], rules: Mapping[str, Rule]) -> tuple[Parcel, ...]:
    """Messages as they go out: those of a channel with a digest as one, all others alone.

    ``rules`` are those of the channels. Messages whose sending was begun before stay together
    and apart from others: their digest has the same id, and their receiver can tell.
    """
    made: list[Parcel] = []
    joined: dict[tuple[str, bool], list[Message]] = {}
    for message in messages:
        rule = rules.get(message.channel, Rule())
        if rule.digest and not rule.is_urgent(message.finding):
            key = (message.channel, message.repeated)
            if key not in joined:
                joined[key] = []
                made.append(Parcel(message, ()))
            joined[key].append(message)
        else:
            made.append(Parcel(message, (message,)))
    return tuple(
        each if each.carries else _joined(joined[each.message.channel, each.message.repeated])
        for each in made
    )


def _joined(messages: Sequence[Message]) -> Parcel:
    if len(messages) == 1:
        return Parcel(messages[0], (messages[0],))
    ranked = sorted(messages, key=lambda each: (_ORDER[each.finding.severity], each.id))
    digest = sha256("\n".join(sorted(each.id for each in messages)).encode()).hexdigest()[:20]
    worst = ranked[0].finding
    title = f"{len(ranked)} matters; the first: {ranked[0].subject}"
    text = [title, ""]
    for number, message in enumerate(ranked, 1):
        text += [_RULE, f"{number} of {len(ranked)} ({message.finding.severity.value})", ""]
        text += [message.text.rstrip("\n"), ""]
    finding = replace(
        worst,
        matter=digest,
        kind=MatterKind.DIGEST,
        event=Event.OPENED,
        source=worst.source if len({each.finding.source for each in ranked}) == 1 else "",
        at=max(each.finding.at for each in ranked),
        title=title,
        lines=tuple(each.subject for each in ranked),
        url="",
        old="",
        new="",
        text="",
    )
    message = replace(
        ranked[0],
        id=f"{digest}-digest",
        subject=title,
        text="\n".join(text),
        markdown=_markdown(ranked),
        html=_html(title, ranked),
        report=json.dumps({"schema": SCHEMA, "alerts": [body_of(each) for each in ranked]}),
        finding=finding,
    )
    return Parcel(message, tuple(messages))


def _markdown(messages: Sequence[Message]) -> str:
    """The messages below each other."""
    parts = [each.markdown.rstrip("\n") or _indented(each.text) for each in messages]
    # what their titles hold was made harmless in each of them, and is not said again
    return "\n\n---\n\n".join([f"# {len(messages)} matters", *parts]) + "\n"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _html(title: str, messages: Sequence[Message]) -> str:
    parts = [body_in(each.html) if each.html else f"<pre>{escape(each.text)}</pre>"
             for each in messages]  # fmt: skip
    inner = "\n<hr>\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n{inner}\n</body>\n</html>\n"
    )


def body_in(html: str) -> str:
    """What stands inside a page's body, to be put beside others'."""
    inner = html.partition("<body")[2].partition(">")[2].rpartition("</body>")[0]
    return inner.strip() or html


# -- what was not told ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Untold:
    """What was seen from ``since`` up to ``until`` and not told, counted by class.

    ``unheard`` are the matters that the channel's rules keep out.
    """

    since: str
    until: str
    checks: int
    counts: tuple[tuple[str, int], ...]
    unheard: tuple[Matter, ...] = ()


# Verdicts that are told as matters, or are nothing to tell.
_QUIET = frozenset(
    {
        Verdict.FIRST,
        Verdict.UNCHANGED,
        Verdict.SAME_BYTES,
        Verdict.SAME_TEXT,
        Verdict.NOISE,
        Verdict.CHANGED,
        Verdict.NEW_ENTRIES,
        Verdict.ACCEPTED,
    }
)


def untold(
    checks: Iterable[Check],
    noise: Iterable[tuple[str, int]],
    unheard: Sequence[Matter],
    span: tuple[str, str],
) -> Untold:
    """The account of a span of time: ``noise`` counts differences by class."""
    since, until = span
    seen = [each for each in checks if since <= each.at < until]
    verdicts = Counter(each.verdict for each in seen)
    quiet = Counter[str]()
    for name, number in noise:
        quiet[f"differences of {name}"] += number
    counts = [(name, number) for name, number in sorted(quiet.items()) if number]
    if verdicts[Verdict.NOISE]:
        counts.insert(0, ("fetches with differences that say nothing new", verdicts[Verdict.NOISE]))
    counts += [
        (f"fetches: {verdict.value}", verdicts[verdict])
        for verdict in Verdict
        if verdict not in _QUIET and verdicts[verdict]
    ]
    return Untold(since, until, len(seen), tuple(counts), tuple(unheard))


def untold_finding(account: Untold, matter: str) -> Finding:
    """The account as a finding of its own; its texts may be hostile, as in any other."""
    total = sum(number for name, number in account.counts if not name.startswith("fetches: not"))
    days = f"{account.since[:10]} to {account.until[:10]}"
    return Finding(
        matter,
        Event.OPENED,
        MatterKind.UNTOLD,
        "",
        account.until,
        Severity.LOW,
        f"What was not told, {days}: {total:,} things seen, {len(account.unheard):,} kept out",
        tuple(_lines(account)),
    )


def _lines(account: Untold) -> Iterator[str]:
    yield f"{account.checks:,} checks were made."
    for name, number in account.counts:
        yield f"{number:,} {name}"
    if not account.counts:
        yield "Nothing was left untold."
    if account.unheard:
        yield f"{len(account.unheard):,} matters are kept out by the rules of this channel:"
    for matter in account.unheard[:_TITLES]:
        yield f"- {matter.opened[:10]} {matter.severity.value}: {matter.title}"
    if len(account.unheard) > _TITLES:
        yield f"and {len(account.unheard) - _TITLES:,} more"
