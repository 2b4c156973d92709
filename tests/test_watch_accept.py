"""What a person says is the document is the document: no more waiting, and no alert."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cardwatch.errors import CardwatchError, WatchError
from cardwatch.model.watch import Verdict
from cardwatch.store import Store
from cardwatch.watch import keeping
from tests.conftest import Ran
from tests.test_watch import TERMS, Watch
from tests.watching import Site, page, settings, source, told, world

pytestmark = pytest.mark.usefixtures("quick_disk")

SHORT = ("These terms were put anew into a few words.", "You may leave at any time you like.")


@pytest.fixture
def watch(tmp_path: Path, site: Site) -> Watch:
    source(tmp_path, "terms", f'url = "{site.url("/terms")}"\nevery = "1d"\n')
    site.put("/terms", page(*TERMS))
    made = Watch(tmp_path)
    made.run()
    return made


def accept(watch: Watch, reference: str = "terms") -> keeping.Accepted:
    return keeping.accept(settings(watch.home), reference, world(watch.clock))


def test_a_collapse_that_is_right_is_normal_at_once(watch: Watch, site: Site) -> None:
    """It is not told, and the next change is measured from it."""
    site.put("/terms", page(*SHORT))
    assert watch.verdicts(days=1) == {"terms": Verdict.BAD_CAPTURE}
    assert accept(watch).before == "sudden collapse"
    assert watch.verdicts(days=1) == {"terms": Verdict.SAME_BYTES}
    assert told(watch.home) == []
    site.put("/terms", page(SHORT[0], "You may not leave at any time you like."))
    assert watch.verdicts(days=1) == {"terms": Verdict.CHANGED}
    assert told(watch.home) == ["terms changed: one change"]


def test_what_was_told_as_trouble_is_over_without_a_word(watch: Watch, site: Site) -> None:
    """The matter closes; that the person knows needs no second alert."""
    site.put("/terms", page("Page not found? It is the name of our terms.", title="Terms"))
    for _ in range(4):
        watch.run(days=1)
    assert told(watch.home) == ["terms shows something else in its place"]
    assert accept(watch).closed == 1
    watch.run(days=1)
    assert len(told(watch.home)) == 1
    with Store(watch.home) as store:
        assert store.matters(unresolved=True) == ()
        assert store.track("terms").trouble is None


def test_lists_and_strangers_are_refused(watch: Watch, site: Site) -> None:
    """A list has no text, an unknown name no snapshot."""
    source(watch.home, "news", f'url = "{site.url("/news")}"\nkind = "listing"\n')
    site.put("/news", '<a href="a">A</a>')
    watch.run(days=1)
    for name in ("news", "nobody", "terms@latest"):
        with pytest.raises(CardwatchError):
            accept(watch, name)
    with pytest.raises(WatchError, match="a list"):
        accept(watch, "news")


def test_the_command_says_what_it_took(
    watch: Watch, site: Site, cardwatch: Callable[..., Ran]
) -> None:
    """The snapshot, and what it had been held for; the log has it too."""
    site.put("/terms", page(*SHORT))
    watch.run(days=1)
    done = cardwatch("watch", "accept", "terms", "--home", watch.home)
    assert done.code == 0
    assert "sudden collapse" in done.out
    assert "accepted" in cardwatch("watch", "log", "--home", watch.home).out
