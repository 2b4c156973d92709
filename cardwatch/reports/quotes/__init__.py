"""Quotes in the forms that writers, pages, libraries and annotation tools take."""

from __future__ import annotations

from collections.abc import Callable

from cardwatch.reports import json
from cardwatch.reports.quotes.drafts import draft_as_markdown
from cardwatch.reports.quotes.links import link
from cardwatch.reports.quotes.prose import footnote, html, markdown, plain
from cardwatch.reports.quotes.records import annotation, bibtex, csl_json
from cardwatch.reports.subjects import CheckedDraft, Citation, View

__all__ = ["DRAFT_FORMATS", "FORMATS", "cite", "draft_in_form"]

FORMATS: dict[str, Callable[[Citation], str]] = {
    "plain": plain,
    "markdown": markdown,
    "html": html,
    "footnote": footnote,
    "bibtex": bibtex,
    "csl-json": csl_json,
    "annotation": annotation,
    "link": link,
    "json": lambda citation: json.render(citation, View()),
}
DRAFT_FORMATS: dict[str, Callable[[CheckedDraft], str]] = {
    "markdown": draft_as_markdown,
    "json": lambda draft: json.render(draft, View()),
}


def cite(citation: Citation) -> str:
    """The citation in its form, with a newline at its end; whatever the document says is inert."""
    return FORMATS[citation.form](citation).rstrip("\n") + "\n"


def draft_in_form(draft: CheckedDraft) -> str:
    """The report on a draft in its form."""
    return DRAFT_FORMATS[draft.form](draft)
