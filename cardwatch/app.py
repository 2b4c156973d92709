"""The use cases: which stages run, in which order. Nothing here prints.

The heavy stages are imported by the use cases that need them, so that a help page loads
neither a parser nor a language model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cardwatch.errors import RuleError, SourceError, TooLarge
from cardwatch.model import (
    Account,
    Announcement,
    AnnouncementStatus,
    Assessment,
    Disclosure,
    Document,
    DraftReport,
    Features,
    GapReport,
    History,
    MediaType,
    PromiseReport,
    Quote,
    Reading,
    Revision,
    RevisionAudit,
    Sentence,
    Snapshot,
    Span,
    Statement,
    Verification,
)

if TYPE_CHECKING:
    from cardwatch import revision
    from cardwatch.disclosure import PassageIndex
    from cardwatch.readers import ReadOptions
    from cardwatch.rules import Example, Rule, RuleSet

Progress = Callable[[int, int], None]

# what cardwatch snapshots list shows: NAME@latest, NAME@previous, NAME@DATE, sha256:...
_SNAPSHOT = re.compile(
    r"sha256:[0-9a-f]{8,64}|[a-z0-9][a-z0-9._/-]*@(?:latest|previous|\d{4}-\d\d-\d\d[T\d:+.-]*)"
)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


# -- documents ------------------------------------------------------------------------------


def read(
    source: str | Path | bytes | BinaryIO,
    *,
    media_type: MediaType | str | None = None,
    password: str | None = None,
    allow_private: bool = False,
    cache: bool = True,
    progress: Progress | None = None,
) -> Document:
    """The document at a path or address, or in bytes or an open binary file.

    Without ``media_type`` the content decides what it is. ``cache`` keeps what was read in
    the user's cache folder and takes it from there; a document that wants a password is
    never kept. Private network addresses are refused unless ``allow_private``. ``progress``
    is told (done, total) in pages.

    Raises:
        SourceError: the source cannot be opened.
        ReadError: it holds no document that can be read, in one of its forms.
    """
    return open_source(
        source,
        media_type=media_type,
        password=password,
        allow_private=allow_private,
        cache=cache,
        progress=progress,
    ).document


@dataclass(frozen=True, slots=True)
class Opened:
    """A document with the bytes that it was read from, and the fetch that brought them."""

    document: Document
    data: bytes
    snapshot: Snapshot | None = None


def open_source(
    source: str | Path | bytes | BinaryIO,
    *,
    media_type: MediaType | str | None = None,
    password: str | None = None,
    allow_private: bool = False,
    cache: bool = True,
    progress: Progress | None = None,
) -> Opened:
    """What ``read`` reads, by the same rules, with its bytes: for what must show or keep them."""
    from cardwatch.readers import ReadOptions

    options = ReadOptions(password=password, progress=progress)
    kind = _media_type(media_type)
    if isinstance(source, str) and _ADDRESS.match(source):
        given = _fetched(source, allow_private=allow_private)
    elif isinstance(source, str) and _SNAPSHOT.fullmatch(source) and not Path(source).exists():
        given = _recalled(source)
    else:
        given = _opened(source, options.max_bytes)
    keep = cache and password is None
    document = (_read_cached if keep else _read_given)(given, kind, options)
    return Opened(document, given.data, given.snapshot)


@dataclass(frozen=True, slots=True)
class _Given:
    """Bytes, and what is known of where they came from."""

    data: bytes
    location: str
    retrieved: str = ""
    url: str = ""
    snapshot: Snapshot | None = None


def _media_type(given: MediaType | str | None) -> MediaType | None:
    if given is None:
        return None
    known = [each.value for each in MediaType]
    if given not in known:
        raise SourceError(f"unknown type {given!r}", hint=f"one of: {', '.join(known)}")
    return MediaType(given)


def _fetched(url: str, *, allow_private: bool) -> _Given:
    from cardwatch.fetch import fetch

    snapshot = fetch(url, allow_private=allow_private)
    return _Given(snapshot.data, url, snapshot.retrieved, snapshot.final_url, snapshot)


def _recalled(reference: str) -> _Given:
    """A snapshot that the watch has kept."""
    from cardwatch.store import Store, default_home

    with Store(default_home()) as store:
        kept = store.find(reference)
        snapshot = Snapshot(
            kept.url,
            kept.final_url,
            store.blobs.get(kept.sha256),
            kept.sha256,
            kept.retrieved,
            kept.status,
            kept.headers,
            kept.redirects,
            kept.notes,
        )
    return _Given(snapshot.data, reference, snapshot.retrieved, snapshot.final_url, snapshot)


def _opened(source: str | Path | bytes | BinaryIO, limit: int) -> _Given:
    if isinstance(source, bytes):
        return _Given(source, "<bytes>")
    if isinstance(source, str | Path):
        return _Given(_file_bytes(Path(source), limit), str(source))
    name = getattr(source, "name", "")
    location = name if isinstance(name, str) and name else "<stream>"
    return _Given(_bounded(source, limit, location), location)


def _file_bytes(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return _bounded(file, limit, str(path))
    except FileNotFoundError as wrong:
        raise SourceError("no such file", where=str(path)) from wrong
    except IsADirectoryError as wrong:
        raise SourceError("is a folder", hint="name one document in it", where=str(path)) from wrong
    except (OSError, ValueError) as wrong:
        # ValueError: a path that no file system can hold, such as one with a null character
        reason = getattr(wrong, "strerror", None) or str(wrong)
        raise SourceError(f"cannot be opened: {reason}", where=str(path)) from wrong


def _bounded(file: BinaryIO, limit: int, location: str) -> bytes:
    data = file.read(limit + 1)
    if len(data) > limit:
        raise TooLarge(f"over the limit of {limit:,} bytes", where=location)
    return data


def _read_given(given: _Given, kind: MediaType | None, options: ReadOptions) -> Document:
    from cardwatch.readers import read_bytes

    return read_bytes(
        given.data,
        location=given.location,
        media_type=kind,
        options=options,
        retrieved=given.retrieved,
        url=given.url,
    )


def _read_cached(given: _Given, kind: MediaType | None, options: ReadOptions) -> Document:
    """The document from the cache if it is there, else read and kept.

    The location is a part of the key: a document's type and its links may depend on it.
    """
    import cardwatch.readers
    from cardwatch.cache import Cache, default_folder, stamp

    code = stamp(Path(cardwatch.readers.__file__).parent)
    key = "\n".join(
        (
            sha256(given.data).hexdigest(),
            given.location,
            given.url,
            kind or "",
            code,
            f"{options.max_pages} {options.tables}",
        )
    )
    kept = Cache(default_folder())
    document = kept.get(key, Document)
    if document is None:
        document = _read_given(given, kind, options)
        kept.put(key, document)
    if document.source.retrieved != given.retrieved:
        document = replace(document, source=replace(document.source, retrieved=given.retrieved))
    return document


def read_demo(*, cache: bool = True, progress: Progress | None = None) -> tuple[Document, Document]:
    """A fictional laboratory's system card and its announcement, which ship with cardwatch."""
    from cardwatch.readers import ReadOptions
    from cardwatch.resources import folder

    options = ReadOptions(progress=progress)
    one = _read_cached if cache else _read_given
    names = ("demo/card-v1.pdf", "demo/announcement.html")
    card, post = (
        # named as they are known everywhere, not by where this machine has them
        one(_Given(_file_bytes(folder("corpora") / name, options.max_bytes), name), None, options)
        for name in names
    )
    return card, post


def locate(document: Document, reference: str) -> Span:
    """The place that a reader's reference (``1.5``, a title, ``p.13``, ``1200-1400``) means.

    Raises:
        BadReference: it leads nowhere, or to several sections.
    """
    from cardwatch import references

    return references.locate(document, reference)


def keep_parts(data: bytes, select: Sequence[str], drop: Sequence[str]) -> bytes:
    """A page of the parts that CSS selectors match, without those that others match."""
    from cardwatch.readers.selecting import keep_parts as keep

    return keep(data, select, drop)


def page_links(data: bytes) -> tuple[tuple[str, str], ...]:
    """Every link of a page, menus included: its target as it is written, and its text."""
    from cardwatch.readers.selecting import links

    return links(data)


# -- statements -----------------------------------------------------------------------------


def find_statements(document: Document, *, rules: Sequence[Path] = ()) -> Reading:
    """The document's sentences, and those of them that are statements.

    The rules that ship with cardwatch decide, with those in the folders ``rules`` added.
    """
    return _statements(document, load_rules(rules))


def _statements(document: Document, rules: RuleSet) -> Reading:
    from cardwatch import rules as ruling
    from cardwatch import segment

    # one edition is often compared with several: what was found in it stays with it
    kept = vars(document).get("_statements")
    if kept and kept[0] is rules and isinstance(kept[1], Reading):
        return kept[1]
    sentences = segment.segment(document)
    found = ruling.find_statements(document, sentences, segment.describe, rules)
    reading = Reading(document, sentences, found)
    vars(document)["_statements"] = (rules, reading)
    return reading


def load_rules(folders: Sequence[Path] = ()) -> RuleSet:
    """The rules that ship with cardwatch, with those in ``folders`` added or in their place.

    Raises:
        RuleError: a rule file is wrong; it says where.
    """
    from cardwatch import rules as ruling

    return ruling.load_rules(tuple(folders))


def test_rules(rules: RuleSet) -> tuple[tuple[Rule, Example], ...]:
    """The examples that their rules judge otherwise than they say, in the order of the rules."""
    from cardwatch import rules as ruling
    from cardwatch import segment

    return tuple(
        (rule, example)
        for rule in rules.rules
        for example in ruling.failed_examples(rule, segment.segment, segment.describe)
    )


def rule_source(rule: Rule) -> str:
    """The file that a rule was loaded from, as it is written."""
    try:
        return rule.path.read_text(encoding="utf-8")
    except OSError as wrong:
        raise RuleError(f"cannot be read: {wrong.strerror}", where=str(rule.path)) from wrong


def write_rule(folder: Path, pack: str, name: str, kind: str) -> Path:
    """Write a small rule of a kind, to start from, to ``folder/pack/name.toml``."""
    from cardwatch import rules as ruling

    return ruling.write_template(folder, pack, name, kind)


# -- gaps -----------------------------------------------------------------------------------


def find_gaps(
    document: Document,
    companion: Document,
    *,
    rules: Sequence[Path] = (),
    cache: bool = False,
) -> GapReport:
    """What ``document`` says that ``companion`` leaves out or contradicts, ranked.

    ``rules`` are folders whose rules are added to those that ship with cardwatch. With
    ``cache`` the report is kept in the user's cache folder and taken from there, for as long
    as the documents, the rules and cardwatch itself stay what they are.
    """
    if not cache:
        return _judge(document, companion, rules)
    from cardwatch.cache import Cache, default_folder, digest, stamp
    from cardwatch.resources import folder

    code = stamp(Path(__file__).parent, folder("rules"), *rules)
    kept = Cache(default_folder())
    key = f"gaps {digest(document, companion)} {code}"
    report = kept.get(key, GapReport)
    if report is None:
        report = _judge(document, companion, rules)
        kept.put(key, report)
    return report


def _judge(document: Document, companion: Document, folders: Sequence[Path]) -> GapReport:
    from cardwatch import disclosure, gaps, segment

    rules = load_rules(folders)
    reading, other = _statements(document, rules), _statements(companion, rules)
    index = _passage_index(other)
    language = gaps.Language(
        describe=lambda sentence: segment.describe(sentence, document),
        describe_companion=lambda sentence: segment.describe(sentence, companion),
        describe_text=segment.describe_text,
        concepts=segment.load_lexicon().concepts_in,
    )

    def disclose(features: Features) -> Disclosure:
        return disclosure.find_disclosure(features, index)

    return gaps.find_gaps(reading, other, disclose, language)


def find_disclosure(statement: str | Statement, document: Document) -> Disclosure:
    """Whether ``document`` says ``statement``: status, score and ranked evidence.

    What is prepared for the first question to a document is kept on it for the next.
    """
    from cardwatch import disclosure, segment

    features = (
        segment.describe_text(statement) if isinstance(statement, str) else statement.features
    )
    return disclosure.find_disclosure(features, _kept_index(document))


def find_announcement(old: str | None, new: str | None, account: Document | None) -> Announcement:
    """Whether a publisher's account of a revision tells that ``old`` became ``new``.

    ``None`` or an empty text stands for a passage that one edition lacks.
    """
    from cardwatch import disclosure, segment

    if account is None or not account.text.strip():
        return Announcement(AnnouncementStatus.NO_ACCOUNT, 0.0, 1.0, ())
    before, after = (segment.describe_text(text) if text else None for text in (old, new))
    return disclosure.find_announcement(before, after, _kept_index(account))


def _kept_index(document: Document) -> PassageIndex:
    """The document's index, prepared once and kept on it."""
    from cardwatch import disclosure, segment

    index = vars(document).get("_passage_index")
    if not isinstance(index, disclosure.PassageIndex):
        index = _passage_index(Reading(document, segment.segment(document)))
        vars(document)["_passage_index"] = index
    return index


def _passage_index(reading: Reading) -> PassageIndex:
    from cardwatch import disclosure, segment

    lexicon = segment.load_lexicon()
    return disclosure.PassageIndex(
        reading.document,
        reading.sentences,
        lexicon.concepts_in,
        lexicon.of_words,
        segment.describe_text,
    )


# -- revisions ------------------------------------------------------------------------------


def compare(old: Document, new: Document, *, rules: Sequence[Path] = ()) -> Revision:
    """What changed from ``old`` to ``new``: substantive changes by rank, then noise by class.

    ``rules`` are folders whose rules are added to those that ship with cardwatch.
    """
    from cardwatch import align, diff, segment

    loaded = load_rules(rules)
    before, after = _statements(old, loaded), _statements(new, loaded)
    tools = diff.Tools(align.match_words, segment.describe_text, assess_change)
    return diff.compare(before, after, align.align(before, after), tools)


def select_changes(
    revision: Revision,
    old: Document,
    new: Document,
    *,
    only: Sequence[str] = (),
    section: str = "",
) -> Revision:
    """The changes that are wanted: of some outcomes, kinds or effects, or in one place.

    ``section`` is a section, page or span of either edition, as ``locate`` takes it.

    Raises:
        BadReference: an unknown name, or a section that neither edition has.
    """
    from cardwatch import diff, references

    within = references.locate_in_both(old, new, section) if section else None
    return diff.select(revision, only, within)


def assess_change(old_text: str, new_text: str) -> Assessment:
    """What became of a commitment worded ``old_text`` that is now worded ``new_text``.

    Retained, strengthened or weakened, with the dimensions and effects of the change, the
    probability of the outcome and the reasons for it.
    """
    from cardwatch import outcome, segment

    old, new = (
        outcome.Side(segment.describe_text(text), segment.words(text))
        for text in map(outcome.mended, (old_text, new_text))
    )
    return outcome.assess(old, new, segment.load_lexicon().of_words)


def audit_revision(
    old: Document,
    new: Document,
    account: Document | Sequence[Document] | None = None,
    *,
    rules: Sequence[Path] = (),
) -> RevisionAudit:
    """What changed from ``old`` to ``new``, and whether the publisher's accounts tell of it.

    ``account`` is what the publisher says of the revision: one document, several, or none. A
    list of changes inside ``new`` is found by itself and counts as one more. Without any, no
    change has an announcement status and there are no rates.
    """
    from cardwatch import align, diff, revision, segment

    loaded = load_rules(rules)
    before, after = _statements(old, loaded), _statements(new, loaded)
    tools = diff.Tools(align.match_words, segment.describe_text, assess_change)
    changed = diff.compare(before, after, align.align(before, after), tools)
    given = _accounted(before, after, _several(account))
    indices = [
        _passage_index(Reading(reading.document, _inside(reading, units)))
        for reading, units in zip(given.readings, given.units, strict=True)
    ]
    return revision.audit(changed, given, _audit_tools(indices))


def select_audited(audit: RevisionAudit, only: Sequence[str]) -> RevisionAudit:
    """The audit with the changes of some outcomes or announcement statuses; its rates stay.

    Raises:
        BadReference: an unknown name.
    """
    from cardwatch import revision

    return revision.select(audit, only)


def _several(account: Document | Sequence[Document] | None) -> Sequence[Document]:
    if account is None:
        return ()
    return (account,) if isinstance(account, Document) else account


def _accounted(old: Reading, new: Reading, documents: Sequence[Document]) -> revision.Given:
    """The editions with the accounts given, and with those that the new edition holds."""
    from cardwatch import revision, segment

    accounts, readings = [], []
    for document in documents:
        if not document.text.strip():
            continue
        reading = Reading(document, segment.segment(document))
        parts = revision.relevant(document, old.document, new.document)
        listed = revision.is_listed(document)
        accounts.append(Account(document.source, document.title, parts, listed))
        readings.append(reading)
    lists = revision.find_accounts(old), revision.find_accounts(new)
    own = revision.fresh(lists[1], new, old)
    for parts, listed in ((own, True), (revision.remarks(new, old, lists[1]), False)):
        if parts:
            accounts.append(
                Account(new.document.source, new.document.title, parts, listed, inside=True)
            )
            readings.append(new)
    names = revision.names_of(old.document, new.document)
    units = tuple(
        tuple(revision.telling(reading, account.parts, names))
        for reading, account in zip(readings, accounts, strict=True)
    )
    return revision.Given(old, new, tuple(accounts), tuple(readings), units, lists)


def _inside(reading: Reading, units: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences that lines of an account are made of."""
    return tuple(s for s in reading.sentences if any(u.span.contains(s.span) for u in units))


def _audit_tools(accounts: Sequence[PassageIndex]) -> revision.Tools:
    from functools import cache

    from cardwatch import disclosure, outcome, revision, segment

    # the same passages are asked about several times over
    describe = cache(segment.describe_text)

    def assess(old: str, new: str, sections: tuple[str, str]) -> Assessment:
        before, after = (
            outcome.Side(describe(text), segment.words(text))
            for text in map(outcome.mended, (old, new))
        )
        return outcome.assess(before, after, segment.load_lexicon().of_words, sections=sections)

    def search(reading: Reading, sentences: Sequence[Sentence]) -> Callable[[Features], Disclosure]:
        index = _passage_index(Reading(reading.document, tuple(sentences)))
        return lambda features: disclosure.find_disclosure(features, index)

    def announce(old: str | None, new: str | None, number: int) -> Announcement:
        before, after = (describe(text) if text else None for text in (old, new))
        return disclosure.find_announcement(before, after, accounts[number])

    return revision.Tools(describe, assess, search, announce)


def trace_history(
    documents: Sequence[Document], *, blame: str = "", rules: Sequence[Path] = ()
) -> History:
    """The history of a document, its versions given from the oldest to the newest.

    ``blame`` is a place in the last version, as ``locate`` takes it, or words that stand there.

    Raises:
        BadReference: it leads nowhere in the last version.
    """
    from cardwatch import align, diff, history, segment

    loaded = load_rules(rules)
    readings = [_statements(document, loaded) for document in documents]
    shared = diff.Tools(align.match_words, segment.describe_text, assess_change)
    tools = history.Tools(
        describe=segment.describe_text,
        assess=assess_change,
        align=align.align,
        compare=lambda old, new, pairs: diff.compare(old, new, pairs, shared),
        label=lambda reading: history.label_of(reading.document),
    )
    span = _blamed(documents[-1], blame) if blame and documents else None
    return history.trace(readings, tools, span)


def _blamed(document: Document, blame: str) -> Span:
    """The place that words or a reference mean; words are looked for as they are typed."""
    words = [re.escape(word) for word in blame.split()]
    found = re.search(r"\s+".join(words), document.text, re.IGNORECASE) if len(words) > 1 else None
    return Span(*found.span()) if found else locate(document, blame)


# -- promises -------------------------------------------------------------------------------


def find_commitments(
    document: Document,
    on: date,
    *,
    start: date | None = None,
    all_: bool = False,
    rules: Sequence[Path] = (),
) -> PromiseReport:
    """What its publisher promised in a document, as it stands on a day, the next date first.

    Promises that set a time; with ``all_`` the others too. Cadences count from ``start``, else
    from the day on which the document says that it takes effect, else from its publication.
    """
    from cardwatch import commitments, segment

    reading = find_statements(document, rules=rules)
    first, why = (start, "it was given") if start else commitments.start_of(document)
    promises = commitments.find_promises(
        reading, lambda sentence: segment.describe(sentence, document), first, all_=all_
    )
    return PromiseReport(
        document.source,
        document.title,
        commitments.as_of(promises, on),
        first.isoformat() if first else "",
        why,
        on.isoformat(),
        document.coverage,
    )


# -- quotes ---------------------------------------------------------------------------------


def quote(document: Document, span: Span) -> Quote:
    """The exact words at ``span`` with all that is needed to find and prove them again."""
    from cardwatch import quotes

    return quotes.quote(document, span)


def verify(quoted: Quote, document: Document) -> Verification:
    """What became of quoted words in ``document``: exact, moved, edited or deleted."""
    from cardwatch import quotes

    return quotes.verify(quoted, document)


def check_draft(draft: Document, documents: Sequence[Document]) -> DraftReport:
    """Every quotation of ``draft``: exact, near with its differences, or not found.

    ``shifts`` are sentences that retell a source more or less firmly than it speaks.
    """
    from cardwatch import quotes, segment

    def nearest(features: Features, document: Document) -> Sequence[Span]:
        from cardwatch import disclosure

        found = disclosure.find_disclosure(features, _kept_index(document))
        return [each.span for each in found.evidence]

    language = quotes.Language(segment.segment, segment.describe_text, nearest, segment.stem)
    report = quotes.check_draft(draft, documents)
    shifts = quotes.find_shifts(draft, report.quotations, documents, language)
    return replace(report, shifts=shifts)
