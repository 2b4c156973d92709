"""Quotes in the forms that writers, pages, libraries and annotation tools take."""

from __future__ import annotations

from collections.abc import Callable

from cardwatch.reports.quotes.drafts import draft_as_markdown
from cardwatch.reports.quotes.links import link
from cardwatch.reports.quotes.prose import footnote, html, markdown, plain
from cardwatch.reports.quotes.records import annotation, bibtex, csl_json
from cardwatch.reports.subjects import Citation

__all__ = ["FORMATS", "cite", "draft_as_markdown"]

FORMATS: dict[str, Callable[[Citation], str]] = {
    "plain": plain,
    "markdown": markdown,
    "html": html,
    "footnote": footnote,
    "bibtex": bibtex,
    "csl-json": csl_json,
    "annotation": annotation,
    "link": link,
}


def cite(citation: Citation) -> str:
    """The citation in its form, with a newline at its end; whatever the document says is inert."""
    return FORMATS[citation.form](citation).rstrip("\n") + "\n"
