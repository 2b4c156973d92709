"""Commands about quoted words: quote, verify, check-draft, evidence."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cardwatch import app as use
from cardwatch import proof
from cardwatch.cli.clipboard import copy
from cardwatch.cli.documents import DocumentName, open_document
from cardwatch.cli.flags import OUTPUT, READING, Flags, command
from cardwatch.cli.output import Answer
from cardwatch.cli.progress import Progress
from cardwatch.errors import SourceError
from cardwatch.model import QuotationStatus, QuoteStatus
from cardwatch.reports import CheckedDraft, Citation, Packed, Verified, View, render


class CiteForm(StrEnum):
    """The forms of a citation, as ``--format`` takes them."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"
    FOOTNOTE = "footnote"
    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"
    ANNOTATION = "annotation"
    LINK = "link"
    JSON = "json"


class DraftForm(StrEnum):
    """The forms of a draft's report, besides that for a terminal."""

    MARKDOWN = "markdown"
    JSON = "json"


Grep = Annotated[
    str, typer.Option("--grep", metavar="WORDS", help="The sentences that these words stand in.")
]
Nth = Annotated[
    int | None, typer.Option("--nth", min=1, metavar="N", help="Of several places, the Nth.")
]
WordsOnly = Annotated[
    bool, typer.Option("--words-only", help="The words alone, not their sentences.")
]
Page = Annotated[str, typer.Option("--page", metavar="P", help="A page, or the words on it.")]
SectionName = Annotated[
    str, typer.Option("--section", metavar="S", help="A section, or the words in it.")
]
SpanText = Annotated[str, typer.Option("--span", metavar="A-B", help="From character A to B.")]
Finding = Annotated[
    str, typer.Option("--finding", metavar="ID", help="A finding of a report, by id or rank.")
]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="The report, in JSON.")
]


def _open(name: str, flags: Flags) -> use.Opened:
    with Progress(f"reading {name}") as progress:
        return use.open_source(
            sys.stdin.buffer if name == "-" else name,
            media_type=flags.as_[0] if flags.as_ else None,
            password=flags.password,
            allow_private=flags.allow_private,
            cache=not flags.no_cache,
            progress=progress,
        )


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""

    @command(app, "quote", *READING, *OUTPUT)
    def quote(
        flags: Flags,
        document: DocumentName,
        grep: Grep = "",
        nth: Nth = None,
        words_only: WordsOnly = False,
        page: Page = "",
        section: SectionName = "",
        span: SpanText = "",
        finding: Finding = "",
        report: Report = None,
        form: Annotated[
            CiteForm | None, typer.Option("--format", help="Write the citation in a form.")
        ] = None,
        image: Annotated[
            Path | None,
            typer.Option("--image", metavar="FILE", help="Write a picture of the passage too."),
        ] = None,
        to_clipboard: Annotated[
            bool, typer.Option("--copy", help="Put the citation on the clipboard too.")
        ] = False,
    ) -> Answer:
        """Quote exact words, with all that is needed to find and prove them again."""
        chosen = proof.Chosen(grep, nth or 0, words_only, page, section, span, finding, report)
        document, chosen = proof.of_report(document, chosen)
        opened = _open(document, flags)
        quoted, unique = proof.cite(opened.document, proof.choose(opened.document, chosen))
        citation = Citation(quoted, unique, form or "")
        if image is not None:
            drawn = proof.picture(opened, quoted, flags.password)
            proof.write_bytes(drawn, image, document, report, flags.output)
        if to_clipboard:
            text = Citation(quoted, unique, "json" if flags.json else form or "plain")
            copy(render(text, "terminal", View()))
        return Answer(citation)

    @command(app, "verify", *READING, *OUTPUT)
    def verify(
        flags: Flags,
        quoted: Annotated[
            Path, typer.Argument(metavar="QUOTE", help="A quote in JSON, as quote --json writes.")
        ],
        document: Annotated[
            str, typer.Argument(metavar="[DOC]", help="The document; else the file quoted.")
        ] = "",
    ) -> Answer:
        """Verify that quoted words still stand in a document; ends with 1 if they do not."""
        saved = proof.saved_quote(quoted)
        if not document:
            # a snapshot has no name that would tell what it is
            flags = replace(flags, as_=flags.as_ or (saved.source.media_type,))
        opened = open_document(document or proof.source_of(saved, quoted), flags)
        result = use.verify(saved, opened)
        stands = result.status in (QuoteStatus.EXACT, QuoteStatus.MOVED)
        return Answer(Verified(result, saved, opened), found=not stands)

    @command(app, "check-draft", *READING, *OUTPUT)
    def check_draft(
        flags: Flags,
        draft: Annotated[
            str, typer.Argument(metavar="DRAFT", help="An article: a file, an address, or -.")
        ],
        against: Annotated[
            list[str],
            typer.Option("--against", metavar="DOC", help="A source; may be repeated."),
        ],
        form: Annotated[
            DraftForm | None, typer.Option("--format", help="Write another form of report.")
        ] = None,
    ) -> Answer:
        """Check every quotation in a draft; ends with 1 if one is not exact."""
        if [draft, *against].count("-") > 1:
            raise SourceError("standard input can be read once only", hint="name files")
        article = open_document(draft, flags)
        sources = tuple(open_document(name, flags, at) for at, name in enumerate(against, 1))
        report = use.check_draft(article, sources)
        fine = (QuotationStatus.EXACT, QuotationStatus.TOO_SHORT)
        wrong = any(each.status not in fine for each in report.quotations)
        return Answer(
            CheckedDraft(report, article, sources, form or ""),
            found=wrong or bool(report.shifts),
        )

    @command(app, "evidence", *READING, "json", "width", "no_color")
    def evidence(
        flags: Flags,
        document: DocumentName,
        pack: Annotated[
            Path, typer.Option("-o", "--output", metavar="FILE", help="Write the pack to FILE.")
        ],
        grep: Grep = "",
        nth: Nth = None,
        words_only: WordsOnly = False,
        page: Page = "",
        section: SectionName = "",
        span: SpanText = "",
        finding: Finding = "",
        report: Report = None,
        authority: Annotated[
            str,
            typer.Option(
                "--timestamp", metavar="URL", help="Have the pack time-stamped there (RFC 3161)."
            ),
        ] = "",
    ) -> Answer:
        """Pack quoted words with the file, its text, a picture and hashes, to be proved."""
        chosen = proof.Chosen(grep, nth or 0, words_only, page, section, span, finding, report)
        document, chosen = proof.of_report(document, chosen)
        opened = _open(document, flags)
        quoted, _ = proof.cite(opened.document, proof.choose(opened.document, chosen))
        made = proof.pack(opened, quoted, authority=authority, password=flags.password)
        proof.write_bytes(made.data, pack, document, report)
        told = made.bracket.facts if made.bracket is not None else ()
        notes = tuple(f"{name}: {said}" for name, said in told)
        return Answer(Packed(str(pack), made.seal, made.members, quoted, notes))
