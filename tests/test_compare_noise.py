"""The quick comparison: where it answers, it says what ``compare`` says."""

from __future__ import annotations

import pytest

from cardwatch import app
from cardwatch.model import Document
from tests.test_watch import FRAMEWORK, TERMS, changed

BASE = "\n\n".join(TERMS)


def both(old: str, new: str) -> tuple[object, object]:
    made = Document.from_text(old), Document.from_text(new)
    quick = app.compare_noise(*made)
    return quick, app.compare(*(Document.from_text(each) for each in (old, new)))


@pytest.mark.parametrize(
    "new",
    [
        BASE,
        BASE.replace("3 days ago", "9 days ago"),
        BASE.replace('"Changes"', "“Changes”"),
        BASE.replace("aaa1", "bbb2").replace("\n\n", "\n\n\n"),
    ],
)
def test_noise_is_the_same_noise(new: str) -> None:
    """Equal in every field."""
    quick, full = both(BASE, new)
    assert quick == full


@pytest.mark.parametrize(
    "new",
    [
        "\n\n".join(changed(TERMS, "eighteen", "sixteen")),
        "\n\n".join(TERMS[:-1]),
        "\n\n".join((*TERMS, *FRAMEWORK)),
        "\n\n".join(changed(TERMS, "We may suspend", "We may not suspend")),
    ],
)
def test_what_may_be_news_is_left_to_the_whole_comparison(new: str) -> None:
    """Nothing of substance is ever called noise."""
    quick, full = both(BASE, new)
    assert quick is None
    assert any(not each.noise for each in full.changes)  # type: ignore[attr-defined]
