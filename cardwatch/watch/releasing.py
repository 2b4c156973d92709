"""New documents told: paired with their announcements, each release in one brief.

What is to be told follows from what the store holds, at the end of a run. A run that is
killed before has told nothing, and the next one tells the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from cardwatch import pairing
from cardwatch.errors import CardwatchError, ReadError, StoreError, WatchError
from cardwatch.model import Document, Severity, Snapshot
from cardwatch.model.release import Brief, Choice, Match, Release, Role
from cardwatch.model.watch import Event, Finding, MatterKind, SourceKind, State, WatchSource
from cardwatch.releases import brief_release
from cardwatch.reports import Briefing, View, render
from cardwatch.reports import brief as forms
from cardwatch.sources import unknown_source
from cardwatch.store import Store
from cardwatch.watch.documents import read_snapshot
from cardwatch.watch.letters import Letter
from cardwatch.watch.posting import Post
from cardwatch.watch.settings import Settings, World
from cardwatch.watch.tracking import matter_id

# Those that were seen first last: older ones are no partners of a new document, but editions.
_CANDIDATES = 40
_OPENING = 3_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A document of the watch, as it was seen first, with what pairing needs of it."""

    source: WatchSource
    state: State
    document: Document
    release: Release


@dataclass(frozen=True, slots=True)
class Group:
    """What is told in one: a document, its announcement, and the edition before it.

    ``told`` are the sources of it that nobody was told of yet; the first names the matter.
    """

    told: tuple[Seen, ...]
    document: Seen
    companion: Seen | None = None
    previous: Seen | None = None
    matches: tuple[Match, ...] = ()


class Releases:
    """The releases of one run."""

    def __init__(self, store: Store, settings: Settings, world: World, post: Post) -> None:
        self._store = store
        self._settings = settings
        self._world = world
        self._post = post

    def tell(self, known: Mapping[str, WatchSource]) -> Iterator[Finding]:
        """Tell the new documents that nobody was told of, and give what is news."""
        fresh = [
            each
            for each in known.values()
            if each.parent and not each.kind.lists and self._is_fresh(each)
        ]
        if not fresh:
            return
        seen = self._seen(known, {each.name for each in fresh})
        choices = (*_companions(known), *pairing.load_choices(self._settings.home))
        names = {each.name for each in fresh}
        for group in groups([each for each in seen if each.source.name in names], seen, choices):
            finding, brief = self._finding(group)
            self._world.step(f"release {finding.source}")
            with self._store.transaction():
                news = self._post.tell(finding, letter_of_brief(brief) if brief else None)
                for other in group.told[1:]:
                    # told with the first
                    self._store.open_matter(_bare(other))
                self._world.step(f"commit release {finding.source}")
            if news:
                yield finding

    def pairs(self, known: Mapping[str, WatchSource]) -> Iterator[Match]:
        """For each document its best announcement and its best predecessor, taken or not."""
        seen = self._seen(known, set())
        choices = (*_companions(known), *pairing.load_choices(self._settings.home))
        releases = [each.release for each in seen]
        for one in sorted(releases, key=lambda each: each.key):
            if pairing.is_document(one):
                for rank in (pairing.rank_companions, pairing.rank_predecessors):
                    yield from (each for each in rank(one, releases, choices)[:1] if each.score)

    def group_of(self, known: Mapping[str, WatchSource], name: str) -> Group | None:
        """A document with what it is paired with; ``None`` if no text of it is kept."""
        seen = self._seen(known, {name})
        choices = (*_companions(known), *pairing.load_choices(self._settings.home))
        fresh = [each for each in seen if each.source.name == name]
        return _grouped(fresh[0], seen, choices) if fresh else None

    def _is_fresh(self, source: WatchSource) -> bool:
        return bool(self._store.track(source.name).group) and (
            self._store.matter(_matter(source)) is None
        )

    # -- what was seen --------------------------------------------------------------------

    def _seen(self, known: Mapping[str, WatchSource], fresh: set[str]) -> list[Seen]:
        """The fresh documents, and those lately seen first, each as its source shows it now."""
        states = []
        for source in known.values():
            if not source.kind.lists:
                group = self._store.track(source.name).group
                states += [
                    (source, state)
                    for state in self._store.states(source.name)
                    if state.text_sha256 == group
                ]
        states.sort(key=lambda each: (each[0].name not in fresh, _later(each[1].first_seen)))
        made = (self._read(*each) for each in states[: len(fresh) + _CANDIDATES])
        return [each for each in made if each is not None]

    def _read(self, source: WatchSource, state: State) -> Seen | None:
        try:
            data = self._store.blobs.get(state.snapshot_sha256)
            snapshot = Snapshot(source.url, source.url, data, state.snapshot_sha256, "")
            _, document = read_snapshot(source, snapshot)
        except (ReadError, StoreError):
            return None
        if document is None:
            return None
        named = replace(document.source, location=source.url, url=source.url)
        document = replace(document, source=named, title=document.title or source.document)
        entries = {each.url: each for each in self._store.entries(source.parent)}
        entry = entries.get(source.url)
        published = named.published or iso_date(entry.published if entry else "")
        links = tuple(urljoin(source.url, link.target) for link in document.links)
        release = Release(
            source.name,
            document.title or source.document,
            (source.url,),
            source.publisher,
            published or (state.first_seen[:10] if source.parent else ""),
            links,
            document.text[:_OPENING],
            state.words,
            source.kind is SourceKind.PDF,
            state.first_seen[:10],
        )
        return Seen(source, state, document, release)

    # -- words ----------------------------------------------------------------------------

    def _finding(self, group: Group) -> tuple[Finding, Brief | None]:
        first = group.told[0]
        finding = _bare(first)
        note = ""
        brief = None
        try:
            if group.companion or group.previous or pairing.is_document(group.document.release):
                brief = _brief(group)
        except CardwatchError as wrong:
            note = f"no brief could be made: {wrong.message}"
        lines = [*_pairing_lines(group), *([note] if note else [])]
        title = finding.title
        if brief and (brief.findings or group.companion):
            title = f"New document: {brief.headline}"
        text = forms.text(brief) if brief else ""
        finding = replace(finding, title=title, lines=tuple(lines), text=text)
        return replace(finding, packs=_packs(brief)), brief


def letter_of_brief(brief: Brief) -> Letter:
    """A brief as it is sent: as a mail, as Markdown, and as JSON."""
    return Letter(forms.mail(brief), forms.markdown(brief), render(Briefing(brief), "json", View()))


def groups(
    fresh: Sequence[Seen], seen: Sequence[Seen], choices: Sequence[Choice]
) -> Iterator[Group]:
    """The fresh documents in what is told together: those with their announcements first."""
    by_key = {each.release.key: each for each in seen}
    waiting = {each.release.key for each in fresh}
    for one in [each for each in seen if pairing.is_document(each.release)]:
        group = _grouped(one, seen, choices)
        partner = group.companion.release.key if group.companion else ""
        told = [each for each in (one.release.key, partner) if each in waiting]
        if not told:
            continue
        waiting -= set(told)
        yield replace(group, told=tuple(by_key[each] for each in told))
    for key in sorted(waiting):
        yield Group((by_key[key],), by_key[key])


def _grouped(one: Seen, seen: Sequence[Seen], choices: Sequence[Choice]) -> Group:
    """A document with its announcement, and what came before it."""
    by_key = {each.release.key: each for each in seen}
    releases = [each.release for each in seen]
    match = pairing.best(pairing.rank_companions(one.release, releases, choices))
    others = [each for each in releases if not match or each.key != match.other]
    older = pairing.best(pairing.rank_predecessors(one.release, others, choices))
    return Group(
        (one,),
        one,
        by_key[match.other] if match else None,
        by_key.get(older.other) if older else None,
        tuple(each for each in (match, older) if each),
    )


def found_pairs(settings: Settings) -> tuple[Match, ...]:
    """How the documents of a watch are paired; nothing is told or kept."""
    from cardwatch.watch.run import known_sources

    with Store(settings.home, settings.database) as store:
        post = Post(store, settings)
        releases = Releases(store, settings, World(), post)
        return tuple(releases.pairs(known_sources(settings, store)))


def brief_of(settings: Settings, name: str) -> Brief:
    """The brief of a watched document beside what it is paired with now; nothing is told.

    Raises:
        WatchError: no such document is watched, or none of its texts is kept.
    """
    from cardwatch.watch.run import known_sources

    with Store(settings.home, settings.database) as store:
        known = known_sources(settings, store)
        if name not in known:
            raise unknown_source(name, known)
        releases = Releases(store, settings, World(), Post(store, settings))
        group = releases.group_of(known, name)
    if group is None:
        raise WatchError("no text of it is kept yet", hint="cardwatch watch run", where=name)
    return _brief(group)


def _brief(group: Group) -> Brief:
    return brief_release(
        group.document.document,
        group.companion.document if group.companion else None,
        group.previous.document if group.previous else None,
    )


def _later(moment: str) -> str:
    """A text that sorts the later of two moments first."""
    return "".join(chr(0x7F - ord(char)) if char.isascii() else char for char in moment)


def _companions(known: Mapping[str, WatchSource]) -> Iterator[Choice]:
    """What source files say of companions is a person's word."""
    for source in known.values():
        if source.companion and not source.parent:
            yield Choice(source.name, source.companion, Role.COMPANION)


def _matter(source: WatchSource) -> str:
    return matter_id(source.parent, MatterKind.NEW_DOCUMENT, source.url)


def _bare(seen: Seen) -> Finding:
    """What is told of a document of which no more is known than that it is there."""
    source = seen.source
    name = source.document or source.name
    if source.publisher:
        name = f"{source.publisher}: {name}"
    return Finding(
        _matter(source),
        Event.OPENED,
        MatterKind.NEW_DOCUMENT,
        source.name,
        seen.state.first_seen,
        Severity.HIGH,
        f"New document: {name}",
        (source.document,) if source.document else (),
        source.url,
        source.publisher,
        new=seen.state.snapshot_sha256,
    )


def _pairing_lines(group: Group) -> Iterator[str]:
    """Which documents were put together, and why: a reader can tell whether it is right."""
    for match in group.matches:
        other = group.companion if match.role is Role.COMPANION else group.previous
        if other is None:
            continue
        role = {Role.COMPANION: "announced by", Role.PREDECESSOR: "comes after"}[match.role]
        why = ", ".join(each.name for each in match.reasons if each.weight > 0)
        sure = "as was said" if match.chosen else f"{match.score:.2f}: {why}"
        yield f"{group.document.source.name} {role} {other.source.name} ({sure})"


def _packs(brief: Brief | None) -> tuple[str, ...]:
    return tuple(sorted(brief.packs)) if brief else ()


def iso_date(text: str) -> str:
    """A feed's or sitemap's date as ISO 8601; empty for one that is none."""
    if text[:10].count("-") == 2:
        return text[:25]
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return ""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.date().isoformat()
