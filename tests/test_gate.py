"""The quality gate: judgement on the demo corpus does not fall below its floors."""

from __future__ import annotations

import pytest

from tests.measure import demo


@pytest.mark.slow
def test_judgement_keeps_its_floors() -> None:
    """No figure on the demo corpus falls; another corpus or gold needs floors pinned anew."""
    pinned = demo.floors()
    assert pinned["corpus"] == demo.digest(), "the corpus changed: pin the floors again"
    found = {figure.name: figure for figure in demo.figures()}
    assert set(found) == set(pinned["floors"])
    low = {
        name: (found[name].right, floor, found[name].misses)
        for name, floor in pinned["floors"].items()
        if found[name].right < floor
    }
    assert not low


def test_a_floor_is_never_lowered(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pinning takes the higher of floor and figure."""
    floor_file = demo.Path(str(tmp_path)) / "gate.toml"
    monkeypatch.setattr(demo, "FLOORS", floor_file)
    demo.pin([demo.Figure("a", 3, 5, ()), demo.Figure("b", 1, 5, ())])
    demo.pin([demo.Figure("a", 2, 5, ()), demo.Figure("b", 4, 5, ())])
    assert demo.floors()["floors"] == {"a": 3, "b": 4}
