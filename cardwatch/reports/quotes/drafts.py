"""A draft's quotations as Markdown, to be pasted beside the draft."""

from __future__ import annotations

from collections import Counter

from cardwatch.model import CheckedQuotation, Difference, QuotationStatus, ShiftKind
from cardwatch.reports.inert import one_line
from cardwatch.reports.quotes.prose import literal
from cardwatch.reports.subjects import CheckedDraft

KINDS = {
    "negation": "a negation",
    "number": "a number",
    "unit": "a unit",
    "modal": "how firm it is",
    "hedge": "a reservation",
    "name": "a name",
    "words": "words",
    "punctuation": "punctuation",
    "order": "the order of the source",
    "long ellipsis": "an ellipsis over too much",
    "merged sentences": "parts of two sentences made one",
    "cut word": "a word or figure cut in two",
}


def summary(subject: CheckedDraft) -> str:
    """How many quotations have which verdict, how many retellings shift, and what is misplaced."""
    counts = Counter(each.status for each in subject.report.quotations)
    parts = [f"{counts[status]} {status}" for status in QuotationStatus if counts[status]]
    kinds = Counter(each.kind for each in subject.report.shifts)
    if shifts := kinds[ShiftKind.RETOLD]:
        parts.append(f"{shifts} {'paraphrase shifts' if shifts == 1 else 'paraphrases shift'}")
    if kinds[ShiftKind.MISPLACED]:
        parts.append(f"{kinds[ShiftKind.MISPLACED]} misplaced")
    return " · ".join(parts) or "no quotations"


def says(each: Difference) -> str:
    """A difference in words: what the source has and what the draft made of it."""
    kind = KINDS.get(each.kind, each.kind)
    source, quoted = one_line(each.source), one_line(each.quoted)
    if each.kind == "order":
        return f"{kind} is turned round at the ellipsis"
    if quoted == "…":
        return f"{kind}: the ellipsis leaves out “{source}”"
    if not quoted:
        return f"{kind}: “{source}” is missing"
    if not source:
        return f"{kind}: “{quoted}” is not in the source"
    return f"{kind}: “{source}” became “{quoted}”"


def draft_as_markdown(subject: CheckedDraft) -> str:
    """The report as a Markdown list, what is wrong first; whatever texts say is inert."""
    report = subject.report
    lines = [f"# Quotations in {literal(_name(subject))}", "", summary(subject) + ".", ""]
    order = (QuotationStatus.NOT_FOUND, QuotationStatus.NEAR, QuotationStatus.EXACT)
    for status in order:
        rows = [each for each in report.quotations if each.status is status]
        if rows:
            lines += [f"## {status.value.capitalize()}", ""]
            for each in rows:
                lines += _row(each, subject)
            lines.append("")
    heads = {
        ShiftKind.RETOLD: "Paraphrases that shift",
        ShiftKind.MISPLACED: "Given to another place",
    }
    for kind, head in heads.items():
        shifts = [shift for shift in report.shifts if shift.kind is kind]
        if shifts:
            lines += [f"## {head}", ""]
        for shift in shifts:
            lines.append(f"- {literal(one_line(shift.draft))}")
            lines.append(f"  - {literal(shift.note)}")
            place = _place(shift.source.page, shift.source.section)
            lines.append(f"  - the source{place}: “{literal(one_line(shift.source.quote))}”")
        if shifts:
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _name(subject: CheckedDraft) -> str:
    return one_line(subject.draft.title) or one_line(subject.draft.source.location)


def _row(each: CheckedQuotation, subject: CheckedDraft) -> list[str]:
    lines = [f"- “{literal(one_line(each.quotation.quote))}”"]
    lines += [f"  - {literal(says(difference))}" for difference in each.differences]
    if each.document is not None and each.found:
        found = each.found[0]
        source = one_line(subject.documents[each.document].title) or one_line(
            subject.documents[each.document].source.location
        )
        words = " … ".join(one_line(passage.quote) for passage in each.found)
        place = f"{literal(source)}{_place(found.page, found.section)}"
        exact = each.status is QuotationStatus.EXACT
        lines.append(f"  - {place}" if exact else f"  - {place}: “{literal(words)}”")
    if each.note:
        lines.append(f"  - note: {literal(one_line(each.note))}")
    return lines


def _place(page: int | None, section: str) -> str:
    parts = [f"p. {page}" if page is not None else "", literal(one_line(section))]
    found = ", ".join(part for part in parts if part)
    return f", {found}" if found else ""
