"""Whether a change was announced: held against what the publisher says beside the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from cardwatch import app as use
from cardwatch.model import Change, Document
from cardwatch.model.watch import Judgement, Verdict, WatchSource
from cardwatch.store import Store
from cardwatch.watch.posting import Post
from cardwatch.watch.releasing import Releases
from cardwatch.watch.settings import Settings, World


class Accounts:
    """The announcements of the documents of one run."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        world: World,
        known: Callable[[], Mapping[str, WatchSource]],
    ) -> None:
        self._known = known
        self._releases = Releases(store, settings, world, Post(store, settings))

    def of(self, source: WatchSource) -> Document | None:
        """What announces a document, if it was found in a list or its file names a companion."""
        if not (source.companion or source.parent):
            return None
        group = self._releases.group_of(self._known(), source.name)
        return group.companion.document if group and group.companion else None


def audited(
    judgement: Judgement, old: Document, new: Document, account: Document | None
) -> Judgement:
    """The judgement of a change, whose changes say whether they were announced.

    Its publisher's accounts are ``account`` and a list of changes inside ``new``; without
    either, nothing is said. They keep the ranks of the comparison, from which severities come.
    """
    if judgement.verdict is not Verdict.CHANGED or judgement.revision is None:
        return judgement
    compared = [change for change in judgement.revision.changes if not change.noise]
    changes = tuple(
        replace(change, rank_score=_rank(change, compared))
        for change in use.audit_revision(old, new, account).changes
    )
    return replace(judgement, revision=replace(judgement.revision, changes=changes))


def _rank(change: Change, compared: Sequence[Change]) -> float:
    """The highest rank that a comparison gives to what a change of an audit is made of.

    An audit ranks by what binds, on a scale of its own: by that, an announced document would
    never be as severe as one that nobody announced.
    """
    ranks = [each.rank_score for each in compared if _same(change, each)]
    return max(ranks, default=change.rank_score)


def _same(one: Change, other: Change) -> bool:
    sides = ((one.old, other.old), (one.new, other.new))
    return any(a and b and a.span.overlaps(b.span) for a, b in sides)
