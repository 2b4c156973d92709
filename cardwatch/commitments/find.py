"""Promises found in a document's sentences: who binds itself to what, with which times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from hashlib import sha256

from cardwatch.commitments.schedule import later
from cardwatch.commitments.times import Time, first_day, times
from cardwatch.commitments.untimed import binds_somebody
from cardwatch.model import (
    Actor,
    BlockKind,
    Document,
    Features,
    Passage,
    Promise,
    Reading,
    Sentence,
    Span,
    Statement,
    StatementKind,
    Strength,
)

Describe = Callable[[Sentence], Features]

# Words with which somebody binds itself to do something; a plain statement of fact has none.
_BINDS = re.compile(
    r"\b(?:will|shall|must|commits?|committed|committing|pledges?|promises?|undertakes?|intends?|"
    r"aims?|plans?|expects? to|agrees? to|is to|are to|ensures?|guarantees?|wo|shan)\b",
    re.IGNORECASE,
)
# The present tense binds too where something is done at stated times.
_DOES = re.compile(
    r"\b(?:publish\w*|review\w*|report\w*|updat\w*|assess\w*|evaluat\w*|audit\w*|test\w*|notif\w*|"
    r"inform\w*|retain\w*|delet\w*|kept|keeps?|stor\w*|meets?|consult\w*|monitor\w*|train\w*|"
    r"renew\w*|check\w*|examin\w*|inspect\w*|brief\w*|shar\w*|disclos\w*|respond\w*|answer\w*|"
    r"closed|withdraw\w*|attack\w*|reassess\w*|revis\w*|repeat\w*|conduct\w*|rotat\w*)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|shall|intends?|aims?|plans?|expects?|due|scheduled|going to|must)\b", re.IGNORECASE
)
_OUGHT = re.compile(r"\b(?:should|ought to|encouraged? to|recommend\w*)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:was|were|had|did|has been|have been|published|ran|found|saw|launched|released)\b", re.I
)
_KINDS = frozenset(
    [StatementKind.COMMITS, StatementKind.NOTIFIES, StatementKind.RETAINS, StatementKind.RESTRICTS]
)
_SUBJECT_YOU = re.compile(
    r"\b(?:you|users?|customers?|developers?|licensees?)\s+(?:\w+ly )?"
    r"(?:will|must|shall|agree)\b",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
# Who binds itself in so many words is who promises, whatever the conditions speak of.
_WE = re.compile(r"\bwe (?:\w+ )?(?:will|shall|must|commit|pledge|promise|undertake)\b", re.I)
_PASSIVE = re.compile(
    r"\b(?:will|shall|must) (?:\w+ ){0,2}?be (?:\w+ )?\w+(?:ed|en|wn|ld|nt|pt|de)\b", re.I
)
# Whom a promise is made to: what stands after telling, giving or sharing.
_TELLS = re.compile(
    r"\b(?:notif(?:y|ies|ied)|inform|tell|alert|advise|brief|consult(?: with)?|give|send|offer|"
    r"provide|grant|(?:report|disclose|submit|escalate|announce|return|available|release|provide|"
    r"give|send|updates?)(?:\s+[^.,;]{0,60}?)?\s+to|shar(?:e|es|ed|ing)\s+(?:[^.,;]{0,60}?\s)?with)\s+"
    r"(?P<who>(?:(?:the|our|all|any|each|every|a|an|affected|relevant|its|their|one or more|both)"
    r"\s+)*"
    r"(?:[\w’'-]+\s+){0,3}?(?:users?|customers?|people|persons?|(?<=the )public|"
    r"organi[sz]ations?|authorit(?:y|ies)|"
    r"governments?|regulators?|agenc(?:y|ies)|board|committee|trust|auditors?|developers?|researchers?|"
    r"staff|employees?|groups?|partners?|subscribers?|holders?|laborator(?:y|ies)|compan(?:y|ies)|"
    r"reviewers?|experts?|institutes?|you|parties|party|individuals|members?|department|office))\b",
    re.IGNORECASE,
)
_PUBLIC = re.compile(r"\b(?:publish\w*|public(?:ly)?|post(?:ed)? (?:on|online))\b", re.IGNORECASE)
_EVENT_END = re.compile(r"[,;:.]|\bunless\b|\bexcept\b")
_EVENT = re.compile(r"\s*(?:of|after|from|following|before|prior to|in advance of|ahead of)\s+")
_OWN_START = re.compile(
    r"\b(?:publication|release|(?:the )?effective date|adoption|(?:of|this|the) (?:polic(?:y|ies)|"
    r"framework|document|card|terms|version))\b",
    re.IGNORECASE,
)
_IN_FORCE = re.compile(
    r"\b(?:in force (?:from|since|as of)|effective(?: date| as of| from| on)?|"
    r"takes? effect(?: on)?|enters? into force(?: on)?|applies from|valid from)\b[\s:]*",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:by|until|before|no later than|not later than)\b", re.IGNORECASE)
_FEWEST_WORDS = 2
_FRONT = 3_000  # characters: the front of a document, where it says from when it holds


def start_of(document: Document) -> tuple[date | None, str]:
    """The day from which a document's cadences count, and why.

    The day on which it says that it takes effect; else that of its publication; else the
    first date on its front; else none.
    """
    front = document.text[:_FRONT]
    match = _IN_FORCE.search(front)
    day = first_day(front[match.end() : match.end() + 40]) if match else None
    if day:
        return day, "it says that it is in force from then"
    day = _iso(document.source.published)
    if day:
        return day, "it was published then"
    # a day by which something will be done is not the document's own
    for time in times(front):
        if time.due and _BY.match(front, time.start, time.end):
            front = front[: time.start] + " " * (time.end - time.start) + front[time.end :]
    day = first_day(front)
    return (day, "the first date on its front") if day else (None, "no date is known")


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return first_day(text)


def find_promises(
    reading: Reading, describe: Describe, start: date | None, *, all_: bool = False
) -> tuple[Promise, ...]:
    """The commitments of a document in its order.

    Those that set a time; with ``all_`` those without one too. ``start`` is the day from which
    cadences, and periods after publication, count.
    """
    by_sentence = {statement.sentence: statement for statement in reading.statements}
    found = []
    for number, sentence in enumerate(reading.sentences):
        promise = _promise(reading, sentence, by_sentence.get(number), describe, start)
        if promise is not None and (all_ or promise.timing):
            found.append(promise)
    return tuple(found)


def _promise(
    reading: Reading,
    sentence: Sentence,
    statement: Statement | None,
    describe: Describe,
    start: date | None,
) -> Promise | None:
    document = reading.document
    text = document.quote(sentence.span)
    if len(text) > 2_000 or _is_heading(document, sentence):
        return None
    ahead = bool(_AHEAD.search(text))
    set_times = [time for time in times(text) if time.firm or ahead]
    if not set_times and (statement is None or not _KINDS & set(statement.kinds)):
        return None
    if not _binds(text, timed=bool(set_times)):
        return None
    features = statement.features if statement else describe(sentence)
    if features.actor is Actor.USER and not _OURS.search(text):
        return None
    title = document.section_at(sentence.span.start).title
    if not set_times and (features.strength < Strength.INTENDED or not binds_somebody(text, title)):
        return None
    return _made(document, sentence, features, set_times, start)


def _is_heading(document: Document, sentence: Sentence) -> bool:
    kind = document.blocks[sentence.block].kind if document.blocks else BlockKind.PARAGRAPH
    return kind in (BlockKind.HEADING, BlockKind.CAPTION, BlockKind.CODE)


def _binds(text: str, *, timed: bool) -> bool:
    if _SUBJECT_YOU.search(text) and not _OURS.search(text):
        return False
    if _BINDS.search(text):
        return True
    if _OUGHT.search(text) and not _OURS.search(text):
        return False  # advice to others
    return timed and bool(_DOES.search(text)) and not _PAST.search(text)


def _made(
    document: Document,
    sentence: Sentence,
    features: Features,
    set_times: Sequence[Time],
    start: date | None,
) -> Promise:
    base = sentence.span.start
    text = document.quote(sentence.span)
    spans = [Span(base + time.start, base + time.end) for time in set_times]
    every = next((time.every for time in set_times if time.every), None)
    due = next((time.due for time in set_times if time.due), None)
    timed = next((time for time in set_times if time.within), None)
    event = _event(text, timed) if timed else ""
    if timed and timed.within and not timed.before and start and _OWN_START.search(event):
        due = due or later(start, timed.within)
    clauses = (*features.conditions, *features.exceptions)
    own = [c.span for c in clauses if sentence.span.contains(c.span)]
    actor = Actor.PUBLISHER if _WE.search(text) else features.actor
    if actor in (Actor.MODEL, Actor.SAFEGUARD) and _PASSIVE.search(text):
        actor = Actor.UNKNOWN  # it is done to the model, by whom is not said
    return Promise(
        id=sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12],
        passage=document.passage(sentence.span),
        actor=actor,
        strength=features.strength,
        recipient=_recipient(text),
        timing=tuple(document.passage(span) for span in spans),
        due=due.isoformat() if due else "",
        every=every,
        within=timed.within if timed else None,
        before=timed.before if timed else False,
        event=event,
        conditions=tuple(_conditions(document, own, spans)),
        start=start.isoformat() if start and every else "",
    )


def _event(text: str, time: Time) -> str:
    """The words that name the event from which a period counts."""
    link = _EVENT.match(text, time.end)
    if link is None:
        return ""
    end = _EVENT_END.search(text, link.end())
    return " ".join(text[link.end() : end.start() if end else len(text)].split())


def _conditions(
    document: Document, clauses: Sequence[Span], set_times: Sequence[Span]
) -> Iterator[Passage]:
    """The conditions and exceptions, without those inside another and without the times."""
    end = -1
    for span in sorted(set(clauses), key=lambda span: (span.start, -span.end)):
        if span.start < end or any(
            time.overlaps(span) and time.start <= span.start for time in set_times
        ):
            continue
        end = span.end
        words = document.quote(span).rstrip(" .;")
        if len(words.split()) < _FEWEST_WORDS:
            continue  # "however" sets no condition
        yield document.passage(Span(span.start, span.start + len(words)))


def _recipient(text: str) -> str:
    match = _TELLS.search(text)
    if match:
        return " ".join(match["who"].split())
    return "the public" if _PUBLIC.search(text) else ""
