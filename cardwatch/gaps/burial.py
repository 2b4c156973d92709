"""How hard a passage is to come upon: depth, distance, footnotes, headings, summary."""

from __future__ import annotations

from dataclasses import dataclass

from cardwatch.model import Burial, Document, Reading, Section, Span, Statement

_SUMMARY = ("summary", "abstract", "overview", "at a glance", "highlights", "key points")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a hurried reader sees of a document: its headings and its summary."""

    document: Document
    headings: frozenset[str]
    summary: frozenset[str]
    footnotes: tuple[Span, ...]

    @staticmethod
    def of(reading: Reading) -> Outline:
        """The outline of one document."""
        document = reading.document
        headings: set[str] = set()
        summary: set[str] = set()
        for sentence in reading.sentences:
            section = document.sections[sentence.section]
            stems = {word.stem for word in sentence.words if not word.stop}
            if section.heading.contains(sentence.span):
                headings |= stems
            elif _is_summary(section):
                summary |= stems
        notes = tuple(note.body for note in document.footnotes if note.body)
        return Outline(document, frozenset(headings), frozenset(summary), notes)

    def burial(self, span: Span, statement: Statement) -> Burial:
        """How hard ``span`` is to come upon; the weights are a choice, not a measurement."""
        section = self.document.section_at(span.start)
        distance = span.start / max(1, len(self.document.text))
        terms = statement.features.terms
        in_headings = _named(terms, self.headings)
        in_summary = _named(terms, self.summary)
        footnote = any(note.contains(statement.span) for note in self.footnotes)
        score = (
            0.25 * min(1.0, section.level / 4)
            + 0.2 * distance
            + 0.2 * footnote
            + 0.1 * section.appendix
            + 0.15 * (not in_summary)
            + 0.1 * (not in_headings)
        )
        return Burial(
            score=min(1.0, score),
            depth=section.level,
            distance=distance,
            footnote=footnote,
            appendix=section.appendix,
            in_summary=in_summary,
            in_headings=in_headings,
        )


def _is_summary(section: Section) -> bool:
    return any(word in section.title.lower() for word in _SUMMARY)


def _named(terms: frozenset[str], place: frozenset[str]) -> bool:
    """Whether at least half of the content words stand in ``place``."""
    return bool(terms) and len(terms & place) >= len(terms) / 2
