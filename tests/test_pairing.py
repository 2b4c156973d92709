"""A document and its announcement find each other; what only looks alike does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cardwatch.errors import WatchError
from cardwatch.model.release import Choice, Release, Role
from cardwatch.pairing import (
    FILE_NAME,
    THRESHOLD,
    add_choice,
    best,
    is_document,
    load_choices,
    rank_companions,
    rank_predecessors,
)

CARD = Release(
    "lab/heron-5-card",
    "Heron 5 System Card",
    ("https://cdn.lab.example/heron-5.pdf",),
    "Lab",
    "2026-06-01",
    pdf=True,
)
POST = Release(
    "lab/heron-5", "Introducing Heron 5", ("https://lab.example/news/heron-5",), "Lab", "2026-06-01"
)
OLD_POST = Release(
    "lab/heron-4", "Introducing Heron 4", ("https://lab.example/news/heron-4",), "Lab", "2025-11-20"
)
OTHER_POST = Release(
    "lab/offices", "Our offices in Oslo", ("https://lab.example/news/oslo",), "Lab", "2026-06-01"
)
OLD_CARD = replace(
    CARD,
    key="lab/heron-4-card",
    title="Heron 4 System Card",
    urls=("https://cdn.lab.example/heron-4.pdf",),
    published="2025-11-20",
)
OTHERS = (OTHER_POST, OLD_POST, POST, OLD_CARD)


def taken(document: Release, *others: Release, choices: tuple[Choice, ...] = ()) -> str:
    match = best(rank_companions(document, others, choices))
    return match.other if match else ""


def test_a_link_is_enough() -> None:
    """A page that links to the document announces it, whatever it is called."""
    post = Release("p", "A note", ("https://x.example/a",), links=(CARD.urls[0] + "?utm=1#p3",))
    assert taken(replace(CARD, publisher="", published=""), post, OTHER_POST) == "p"


def test_a_link_from_the_document_is_enough_with_the_publisher() -> None:
    """The other way round, too."""
    card = replace(CARD, links=("http://www.lab.example/news/heron-5/",))
    assert taken(card, *OTHERS) == POST.key


def test_name_version_and_date_are_enough() -> None:
    """The same name and version from one publisher within days."""
    match = best(rank_companions(CARD, OTHERS))
    assert match
    assert match.other == POST.key
    assert match.score >= THRESHOLD
    assert {each.name for each in match.reasons} >= {"name in both titles", "dates", "publisher"}


def test_an_earlier_version_s_post_is_not_taken() -> None:
    """The post of the version before names the same model, and another number."""
    assert taken(CARD, OLD_POST, OTHER_POST) == ""
    assert taken(CARD, replace(OLD_POST, published="2026-06-01")) == ""


def test_a_post_of_the_day_about_something_else_is_not_taken() -> None:
    """Publisher and date alone are no evidence."""
    assert taken(CARD, OTHER_POST) == ""


def test_another_publisher_s_post_is_not_taken() -> None:
    """Two laboratories may call their models alike."""
    assert taken(CARD, replace(POST, publisher="Other Lab")) == ""


def test_a_document_is_no_announcement() -> None:
    """Two documents of one release are not each other's announcement."""
    addendum = replace(CARD, key="addendum", title="Heron 5 System Card Addendum")
    assert taken(CARD, addendum) == ""
    assert is_document(CARD)
    assert not is_document(POST)
    news = replace(POST, title="Harbour Safety Policy 3.0")
    assert not is_document(news)
    assert is_document(replace(news, urls=("https://lab.example/policies/harbour",)))


def test_a_date_in_a_title_is_no_version() -> None:
    """Years and months tell editions apart, not models."""
    card = replace(CARD, title="Heron System Card, June 2026")
    post = replace(POST, title="Introducing Heron")
    assert taken(card, post) == POST.key


def test_the_name_may_stand_in_the_text_alone() -> None:
    """A post whose title says nothing is found by its beginning, its day and its publisher."""
    post = replace(POST, title="A step forward", opening="Today we release Heron 5, our model.")
    ranked = rank_companions(CARD, (OTHER_POST, post))
    assert ranked[0].other == POST.key


@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        (OLD_CARD, True),
        (replace(CARD, key="v1", published="2026-05-01"), True),
        (replace(CARD, key="v1", published="", seen="2026-05-01"), True),
        (replace(CARD, key="v1", published=""), False),
        (replace(OLD_CARD, title="Heron 6 System Card"), False),
        (replace(OLD_CARD, published="2026-07-01"), False),
        (replace(OLD_CARD, title="Egret 4 System Card"), False),
        (replace(OLD_CARD, title="Heron 4 Privacy Policy"), False),
        (replace(OLD_CARD, publisher="Other Lab"), False),
        (POST, False),
    ],
)
def test_predecessors(other: Release, wanted: bool) -> None:
    """An earlier version or edition of the same kind, name and publisher, and nothing else."""
    assert (best(rank_predecessors(CARD, [other])) is not None) is wanted


def test_the_nearest_version_comes_first() -> None:
    """Of several earlier versions, the last."""
    older = replace(OLD_CARD, key="3", title="Heron 3 System Card", published="2025-01-01")
    ranked = rank_predecessors(CARD, (older, OLD_CARD))
    assert [each.other for each in ranked] == [OLD_CARD.key, "3"]


def test_a_person_is_right(tmp_path: Path) -> None:
    """What was confirmed holds, what was refused does not, and the last word counts."""
    assert load_choices(tmp_path) == ()
    add_choice(tmp_path, Choice(CARD.key, POST.key, right=False))
    assert taken(CARD, *OTHERS, choices=load_choices(tmp_path)) == ""
    add_choice(tmp_path, Choice(CARD.urls[0], OTHER_POST.key))
    assert taken(CARD, *OTHERS, choices=load_choices(tmp_path)) == OTHER_POST.key
    add_choice(tmp_path, Choice(CARD.key, POST.urls[0]))
    add_choice(tmp_path, Choice(CARD.key, OTHER_POST.key, right=False))
    add_choice(tmp_path, Choice(CARD.key, OLD_POST.key, Role.PREDECESSOR))
    assert taken(CARD, *OTHERS, choices=load_choices(tmp_path)) == POST.key


@pytest.mark.parametrize(
    "text",
    [
        "pair = 1",
        "[[pair]]\ndocument = 'a'",
        "x = 1",
        "[[pair]]\ndocument = 'a'\nfriend = 'b'",
        "=",
    ],
)
def test_a_wrong_file_says_so(tmp_path: Path, text: str) -> None:
    """A slip in the file is told, and nothing is added to it."""
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(WatchError):
        load_choices(tmp_path)
    with pytest.raises(WatchError):
        add_choice(tmp_path, Choice("a", "b"))
    assert (tmp_path / FILE_NAME).read_text() == text


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb = 1", "é\u202e\x00", "'''"])
def test_a_name_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    """No name ends its line or its quotes."""
    add_choice(tmp_path, Choice(name, "other"))
    assert load_choices(tmp_path) == (Choice(name, "other"),)


def test_hostile_titles_are_bounded() -> None:
    """Very long titles and addresses that are none take no time and break nothing."""
    strange = Release(
        "x", "9" * 100_000 + " a" * 100_000, ("http://[::1", "\x00", ""), links=("//",)
    )
    assert best(rank_companions(CARD, (strange,))) is None
    assert best(rank_companions(strange, OTHERS)) is None
    assert best(rank_predecessors(strange, OTHERS)) is None


def test_order_does_not_matter() -> None:
    """The ranking is the same in whatever order the others come."""
    assert rank_companions(CARD, OTHERS) == rank_companions(CARD, OTHERS[::-1])
