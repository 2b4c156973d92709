"""What is known and what is suppressed: by the file, by the day, and always counted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch.baseline import Known, Named, read_suppressions, triage
from cardwatch.errors import ReportError
from cardwatch.model import Standing, Suppression

TODAY = date(2030, 5, 5)
FINDINGS = (
    Named("a1", "falls-back", "7.1 Storage"),
    Named("b2", "data-kept", "7.2 Readers"),
    Named("c3", "data-kept", "9 Tests"),
)


def read(text: str) -> tuple[Suppression, ...]:
    return read_suppressions(text, "file.toml")


def test_a_file_says_what_is_left_out_and_why() -> None:
    """An id, or patterns of which all must fit; the reason goes with the finding."""
    orders = read(
        """
        [[suppress]]
        id = "a1"
        reason = "told in the help pages"

        [[suppress]]
        rule = "DATA-*"
        section = "7.*"
        reason = "settled"
        expires = 2030-05-05
        """
    )
    made = triage(FINDINGS, None, orders, TODAY)
    assert [(each.id, each.reason) for each in made.suppressed] == [
        ("a1", "told in the help pages"),
        ("b2", "settled"),
    ]
    assert made.standing("b2") is Standing.SUPPRESSED
    assert made.standing("c3") is Standing.NEW
    assert made.says == "2 suppressed"


def test_a_suppression_holds_through_its_last_day_and_no_longer() -> None:
    """The day after, it leaves nothing out, and the report says that it has expired."""
    order = Suppression("later", id="a1", expires="2030-05-05")
    assert triage(FINDINGS, None, [order], TODAY).suppressed
    after = triage(FINDINGS, None, [order], date(2030, 5, 6))
    assert not after.suppressed
    assert after.expired == (order,)
    assert after.unused == ()


def test_a_suppression_that_fits_nothing_is_told() -> None:
    """A finding that is gone leaves an order behind that somebody should take away."""
    order = Suppression("gone", id="zz")
    assert triage(FINDINGS, None, [order], TODAY).unused == (order,)


def test_a_baseline_parts_known_new_and_gone() -> None:
    """What was there before is known; what is there no more is counted too."""
    made = triage(FINDINGS, Known("old.json", {"a1", "zz"}), [], TODAY)
    assert (made.known, made.gone) == (("a1",), ("zz",))
    assert made.standing("a1") is Standing.KNOWN
    assert made.standing("b2") is Standing.NEW


@given(
    st.frozensets(st.sampled_from("abcdef")),
    st.frozensets(st.sampled_from("abcdef")),
    st.frozensets(st.sampled_from("abcdef")),
)
def test_every_finding_is_counted_once(
    here: frozenset[str], before: frozenset[str], orders: frozenset[str]
) -> None:
    """New, known and suppressed are all findings; gone is what the baseline had besides."""
    findings = [Named(each, "r", "s") for each in sorted(here)]
    given_orders = [Suppression("x", id=each) for each in sorted(orders)]
    made = triage(findings, Known("b", before), given_orders, TODAY)
    stands = [made.standing(each) for each in here]
    assert stands.count(Standing.SUPPRESSED) == len(made.suppressed) == len(here & orders)
    assert stands.count(Standing.KNOWN) == len(made.known) == len((here & before) - orders)
    assert set(made.gone) == before - here
    assert len(made.unused) == len(orders - here)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[suppress]]\nid = 'a'", "a reason is missing"),
        ("[[suppress]]\nid = 'a'\nreason = ' '", "a reason is missing"),
        ("[[suppress]]\nreason = 'x'", "an id, or else"),
        ("[[suppress]]\nid = 'a'\nrule = 'b'\nreason = 'x'", "an id, or else"),
        ("[[suppress]]\nid = 'a'\nreason = 'x'\nuntil = 2030-01-01", "unknown key 'until'"),
        ("[[suppress]]\nid = 'a'\nreason = 'x'\nexpires = 'soon'", "expires must be a day"),
        ("[[suppress]]\nid = 'a'\nreason = 'x'\nexpires = 2030-01-01T00:00:00", "must be a day"),
        ("[[suppress]]\nid = 3\nreason = 'x'", "id must be a text"),
        ("[[suppressed]]\nid = 'a'", "unknown key 'suppressed'"),
        ("suppress = 3", "each suppression is a table"),
        ("suppress = [", "is no TOML"),
        ("[[suppress]]\nrule = '" + "a" * 999 + "'\nreason = 'x'", "longer than"),
    ],
)
def test_a_wrong_file_is_refused(text: str, message: str) -> None:
    """A typing error must not leave a finding in or out: it is told, with its place."""
    with pytest.raises(ReportError) as caught:
        read(text)
    assert message in str(caught.value)
    assert "file.toml" in str(caught.value)


def test_patterns_end_in_time() -> None:
    """No pattern makes matching slow, whatever its stars."""
    order = Suppression("x", rule="*a" * 99 + "b")
    made = triage([Named("1", "a" * 5_000, "")], None, [order], TODAY)
    assert made.unused == (order,)
