"""A revision against what its publisher said of it, at a terminal: the verdict comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import set_cell_size
from rich.text import Text

from cardwatch.model import (
    Account,
    AnnouncementStatus,
    Change,
    Evidence,
    Found,
    Matter,
    Outcome,
    Passage,
    Reason,
    RevisionAudit,
    SilentRate,
)
from cardwatch.reports.inert import one_line
from cardwatch.reports.subjects import Audit
from cardwatch.reports.terminal.bars import rate_bars
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
# The first page names this many matters that went or weakened, by whether they were announced:
# with the editions and the rate they fill a screen of 80 by 40.
_SILENT_FIRST = 7
_TOLD_FIRST = 2
_OUTCOME = 10
# How judgements name their own lines among their terms.
_OUTCOME_TERM, _ALTERNATIVE = "outcome", "alternative"
_TERM = 26
# Room for a passage below the first page, and for another wording of it, in characters.
_PASSAGE = 900
_OTHERS = 4
_OTHER = 160
# The closest line of an account is worth showing from this likeness on.
_CLOSE = 0.25
_STATUSES = (
    (AnnouncementStatus.SILENT, "not announced", "absent"),
    (AnnouncementStatus.PARTLY_ANNOUNCED, "announced in part", "partly stated"),
    (AnnouncementStatus.ANNOUNCED, "announced", "stated"),
    (AnnouncementStatus.NO_ACCOUNT, "no account", "dim"),
)
_FIRST_PAGE = (
    AnnouncementStatus.SILENT,
    AnnouncementStatus.NO_ACCOUNT,
    AnnouncementStatus.ANNOUNCED,
    AnnouncementStatus.PARTLY_ANNOUNCED,
)
_OUTCOMES = (
    Outcome.REMOVED,
    Outcome.WEAKENED,
    Outcome.RELOCATED,
    Outcome.STRENGTHENED,
    Outcome.ADDED,
    Outcome.RETAINED,
)
_UNTOLD = frozenset([AnnouncementStatus.SILENT, AnnouncementStatus.NO_ACCOUNT])


def audit(subject: Audit, paper: Paper) -> None:
    """What went or binds less on a first page, with the rates; every change; the accounts."""
    result = subject.audit
    paper.line(styled("What changed, and what its publisher said of it", "title"))
    _editions(subject, paper)
    paper.blank()
    _in_all(result, paper)
    _first(result, paper)
    _rates(result, paper)
    rate_bars(result, paper)
    _listed(subject, paper)
    _declared(result, paper)
    folded(result.revision.changes, paper)


def _editions(subject: Audit, paper: Paper) -> None:
    """A line each: the first page has more to say."""
    for label, document in (("old", subject.old), ("new", subject.new)):
        name = one_line(document.source.location)
        size = styled(f" · {measure(document.coverage)}", "dim")
        title = f", {title_of(document)}" if document.title else ""
        _label_line(label, join(styled(name, "title"), size, styled(title, "dim")), paper)
    accounts = subject.audit.accounts
    for account in accounts:
        _label_line("account", _account_name(account), paper)
    if not accounts:
        _label_line("account", "none given, and none in the new edition", paper)


def _label_line(label: str, content: str | Text, paper: Paper) -> None:
    paper.line(styled("  " + set_cell_size(label, _LABEL), "dim"), content)


def _account_name(account: Account) -> str:
    if account.inside and account.listed:
        return "the list of changes in the new edition"
    if account.inside:
        return "what the new edition says of the old one"
    kind = "list of changes" if account.listed else "post"
    title = f", {one_line(account.title)}" if account.title else ""
    return f"{one_line(account.source.location)} ({kind}){title}"


# -- the first page -------------------------------------------------------------------------


def _in_all(result: RevisionAudit, paper: Paper) -> None:
    """The one number, and what stands behind it."""
    strict, lenient = result.silent_rate_strict, result.silent_rate_lenient
    if strict is None or lenient is None:
        found = count(len(result.changes), "change")
        paper.paragraph(f"{found} of substance; no rate without an account.")
        return
    total = sum(rate.changes for rate in result.rates if rate.group == "outcome")
    number = f"{total:,} changes" if total else "the changes"
    paper.paragraph(
        join(
            styled(f"{strict:.0%} of {number} were not announced", "title"),
            f", {lenient:.0%} if those announced in part count as announced.",
        )
    )


def _rates(result: RevisionAudit, paper: Paper) -> None:
    rates = [rate for rate in result.rates if rate.group == "outcome"]
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
    """The heaviest matters that went or bind less: what nobody was told of, then what was told."""
    by_id = {change.id: change for change in result.changes}
    # what was announced as such answers what was not; what was announced in part is neither
    for status, name, style in sorted(_STATUSES, key=lambda each: _FIRST_PAGE.index(each[0])):
        own = [matter for matter in result.matters if matter.status is status]
        if not own:
            continue
        most = _SILENT_FIRST if status in _UNTOLD else _TOLD_FIRST
        paper.blank()
        more = f": the heaviest {most} of {count(len(own), 'matter')}" if len(own) > most else ""
        paper.line(styled(f"Gone or weaker, {name}{more}", style))
        for matter in own[:most]:
            _in_a_line(matter, by_id, paper)
    if result.doubtful:
        paper.blank()
        paper.line(styled("Doubtful: perhaps the conversion’s and not the publisher’s", "dim"))
        for change in result.doubtful[:_TOLD_FIRST]:
            outcome = (change.outcome or Outcome.RETAINED).value.ljust(_OUTCOME - 1) + " "
            _begun(join("  ", styled(outcome, "key")), change.old or change.new, paper)


def _in_a_line(matter: Matter, by_id: Mapping[str, Change], paper: Paper) -> None:
    """The words that went, by those that the account tells of where it does; what came; how."""
    # the wording that an account tells of speaks for the matter, unless it is filtered out
    change = by_id[matter.told if matter.told in by_id else matter.changes[0]]
    outcome = (change.outcome or Outcome.RETAINED).value
    head = join("  ", styled(set_cell_size(outcome, _OUTCOME), "key"))
    _begun(head, change.old, paper, lines=2)
    room = " " * (2 + _OUTCOME)
    if change.new is not None:
        _begun(join(room, styled("now: ", "dim")), change.new, paper, lines=2)
    said = change.announcement
    if said and said.evidence and matter.status not in _UNTOLD:
        line = join(room, styled("said: ", "dim"))
        _begun(line, said.evidence[0], paper, lines=2, style="stated")


def _begun(
    head: Text, passage: Passage | Evidence | None, paper: Paper, *, lines: int = 1, style: str = ""
) -> None:
    """The beginning of a passage, as far as so many lines hold it; its end stands below."""
    words = styled(one_line(passage.quote) if passage else "", style)
    made = paper.wrapped(words, paper.width, first=head)
    if len(made) > lines:
        made = made[:lines]
        last = made[-1]
        last.truncate(paper.width - 2)
        # whole words, unless there is only one
        cut = last.plain.rstrip().rfind(" ")
        if cut > paper.width // 2:
            last.right_crop(len(last.plain) - cut)
        last.append(" …")
    paper.add(made)


# -- every change ---------------------------------------------------------------------------


def _listed(subject: Audit, paper: Paper) -> None:
    """A row for each matter that went or binds less, then one for each other change."""
    result = subject.audit
    by_id = {change.id: change for change in result.changes}
    gathered = [[by_id[name] for name in matter.changes] for matter in result.matters]
    named = {change.id for row in gathered for change in row}
    rows = gathered + [[change] for change in result.changes if change.id not in named]
    shown = rows[: paper.view.limit]
    for number, (first, *others) in enumerate(shown, 1):
        paper.rule()
        _change(number, first, subject, paper)
        _others(others, paper)
    if rows:
        paper.rule()
    if len(shown) < len(rows):
        paper.paragraph(f"{len(rows) - len(shown):,} more, lower ranked: --all")


def _others(others: Sequence[Change], paper: Paper) -> None:
    """The other wordings and parts of the matter, a line each."""
    most = len(others) if paper.view.explain else _OTHERS
    for change in others[:most]:
        outcome = (change.outcome or Outcome.RETAINED).value
        status = change.announcement.status.value if change.announcement else ""
        words = quoted(shortened(one_line(change.old.quote if change.old else ""), _OTHER), 0)
        note = styled(f"  {outcome}, {status}", "dim")
        _label("also", join(words, note), paper)
    if len(others) > most:
        _label("", styled(f"and {len(others) - most:,} more on this matter", "dim"), paper)


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
    """The terms of the rank, of the outcome and of the announcement, and what came closest."""
    said = change.announcement
    names = [reason.name for reason in change.reasons]
    at = names.index(_OUTCOME_TERM) if _OUTCOME_TERM in names else len(names)
    for reason in change.reasons[at:]:
        _term(reason, paper)
    if said is not None:
        verdict = f"{said.score:.2f}  {said.status.value}; confidence {said.confidence:.2f}"
        paper.labelled("announced", verdict, indent=_INDENT, room=_TERM)
        for reason in said.reasons:
            _term(reason, paper)
        for evidence in said.evidence[1:3]:
            line = join(styled(f"{evidence.score:.2f}  ", "dim"),
                        quoted(shortened(evidence.quote, _PASSAGE), 0))  # fmt: skip
            paper.labelled("  next line", line, indent=_INDENT, room=_TERM)
    weight = f"{change.rank_score:.2f}  how firmly it binds, and to what"
    paper.labelled("weight", weight, indent=_INDENT, room=_TERM)
    for reason in change.reasons[:at]:
        _term(reason, paper)
    paper.labelled("confidence", f"{change.confidence:.2f}", indent=_INDENT, room=_TERM)
    paper.labelled("id", change.id, indent=_INDENT, room=_TERM)


def _term(reason: Reason, paper: Paper) -> None:
    """One term of a sum, or a value that stands for itself."""
    alone = reason.name in (_OUTCOME_TERM, _ALTERNATIVE)
    value = f"{reason.value:.2f}" + ("" if alone else f" × {reason.weight:+.2f}")
    name = reason.name if reason.name == _OUTCOME_TERM else f"  {reason.name}"
    note = f"  {one_line(reason.note)}" if reason.note else ""
    paper.labelled(name, value + note, indent=_INDENT, room=_TERM)


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
