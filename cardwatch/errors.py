"""The errors that cardwatch expects: each says what went wrong, where, and what to do.

Anything else that is raised is a bug and shows its traceback.
"""

from __future__ import annotations


class CardwatchError(Exception):
    """Base of every expected failure.

    ``message`` says what went wrong, ``where`` names the file, address, key or line,
    and ``hint`` the next step for the person at the keyboard. Both may be empty.
    """

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{advice}"


class SourceError(CardwatchError):
    """The source could not be opened: missing file, refused address, size or time limit."""


class Unreachable(SourceError):
    """An address gave nothing: ``status`` is the server's answer (0: none came).

    ``transient``: a later try may do better, after ``retry_after`` seconds if the server
    named them (0: it did not).
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        where: str = "",
        status: int = 0,
        transient: bool = False,
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(message, hint=hint, where=where)
        self.status = status
        self.transient = transient
        self.retry_after = retry_after


class ReadError(CardwatchError):
    """The bytes were had, but no document could be read from them."""


class UnknownFormat(ReadError):
    """No reader knows these bytes."""


class Encrypted(ReadError):
    """The document wants a password, or another one."""


class NoText(ReadError):
    """The document has no text to read: empty, or pictures of pages only."""


class TooLarge(ReadError):
    """The document is over a limit of size, pages, depth or expansion."""


class RuleError(CardwatchError):
    """A rule file is wrong; ``where`` gives path, key and line."""


class BadReference(CardwatchError):
    """A reference to a section, page, span or snapshot leads nowhere."""


class StoreError(CardwatchError):
    """The store could not be read or written."""


class QuoteError(CardwatchError):
    """A quotation does not stand in the document that it names."""


class WatchError(CardwatchError):
    """A source file is wrong, a source is not known, or another run is under way."""


class DeliveryError(CardwatchError):
    """A message could not be handed over; it is tried again at the next run."""


class ReportError(CardwatchError):
    """A report has no such form, or a saved one cannot be read back."""
