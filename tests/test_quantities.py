"""Numbers are read with what they measure, so that two wordings of one limit compare."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwatch.segment.enumerations import enumeration
from cardwatch.segment.quantities import quantities

CASES = [
    ("more than 10^26 FLOPs", [(1e26, 1e26, "flop", ">")]),
    ("over 10²⁵ operations", [(1e25, 1e25, "flop", ">")]),
    ("at least 1e24 FLOP", [(1e24, 1e24, "flop", ">=")]),
    ("at least every three months", [(90, 90, "days", "=")]),
    ("within 30 days", [(30, 30, "days", "<=")]),
    ("between reviews lie 3 to 6 weeks", [(21, 42, "days", "range")]),
    ("in fewer than 1 of every 50 chats", [(2, 2, "percent", "<")]),
    ("one in four callers", [(25, 25, "percent", "=")]),
    ("roughly 0.03% of requests", [(0.03, 0.03, "percent", "~")]),
    ("a 4x increase", [(4, 4, "ratio", "=")]),
    ("$2.5 million or more", [(2.5e6, 2.5e6, "money", ">=")]),
    ("over 700 million customers", [(7e8, 7e8, "customers", ">")]),
    ("twenty-five reviewers", [(25, 25, "reviewers", "=")]),
    ("aged 13 years or older", [(13 * 365, 13 * 365, "days", ">=")]),
    ("no more than two boards", [(2, 2, "boards", "<=")]),
    ("models at level 3", [(3, 3, "level", "=")]),
    ("fixed by 2027", [(2027, 2027, "year", "=")]),
]


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_a_quantity_has_its_value_unit_and_comparator(text, wanted):
    """A number is read with its unit, its bounds and what is said of them."""
    found = [(q.low, q.high, q.unit, q.comparator) for q in quantities(text)]
    assert [tuple(map(str, one)) for one in found] == [
        (str(float(low)), str(float(high)), unit, sign) for low, high, unit, sign in wanted
    ]


@pytest.mark.parametrize(
    "text",
    ["see Section 3.1", "(Table 4)", "on page 12", "Version 2 of this plan", "one of them",
     "1. We keep logs", "no one knows", "GPT-5 and v3.0", ""],
)  # fmt: skip
def test_a_number_that_names_a_place_is_no_quantity(text):
    """Sections, pages, versions, list items and the pronoun "one" count nothing."""
    assert not [q for q in quantities(text) if q.unit != "level"]


def test_a_month_is_a_range_of_days():
    """A date without its day lies between the month's first and last."""
    (day,) = quantities("from 29 February 2028")
    assert day.low == day.high == date(2028, 2, 29).toordinal()
    (month,) = quantities("since February 2028")
    assert (month.low, month.high) == (
        date(2028, 2, 1).toordinal(),
        date(2028, 2, 29).toordinal(),
    )


@given(st.text(alphabet="0123456789.,-–%$^e xkm²⁶ofleastvdaysm/()", max_size=80), st.integers(0, 9))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_ordered_quantities_within_it(text, offset):
    """Spans lie in the text, in order and apart; values are finite and low is not above high."""
    found = list(quantities(text, offset))
    ends = [offset]
    for one in found:
        assert ends[-1] <= one.span.start < one.span.end <= offset + len(text)
        ends.append(one.span.end)
        assert math.isfinite(one.low)
        assert math.isfinite(one.high)
        assert one.low <= one.high


LISTS = [
    ("We collect names, emails, and phone numbers.", 3, True),
    ("topics related to fire, flood or frost are blocked", 3, True),
    ("safeguards such as filters, monitors, or reviews", 3, False),
    ("This covers fire, flood, and other hazards.", 3, False),
    ("We watch fire, flood, frost, etc. and act.", None, None),
    ("If it rains, we act, and report.", None, None),
    ("one and two", None, None),
]


@pytest.mark.parametrize(("text", "items", "closed"), LISTS)
def test_a_list_is_closed_unless_its_words_leave_it_open(text, items, closed):
    """What "such as", "and other" and "etc." stand by is a list of examples, any other closed."""
    found = enumeration(text)
    if items is None:
        assert found is None or not found.closed
    else:
        assert found is not None
        assert (len(found.items), found.closed) == (items, closed)


def test_the_items_of_a_list_are_its_words():
    """Each item's span gives the item, without commas and joints."""
    text = "It names parks, roads and the old mills."
    found = enumeration(text, 100)
    assert [text[i.start - 100 : i.end - 100] for i in found.items] == [
        "It names parks",
        "roads",
        "the old mills",
    ]


def test_a_list_of_ten_thousand_items_is_read_at_once():
    """The work grows with the length of the text and no faster."""
    found = enumeration("a, " * 20_000 + "and b")
    assert found is not None
    assert len(found.items) <= 60
