"""Which announcement belongs to a document, and which edition came before it.

Evidence is added up: links between the two, the names and versions in their titles, their
dates, their publishers. A person's choice, kept in a file, stands above it.

The weights were set by reason, so that each of these passes the threshold and nothing less:
a link to the document with nothing against it; the same name and version from one publisher
within days. ``tests/test_pairing.py`` states them as laws.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from cardwatch.errors import WatchError
from cardwatch.model import Reason
from cardwatch.model.release import Choice, Match, Release, Role

FILE_NAME = "pairs.toml"
THRESHOLD = 0.5
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*")
# What a title says of the kind of a document, and not of what it is about.
_TYPES = frozenset(
    "system card model report framework policy policies terms addendum paper assessment "
    "evaluation evaluations usage privacy notice agreement guidelines specification spec".split()
)
_ANNOUNCING = frozenset(
    "introducing announcing meet launch launching announcement blog news".split()
)
_CARDS = frozenset("card addendum".split())
# The part of an address under which posts stand.
_POSTS = frozenset("news newsroom blog blogs post posts press announcements stories".split())
_EMPTY = frozenset(
    "a an the of for and or to in on our we with new now is are its from at by release released "
    "version update updated technical safety pdf full post today next generation v".split()
)
_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_YEARS = range(1990, 2100)
_OPENING = 3_000
_LONGEST_VERSION = 12


def rank_companions(
    document: Release, others: Sequence[Release], choices: Sequence[Choice] = ()
) -> tuple[Match, ...]:
    """How surely each of the others announces the document, best first."""
    return _ranked(_companion(document, other, choices) for other in others if other != document)


def rank_predecessors(
    document: Release, others: Sequence[Release], choices: Sequence[Choice] = ()
) -> tuple[Match, ...]:
    """How surely each of the others is an earlier edition, or the predecessor, best first."""
    return _ranked(_predecessor(document, other, choices) for other in others if other != document)


def best(matches: Sequence[Match]) -> Match | None:
    """The match that is taken, if there is one."""
    return next((match for match in matches if match.taken), None)


def is_document(release: Release) -> bool:
    """Whether it is a document that is announced, and not an announcement."""
    if release.pdf:
        return True
    words = _Title(release).all_words
    parts = {part for place in _places(release.urls) for part in place.split("/")[1:-1]}
    if words & _ANNOUNCING:
        return False
    # news of a policy is called by its name, too
    return bool(words & _CARDS) or (bool(words & _TYPES) and not parts & _POSTS)


def _ranked(matches: Iterable[Match]) -> tuple[Match, ...]:
    return tuple(sorted(matches, key=lambda each: (not each.taken, -each.score, each.other)))


# -- evidence -------------------------------------------------------------------------------


class _Title:
    """A title taken apart: the kind of document, the name of what it is about, its versions."""

    def __init__(self, release: Release) -> None:
        text = release.title or release.opening[:200]
        tokens = [token.lower() for token in _TOKEN.findall(text[:500])]
        publisher = {token.lower() for token in _TOKEN.findall(release.publisher)}
        # many a page's title ends with the name of its site
        for place in _places(release.urls):
            publisher.update(place.partition("/")[0].split("."))
        self.all_words = frozenset(tokens)
        self.types = self.all_words & _TYPES
        dropped = _TYPES | _ANNOUNCING | _EMPTY | _MONTHS | publisher
        self.words = frozenset(t for t in tokens if not t[0].isdigit() and t not in dropped)
        self.versions = frozenset(t for t in tokens if _is_version(t))


def _is_version(token: str) -> bool:
    """Whether it is a number that a version may have: no year, and no serial number."""
    if not token[0].isdigit() or not token.isascii() or len(token) > _LONGEST_VERSION:
        return False
    return "." in token or int(token) not in _YEARS


def _companion(document: Release, other: Release, choices: Sequence[Choice]) -> Match:
    reasons = [
        *_links(document, other),
        *_names(_Title(document), _Title(other), other),
        *_dates(document, other),
        *_publishers(document, other),
        *_kinds(document, other),
    ]
    return _match(document, other, Role.COMPANION, reasons, choices)


def _match(
    document: Release,
    other: Release,
    role: Role,
    reasons: Sequence[Reason],
    choices: Sequence[Choice],
) -> Match:
    chosen = _chosen(document, other, role, choices)
    total = sum(each.value * each.weight for each in reasons)
    score = round(min(1.0, max(0.0, total)), 4)
    taken = score >= THRESHOLD
    if chosen is not None:
        taken = chosen.right
        score = 1.0 if taken else 0.0
    elif any(each.role is role and each.right and _is(each.document, document) for each in choices):
        # a person named another one
        taken = False
    return Match(
        document.key, other.key, role, score, tuple(reasons), taken, chosen=chosen is not None
    )


def _links(document: Release, other: Release) -> Iterator[Reason]:
    here, there = _places(document.urls), _places(other.urls)
    if here & _places(other.links):
        yield Reason("links to it", 1.0, 0.6)
    elif there & _places(document.links):
        yield Reason("is linked from it", 1.0, 0.5)


def _places(urls: Iterable[str]) -> frozenset[str]:
    """Addresses without what does not matter: scheme, www, query, fragment, last slash."""
    made = set()
    for url in urls:
        try:
            parts = urlsplit(url)
        except ValueError:
            continue
        host = (parts.hostname or "").removeprefix("www.")
        path = parts.path.rstrip("/")
        # every page links to the front page
        if host and path:
            made.add(f"{host}{path}")
    return frozenset(made)


def _names(one: _Title, other: _Title, release: Release) -> Iterator[Reason]:
    if not one.words and not one.versions:
        return
    shared = one.words & other.words
    size = min(len(one.words), len(other.words))
    overlap = len(shared) / size if size else 0.0
    if one.versions and other.versions and not one.versions & other.versions:
        yield Reason("another version", 1.0, -0.5, _listed(one.versions, other.versions))
        return
    if overlap:
        same = bool(one.versions & other.versions) or not (one.versions or other.versions)
        note = " ".join(sorted(shared | (one.versions & other.versions)))
        yield Reason("name in both titles", overlap, 0.35 if same else 0.2, note)
    opening = frozenset(t.lower() for t in _TOKEN.findall(release.opening[:_OPENING]))
    if one.words and one.words | one.versions <= opening:
        yield Reason("its beginning has the name", 1.0, 0.1)
    elif not overlap and one.words and size:
        yield Reason("other names", 1.0, -0.1, _listed(one.words, other.words))


def _listed(one: Iterable[str], other: Iterable[str]) -> str:
    return f"{' '.join(sorted(one))[:80]} / {' '.join(sorted(other))[:80]}"


def _dates(document: Release, other: Release) -> Iterator[Reason]:
    days = _days_between(document.published, other.published)
    if days is None:
        return
    note = f"{abs(days)} days apart"
    if abs(days) <= 3:
        yield Reason("dates", 1.0, 0.15, note)
    elif abs(days) <= 14:
        yield Reason("dates", 0.5, 0.15, note)
    elif abs(days) > 60:
        yield Reason("dates", 1.0, -0.3, note)


def _days_between(one: str, other: str) -> int | None:
    try:
        return (date.fromisoformat(other[:10]) - date.fromisoformat(one[:10])).days
    except ValueError:
        return None


def _publishers(document: Release, other: Release) -> Iterator[Reason]:
    one, two = document.publisher.casefold().strip(), other.publisher.casefold().strip()
    if one and two:
        yield Reason("publisher", 1.0, 0.1 if one == two else -0.5)
    elif _sites(document) & _sites(other):
        yield Reason("same site", 1.0, 0.1)


def _sites(release: Release) -> frozenset[str]:
    """The last two parts of the hosts: enough to see that cdn and www are one house."""
    hosts = (place.partition("/")[0] for place in _places(release.urls))
    return frozenset(".".join(host.split(".")[-2:]) for host in hosts)


def _kinds(document: Release, other: Release) -> Iterator[Reason]:
    if is_document(other) and is_document(document):
        yield Reason("both are documents", 1.0, -0.4)
    elif not is_document(other):
        yield Reason("is an announcement", 1.0, 0.05)


def _predecessor(document: Release, other: Release, choices: Sequence[Choice]) -> Match:
    one, two = _Title(document), _Title(other)
    reasons: list[Reason] = []
    size = max(len(one.words), len(two.words))
    overlap = len(one.words & two.words) / size if size else 0.0
    if overlap or not size:
        reasons.append(Reason("name in both titles", overlap if size else 0.5, 0.35))
    alike = document.pdf == other.pdf if not one.types else is_document(other)
    same_kind = one.types == two.types and alike
    reasons.append(Reason("same kind of document", 1.0, 0.15 if same_kind else -0.4))
    reasons += _publishers(document, other)
    reasons += _order(document, other, one.versions, two.versions)
    return _match(document, other, Role.PREDECESSOR, reasons, choices)


def _order(
    document: Release, other: Release, new: frozenset[str], old: frozenset[str]
) -> Iterator[Reason]:
    days = _days_between(document.published or document.seen, other.published or other.seen)
    if days is not None and days > 0:
        yield Reason("came later", 1.0, -1.0)
    if new == old:
        # of two editions without a date, nobody knows which came first
        known = days is not None
        yield Reason("an earlier edition" if known else "no order", 1.0, 0.25 if known else -0.2)
        return
    higher, lower = _version(new), _version(old)
    if new and old and lower < higher:
        # the nearer, the better: 4 before 5 rather than 3
        near = 1.0 / (1.0 + max(0, higher[0] - lower[0] - 1))
        yield Reason("an earlier version", near, 0.2, f"{max(old)} before {max(new)}")
    elif new and old:
        yield Reason("a later version", 1.0, -1.0)


def _version(versions: Iterable[str]) -> tuple[int, ...]:
    parts = [tuple(int(part) for part in each.split(".")[:4]) for each in versions]
    return max(parts, default=(0,))


# -- what a person said -----------------------------------------------------------------------


def _chosen(
    document: Release, other: Release, role: Role, choices: Sequence[Choice]
) -> Choice | None:
    fitting = [
        each
        for each in choices
        if each.role is role and _is(each.document, document) and _is(each.other, other)
    ]
    return fitting[-1] if fitting else None


def _is(name: str, release: Release) -> bool:
    return name == release.key or bool(_places([name]) & _places(release.urls))


@dataclass(frozen=True, slots=True)
class _Key:
    role: Role
    right: bool


_KEYS = {
    "companion": _Key(Role.COMPANION, right=True),
    "not_companion": _Key(Role.COMPANION, right=False),
    "predecessor": _Key(Role.PREDECESSOR, right=True),
    "not_predecessor": _Key(Role.PREDECESSOR, right=False),
}


def load_choices(home: Path) -> tuple[Choice, ...]:
    """What a person said of pairs, in ``pairs.toml``; the last word on a pair holds.

    Raises:
        WatchError: the file is wrong; it says where.
    """
    path = home / FILE_NAME
    if not path.exists():
        return ()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise WatchError(f"cannot be read: {wrong}", where=str(path)) from wrong
    pairs = given.get("pair", [])
    if set(given) - {"pair"} or not isinstance(pairs, list):
        raise WatchError("holds [[pair]] tables and nothing else", where=str(path))
    return tuple(_choice(each, path) for each in pairs)


def _choice(given: object, path: Path) -> Choice:
    hint = f'document = "NAME" and one of {", ".join(_KEYS)}'
    if not isinstance(given, Mapping) or len(given) != 2 or "document" not in given:
        raise WatchError("a [[pair]] has two keys", hint=hint, where=str(path))
    [key] = set(given) - {"document"}
    if key not in _KEYS or not all(isinstance(each, str) and each for each in given.values()):
        raise WatchError("a [[pair]] names two documents", hint=hint, where=str(path))
    return Choice(given["document"], given[key], _KEYS[key].role, _KEYS[key].right)


def add_choice(home: Path, choice: Choice) -> Path:
    """Write down what a person said of a pair.

    Raises:
        WatchError: it cannot be written, or the file is wrong.
    """
    load_choices(home)
    key = next(
        name
        for name, each in _KEYS.items()
        if each.role is choice.role and each.right is choice.right
    )
    path = home / FILE_NAME
    text = f"[[pair]]\ndocument = {_quoted(choice.document)}\n{key} = {_quoted(choice.other)}\n\n"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as wrong:
        raise WatchError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong
    return path


def _quoted(text: str) -> str:
    """A text as TOML's basic string."""
    named = {'"': '\\"', "\\": "\\\\"}
    shown = (
        named.get(char) or (char if char.isprintable() else f"\\U{ord(char):08x}") for char in text
    )
    return f'"{"".join(shown)}"'
