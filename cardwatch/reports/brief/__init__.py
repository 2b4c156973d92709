"""A release brief as text, Markdown, or a mail of HTML; whatever documents say in it is inert."""

from __future__ import annotations

from cardwatch.errors import ReportError
from cardwatch.reports.brief.mail import mail
from cardwatch.reports.brief.markdown import markdown
from cardwatch.reports.brief.text import text
from cardwatch.reports.subjects import Briefing, View

__all__ = ["FORMS", "brief_in_form", "mail", "markdown", "text"]

# ``mail`` is the HTML of a mail.
FORMS = ("text", "markdown", "mail")


def brief_in_form(subject: Briefing, view: View) -> str:
    """The brief in its form; as text for a terminal, in its width.

    Raises:
        ReportError: there is no such form.
    """
    match subject.form:
        case "" | "text":
            return text(subject.brief, min(view.width, 100))
        case "markdown":
            return markdown(subject.brief)
        case "mail":
            return mail(subject.brief)
        case _:
            raise ReportError(
                f"a brief has no form {subject.form[:40]!r}", hint=f"one of: {', '.join(FORMS)}"
            )
