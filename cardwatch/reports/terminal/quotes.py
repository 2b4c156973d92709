"""Quotes, verifications, drafts and evidence packs at a terminal."""

from __future__ import annotations

from rich.text import Text

from cardwatch.model import (
    CheckedQuotation,
    QuotationStatus,
    QuoteStatus,
    Shift,
    Stretch,
    StretchKind,
)
from cardwatch.reports.inert import inert, one_line
from cardwatch.reports.quotes.drafts import says, summary
from cardwatch.reports.quotes.facts import page, proof, section, title
from cardwatch.reports.quotes.links import link, public
from cardwatch.reports.subjects import CheckedDraft, Citation, Packed, Verified
from cardwatch.reports.terminal.paper import (
    STYLES,
    Paper,
    count,
    join,
    passage_place,
    quoted,
    styled,
    title_of,
    where,
)

# A hash of 64 characters fits beside a label of this width in 80 columns.
_ROOM = 14
_SHORT = {"SHA-256 of the file": "SHA-256", "SHA-256 of its text": "text SHA-256"}
_STATUS = {
    QuoteStatus.EXACT: "stated",
    QuoteStatus.MOVED: "low",
    QuoteStatus.EDITED: "high",
    QuoteStatus.DELETED: "high",
}
_VERDICT = {
    QuotationStatus.EXACT: "stated",
    QuotationStatus.NEAR: "high",
    QuotationStatus.NOT_FOUND: "high",
    QuotationStatus.TOO_SHORT: "dim",
}


def citation(subject: Citation, paper: Paper) -> None:
    """The words in their context, the place, and the proof."""
    quote = subject.quote
    paper.paragraph(styled(title(quote), "title"))
    paper.paragraph(" · ".join(each for each in (section(quote), page(quote)) if each))
    paper.blank()
    # the far ends of the context may be half words
    before, after = quote.prefix.partition(" ")[2], quote.suffix.rpartition(" ")[0]
    context = join(
        styled("… " + one_line(before) + " ", "dim") if before.strip() else "",
        quoted(" ".join(inert(quote.exact).split()), 0),
        styled(" " + one_line(after) + " …", "dim") if after.strip() else "",
    )
    paper.paragraph(context, indent=2)
    paper.blank()
    if public(quote):
        paper.labelled("address", link(subject), indent=2, room=_ROOM)
    elif one_line(quote.title):
        paper.labelled("file", one_line(quote.source.location), indent=2, room=_ROOM)
    for label, text in proof(quote):
        paper.labelled(_SHORT.get(label, label), text, indent=2, room=_ROOM)
    if not subject.unique:
        paper.labelled("note", "the same words stand here more than once", indent=2, room=_ROOM)


def verified(subject: Verified, paper: Paper) -> None:
    """What became of the words, with the redline of an edit."""
    result, quote = subject.verification, subject.quote
    paper.ends(
        join(styled(result.status.value.upper(), _STATUS[result.status]), f"  {_says(subject)}"),
        styled(title_of(subject.document), "dim"),
    )
    paper.blank()
    paper.paragraph(quoted(quote.exact, 0), indent=2)
    paper.blank()
    if result.redline:
        paper.labelled("became", _redline(result.redline), indent=2)
        for each in result.differences:
            paper.labelled("", says_of_source(each.source, each.quoted, each.kind), indent=2)
    if result.found is not None:
        paper.labelled("stands at", passage_place(result.found), indent=2)
    paper.labelled("stood at", where(quote.page, quote.section), indent=2)
    paper.labelled("file", "the same bytes" if result.same_bytes else "other bytes", indent=2)
    if result.note:
        paper.labelled("note", one_line(result.note), indent=2)


def says_of_source(old: str, new: str, kind: str) -> str:
    """A difference between two editions, in words."""
    if not new:
        return f"{kind}: “{one_line(old)}” went"
    if not old:
        return f"{kind}: “{one_line(new)}” came"
    return f"{kind}: “{one_line(old)}” became “{one_line(new)}”"


def _says(subject: Verified) -> str:
    result = subject.verification
    if result.status is QuoteStatus.MOVED and result.found is not None:
        now = result.found.page
        return f"to p. {now}" if now is not None and now != subject.quote.page else ""
    return ""


def _redline(stretches: tuple[Stretch, ...]) -> Text:
    """Words that went in brackets with a minus, those that came with a plus: no colour needed."""
    parts: list[str | Text] = []
    for each in stretches:
        text = one_line(each.text)
        if each.kind is StretchKind.GONE:
            parts.append(Text(f"[-{text}-]", STYLES["gone"]))
        elif each.kind is StretchKind.COME:
            parts.append(Text(f"{{+{text}+}}", STYLES["come"]))
        else:
            parts.append(text)
        parts.append(" ")
    return join(*parts[:-1])


def checked_draft(subject: CheckedDraft, paper: Paper) -> None:
    """Every quotation that is not exact with its differences, then shifts, then the exact ones."""
    report = subject.report
    paper.line(styled("The quotations of a draft against its sources", "title"))
    paper.blank()
    paper.labelled("draft", styled(title_of(subject.draft), "title"), indent=2, room=8)
    for document in subject.documents:
        paper.labelled("source", styled(title_of(document), "title"), indent=2, room=8)
    paper.blank()
    paper.paragraph(summary(subject))
    wrong = [
        each
        for each in report.quotations
        if each.status in (QuotationStatus.NEAR, QuotationStatus.NOT_FOUND)
    ]
    for each in wrong:
        _quotation(each, subject, paper)
    for shift in report.shifts:
        _shift(shift, paper)
    for each in report.quotations:
        if each.status is QuotationStatus.EXACT:
            _quotation(each, subject, paper)
    short = [each for each in report.quotations if each.status is QuotationStatus.TOO_SHORT]
    if short:
        paper.blank()
        terms = ", ".join(f"“{one_line(each.quotation.quote)}”" for each in short)
        paper.paragraph(
            styled(f"too short to be placed, and not in the sources: {terms}", "dim"), hang=2
        )


def _quotation(each: CheckedQuotation, subject: CheckedDraft, paper: Paper) -> None:
    paper.blank()
    place = ""
    if each.document is not None and each.found:
        place = passage_place(each.found[0])
        if len(subject.documents) > 1:
            place = f"{title_of(subject.documents[each.document])} · {place}"
    paper.ends(
        styled(each.status.value.upper(), _VERDICT[each.status]),
        styled(place, "dim"),
    )
    paper.paragraph(quoted(each.quotation.quote.strip(), 0), indent=2)
    for difference in each.differences:
        paper.labelled("differs", says(difference), indent=2)
    if each.differences:
        words = " … ".join(one_line(passage.quote) for passage in each.found)
        paper.labelled("source", f"“{words}”", indent=2)
    if each.note:
        paper.labelled("note", one_line(each.note), indent=2)


def _shift(shift: Shift, paper: Paper) -> None:
    paper.blank()
    paper.ends(
        styled(shift.kind.value.upper(), "medium"), styled(passage_place(shift.source), "dim")
    )
    paper.paragraph(one_line(shift.draft), indent=2)
    paper.labelled("differs", one_line(shift.note), indent=2)
    paper.labelled("source", f"“{one_line(shift.source.quote)}”", indent=2)


def packed(subject: Packed, paper: Paper) -> None:
    """Where the pack lies, what is in it, and the hash to write down."""
    paper.paragraph(f"written to {subject.path}")
    paper.blank()
    paper.paragraph(quoted(subject.quote.exact, 0), indent=2)
    paper.paragraph(styled(where(subject.quote.page, subject.quote.section), "dim"), indent=2)
    paper.blank()
    for name, size in subject.members:
        paper.ends(Text(f"  {one_line(name)}"), styled(count(size, "byte"), "dim"))
    paper.blank()
    paper.labelled("seal", subject.sha256, indent=2)
    paper.paragraph(
        "Write the seal down, or publish it: who has it can tell this pack from any other.",
        indent=2,
    )
    for note in subject.notes:
        paper.labelled("note", note, indent=2)
