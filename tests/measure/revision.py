"""How well revisions of the demo corpus are audited, against what a careful reader finds.

    python -m tests.measure.revision

For each gold commitment: is it found, with its outcome, and with its announcement status in each
account by itself; and what the accounts declare that nobody can find. Of the card it checks that
what its own list of changes leaves out is named, and nothing else; of a real one as well, if it
lies beside the project.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cardwatch
from cardwatch.model import Change, RevisionAudit
from tests.measure.demo import DEMO, Figure, gold, plain

SHARED = Path(__file__).parents[3] / "shared"
ACCOUNTS = ("changelog", "post")


def figures(*, real: bool = False) -> Iterator[Figure]:
    """The counts, each with its misses; those of the real cards take a while."""
    known = gold()
    for revision in known["revision"]:
        yield from _revision(revision)
    yield from _card("card", _audit(known["diff"]), known["diff"]["change"])
    if real:
        yield from _real_cards()


def _audit(revision: dict[str, Any], *accounts: str) -> RevisionAudit:
    old, new, *given = (
        cardwatch.read(DEMO / name, cache=False)
        for name in (revision["old"], revision["new"], *accounts)
    )
    return cardwatch.audit_revision(old, new, given)


def _revision(revision: dict[str, Any]) -> Iterator[Figure]:
    name = revision["new"]
    wanted = revision["commitment"]
    audit = _audit(revision)
    changed = [row for row in wanted if row["outcome"] != "retained"]
    kept = [row for row in wanted if row["outcome"] == "retained"]
    yield _count(f"{name}: changes found", changed, lambda row: _missing(audit, row))
    yield _count(f"{name}: outcomes right", changed, lambda row: _outcome(audit, row))
    yield _count(f"{name}: kept and not reported", kept, lambda row: _kept(audit, row))
    for account in ACCOUNTS:
        if account in revision:
            told = _audit(revision, revision[account])
            yield _count(
                f"{name}: announced as the {account} has it",
                [row for row in changed if account in row],
                lambda row, told=told, account=account: _announced(told, row, account),
            )
            unfound = [
                row for row in revision.get("unfound", ()) if row["account"] == revision[account]
            ]
            yield _count(
                f"{name}: declared in the {account} and found nowhere",
                unfound,
                lambda row, told=told: _unfound(told, row),
            )


def _of(audit: RevisionAudit, row: dict[str, Any]) -> list[Change]:
    """The changes that hold the gold row's words, the best first."""
    both, one = [], []
    for change in audit.changes:
        sides = [(change.old, row.get("old")), (change.new, row.get("new"))]
        asked = [(side, words) for side, words in sides if words]
        held = [bool(side) and _holds(side.quote, words) for side, words in asked]  # type: ignore[union-attr]
        if all(held):
            both.append(change)
        elif any(held):
            one.append(change)
    return both + one


def _holds(quote: str, words: str) -> bool:
    found, wanted = plain(quote), plain(words)
    return wanted in found or (len(found) > 30 and found in wanted)


def _missing(audit: RevisionAudit, row: dict[str, Any]) -> str:
    return "" if _of(audit, row) else f"{row['id']}: not found"


def _outcome(audit: RevisionAudit, row: dict[str, Any]) -> str:
    fits = {row["outcome"], *row.get("outcome_or", ())}
    found = _of(audit, row)
    if not found:
        return f"{row['id']}: not found"
    got = found[0].outcome
    return "" if got and got.value in fits else f"{row['id']}: {got}, wanted {row['outcome']}"


def _kept(audit: RevisionAudit, row: dict[str, Any]) -> str:
    wrong = [c for c in _of(audit, row) if c.outcome and c.outcome.value != "retained"]
    return f"{row['id']}: {wrong[0].outcome}" if wrong else ""


def _announced(audit: RevisionAudit, row: dict[str, Any], account: str) -> str:
    found = _of(audit, row)
    if not found or found[0].announcement is None:
        return f"{row['id']}: not found"
    got = found[0].announcement.status.value
    return "" if got == row[account] else f"{row['id']}: {got}, wanted {row[account]}"


def _unfound(audit: RevisionAudit, row: dict[str, Any]) -> str:
    named = any(plain(row["quote"]) in plain(passage.quote) for passage in audit.unfound)
    return "" if named else f"{row['id']}: not named"


def _real_cards() -> Iterator[Figure]:
    """The real card against its own list, in each form that lies beside the project."""
    if not SHARED.is_dir():
        return
    wanted = json.loads((SHARED / "eval/fable-5.json").read_text("utf-8"))["diff"]
    rows = [{"declared": not row.get("undeclared"), **row} for row in wanted["substantive"]]
    for form in ("md", "pdf"):
        pair = {key: SHARED / Path(wanted[key]).with_suffix(f".{form}") for key in ("old", "new")}
        if all(path.is_file() for path in pair.values()):
            audit = _audit(pair)
            yield from _card(f"real card, {form}", audit, rows)
            doubts = [change.id for change in audit.doubtful if change.new is None]
            yield Figure(f"real card, {form}: lost item doubtful", min(1, len(doubts)), 1, ())


def _card(name: str, audit: RevisionAudit, rows: Sequence[dict[str, Any]]) -> Iterator[Figure]:
    silent = [row for row in rows if not row["declared"]]
    named = partial(_named, audit.undeclared)
    yield _count(f"{name}: undeclared and named", silent, lambda row: named(row, named=True))
    declared = [row for row in rows if row["declared"]]
    yield _count(f"{name}: declared and not accused", declared, lambda row: named(row, named=False))
    others = tuple(
        f"accused: {(change.old or change.new).quote[:60]}"  # type: ignore[union-attr]
        for change in audit.undeclared
        if all(_named([change], row, named=True) for row in silent)
    )
    yield Figure(f"{name}: accused with reason", len(audit.undeclared) - len(others),
                 len(audit.undeclared), others)  # fmt: skip
    misses = tuple(f"not found: {passage.quote[:60]}" for passage in audit.unfound)
    lines = len(audit.declarations)
    yield Figure(f"{name}: lines of its list borne out", lines - len(misses), lines, misses)


def _named(changes: Sequence[Change], row: dict[str, Any], *, named: bool) -> str:
    hit = any(
        side and words and _holds(side.quote, words)
        for change in changes
        for side, words in ((change.old, row.get("old")), (change.new, row.get("new")))
    )
    return "" if hit is named else f"{row['id']}: {'not named' if named else 'called silent'}"


def _count(name: str, wanted: Sequence[dict[str, Any]], miss: Any) -> Figure:
    misses = tuple(text for want in wanted if (text := miss(want)))
    return Figure(name, len(wanted) - len(misses), len(wanted), misses)


def main() -> None:
    for figure in figures(real=True):
        print(f"{figure.right:3}/{figure.of:<3} {figure.name}")
        for line in figure.misses:
            print(f"          {line}")


if __name__ == "__main__":
    main()
