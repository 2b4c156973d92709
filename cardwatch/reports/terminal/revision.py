"""A revision against what its publisher said of it, at a terminal: the verdict comes first."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import set_cell_size
from rich.text import Text

from cardwatch.model import (
    Account,
    AnnouncementStatus,
    Change,
    Effect,
    Found,
    Outcome,
    Passage,
    RevisionAudit,
    SilentRate,
)
from cardwatch.reports.inert import one_line
from cardwatch.reports.subjects import Audit
from cardwatch.reports.terminal.diff import folded, redline
from cardwatch.reports.terminal.paper import (
    STYLES,
    Paper,
    count,
    join,
    measure,
    passage_place,
    quoted,
    styled,
    title_of,
    where,
)
from cardwatch.reports.words import flat, shortened

_INDENT = 5
_LABEL = 9
# The first page names this many commitments that went or weaken, by whether they were announced.
_SILENT_FIRST = 7
_TOLD_FIRST = 3
# Room for a line of the first page, and for a passage below it, in characters.
_LINE = 150
_PASSAGE = 900
# The closest line of an account is worth showing from this likeness on.
_CLOSE = 0.25
_STATUSES = (
    (AnnouncementStatus.SILENT, "silent", "absent"),
    (AnnouncementStatus.PARTLY_ANNOUNCED, "partly", "partly stated"),
    (AnnouncementStatus.ANNOUNCED, "announced", "stated"),
    (AnnouncementStatus.NO_ACCOUNT, "no account", "dim"),
)
_OUTCOMES = (
    Outcome.REMOVED,
    Outcome.WEAKENED,
    Outcome.RELOCATED,
    Outcome.STRENGTHENED,
    Outcome.ADDED,
    Outcome.RETAINED,
)
_WENT = frozenset(_OUTCOMES[:3])


def audit(subject: Audit, paper: Paper) -> None:
    """The rates and the heaviest changes on a first page; then every change; then the accounts."""
    result = subject.audit
    paper.line(styled("What changed, and what its publisher said of it", "title"))
    paper.blank()
    _editions(subject, paper)
    paper.blank()
    _rates(result, paper)
    _first(result, paper)
    _listed(subject, paper)
    _declared(result, paper)
    folded(result.revision.changes, paper)


def _editions(subject: Audit, paper: Paper) -> None:
    for label, document in (("old", subject.old), ("new", subject.new)):
        name = one_line(document.source.location)
        title = f"{title_of(document)}, " if document.title else ""
        size = f" · {measure(document.coverage)}"
        paper.labelled(
            label, join(styled(title, "title"), name, styled(size, "dim")), indent=2, room=_LABEL
        )
    accounts = subject.audit.accounts
    for account in accounts:
        paper.labelled("account", _account_name(account), indent=2, room=_LABEL)
    if not accounts:
        paper.labelled("account", "none given, and none in the new edition", indent=2, room=_LABEL)


def _account_name(account: Account) -> str:
    if account.inside and account.listed:
        return "the list of changes in the new edition"
    if account.inside:
        return "what the new edition says of the old one"
    kind = "list of changes" if account.listed else "post"
    title = f"{one_line(account.title)}, " if account.title else ""
    return f"{title}{one_line(account.source.location)} ({kind})"


# -- the first page -------------------------------------------------------------------------


def _rates(result: RevisionAudit, paper: Paper) -> None:
    strict, lenient = result.silent_rate_strict, result.silent_rate_lenient
    rates = [rate for rate in result.rates if rate.group == "outcome"]
    if strict is None or lenient is None:
        found = count(len(result.changes), "change")
        paper.paragraph(f"{found} of substance; no rate without an account.")
        return
    total = sum(rate.changes for rate in rates)
    number = f"{total:,} changes" if rates else "the changes"
    paper.paragraph(
        join(
            styled(f"{strict:.0%} of {number} were not announced", "title"),
            f", {lenient:.0%} if those announced in part count as announced.",
        )
    )
    if not rates:
        return
    paper.blank()
    heads = ("silent", "partly", "announced", "all", "strict", "lenient")
    paper.line(styled("  " + " " * 14 + "".join(f"{head:>10}" for head in heads), "dim"))
    known = {rate.name: rate for rate in rates}
    for outcome in _OUTCOMES:
        if outcome.value in known:
            paper.line("  " + set_cell_size(outcome.value, 14) + _cells(known[outcome.value]))


def _cells(rate: SilentRate) -> str:
    numbers = (rate.silent, rate.partly, rate.announced, rate.changes)
    shares = (rate.strict, rate.lenient)
    return "".join(f"{number:>10,}" for number in numbers) + "".join(
        f"{'' if share is None else format(share, '.0%'):>10}" for share in shares
    )


def _first(result: RevisionAudit, paper: Paper) -> None:
    """The heaviest commitments that went or bind less, those that nobody was told of first."""
    went = [c for c in result.changes if c.outcome in _WENT and not c.doubt and _matters(c)]
    for status, name, style in _STATUSES:
        own = [c for c in went if c.announcement and c.announcement.status is status]
        own.sort(key=lambda change: -change.rank_score)
        if not own:
            continue
        most = _SILENT_FIRST if status is AnnouncementStatus.SILENT else _TOLD_FIRST
        paper.blank()
        head = f"Gone or weaker, {name}" + (
            f" (the heaviest of {len(own)})" if len(own) > most else ""
        )
        paper.line(styled(head, style))
        for change in own[:most]:
            _in_a_line(change, paper)

    doubtful = [change for change in result.changes if change.doubt]
    if doubtful:
        paper.blank()
        paper.line(styled("Doubtful: perhaps the conversion’s and not the publisher’s", "dim"))
        for change in doubtful[:_TOLD_FIRST]:
            _in_a_line(change, paper)


def _matters(change: Change) -> bool:
    return bool(change.statement_kinds) or change.effects != (Effect.WORDING,)


def _in_a_line(change: Change, paper: Paper) -> None:
    outcome = (change.outcome or Outcome.RETAINED).value
    line = join(styled(set_cell_size(outcome, 10), "key"), _begun(change.old))
    paper.paragraph(line, indent=2, hang=10)
    if change.new is not None:
        paper.paragraph(join(styled("now: ", "dim"), _begun(change.new)), indent=12, hang=5)


def _begun(passage: Passage | None) -> str:
    """The beginning of a passage; its end stands in the list below."""
    words = one_line(passage.quote) if passage else ""
    return words if len(words) <= _LINE else words[: _LINE - 1].rsplit(" ", 1)[0] + " …"


# -- every change ---------------------------------------------------------------------------


def _listed(subject: Audit, paper: Paper) -> None:
    changes = subject.audit.changes
    shown = changes[: paper.view.limit]
    for number, change in enumerate(shown, 1):
        paper.rule()
        _change(number, change, subject, paper)
    if changes:
        paper.rule()
    if len(shown) < len(changes):
        paper.paragraph(f"{len(changes) - len(shown):,} more, lower ranked: --all")


def _change(number: int, change: Change, subject: Audit, paper: Paper) -> None:
    outcome = (change.outcome or change.kind).value.upper() + (" (mixed)" if change.mixed else "")
    head = join(styled(f"{number:>3}  ", "dim"), styled(outcome, "key"), _status(change))
    there = change.new or change.old
    paper.ends(head, styled(where(there.page if there else None, change.section), "dim"))
    _words(change, subject, paper)
    if change.dimensions or change.effects:
        names = [dimension.value for dimension in change.dimensions]
        names += [e.value for e in change.effects if e.value not in names and e.value != "wording"]
        if names:
            _label("touches", ", ".join(names), paper)
    if change.nearest is not None:
        _nearest(change.nearest, paper)
    _said(change, subject.audit.accounts, paper)
    if change.doubt:
        _label("doubt", change.doubt, paper)
    if paper.view.explain:
        _explained(change, paper)


def _label(label: str, content: str | Text, paper: Paper) -> None:
    paper.labelled(label, content, indent=_INDENT, room=_LABEL)


def _status(change: Change) -> Text:
    if change.announcement is None:
        return Text()
    status = change.announcement.status
    style = next(style for known, _, style in _STATUSES if known is status)
    return join("  ", styled(status.value, style))


def _words(change: Change, subject: Audit, paper: Paper) -> None:
    old, new = change.old, change.new
    if old and new and change.edits and old.quote != new.quote and not _apart(change):
        paper.paragraph(redline(change, subject.old, subject.new), indent=_INDENT)
        return
    if old is not None:
        words = shortened(flat(old.quote), _PASSAGE)
        paper.paragraph(Text(f"[-{words}-]", STYLES["gone"]), indent=_INDENT)
    if new is not None:
        words = shortened(flat(new.quote), _PASSAGE)
        paper.paragraph(Text(f"{{+{words}+}}", STYLES["come"]), indent=_INDENT)
    if old and new and old.section != new.section:
        _label("from", passage_place(old), paper)


def _apart(change: Change) -> bool:
    """Whether the edits are of other passages: a commitment paired with its successor."""
    if change.old is None or change.new is None:
        return True
    return not all(
        change.old.span.contains(old) and change.new.span.contains(new) for old, new in change.edits
    )


def _nearest(passage: Passage, paper: Paper) -> None:
    _label("nearest", quoted(shortened(passage.quote, _PASSAGE), 0), paper)
    _label("", styled(passage_place(passage), "dim"), paper)


def _said(change: Change, accounts: Sequence[Account], paper: Paper) -> None:
    """The words that announce a change; for a silent one the closest line, if any is close."""
    said = change.announcement
    if said is None or not said.evidence:
        return
    best = said.evidence[0]
    silent = said.status is AnnouncementStatus.SILENT
    if silent and best.score < _CLOSE:
        return
    _label("closest" if silent else "said", quoted(shortened(best.quote, _PASSAGE), 0), paper)
    if said.account is not None and len(accounts) > 1:
        _label("", styled(f"in {_account_name(accounts[said.account])}", "dim"), paper)


def _explained(change: Change, paper: Paper) -> None:
    said = change.announcement
    for reason in (*change.reasons, *(said.reasons if said else ())):
        terms = f"{reason.value:.2f} × {reason.weight:.2f}  {reason.note}"
        paper.labelled(reason.name, terms, indent=_INDENT, room=22)
    if said is not None:
        for evidence in said.evidence[1:3]:
            paper.labelled("next line", quoted(shortened(evidence.quote, _PASSAGE), 0),
                           indent=_INDENT, room=22)  # fmt: skip
        paper.labelled("announced", f"{said.score:.2f}, confidence {said.confidence:.2f}",
                       indent=_INDENT, room=22)  # fmt: skip
    weight = f"{change.rank_score:.3f}, confidence {change.confidence:.2f}"
    paper.labelled("weight", weight, indent=_INDENT, room=22)
    paper.labelled("id", change.id, indent=_INDENT, room=22)


# -- the account's own lines ----------------------------------------------------------------

_UNBORNE = (
    (Found.NOT_FOUND, "Declared, and not found in the two editions"),
    (Found.UNREAD, "Declared of places that were not read"),
    (Found.GENERAL, "Lines that fit any revision and identify nothing"),
)


def _declared(result: RevisionAudit, paper: Paper) -> None:
    borne = sum(1 for declared in result.declarations if declared.found is Found.FOUND)
    if result.declarations:
        paper.blank()
        paper.paragraph(f"Of {count(len(result.declarations), 'line')} that declare a change, "
                        f"{borne:,} are borne out.")  # fmt: skip
    for found, title in _UNBORNE:
        own = [each.passage for each in result.declarations if each.found is found]
        if found is Found.NOT_FOUND:
            own = list(result.unfound)
        if own:
            paper.blank()
            paper.line(styled(title, "title"))
            for passage in own[: paper.view.limit]:
                _declaration(passage, paper)
    if result.declarations:
        paper.blank()


def _declaration(passage: Passage, paper: Paper) -> None:
    words = quoted(shortened(passage.quote, _PASSAGE), 0)
    paper.paragraph(join(words, "  ", styled(passage_place(passage), "dim")), indent=2, hang=2)
