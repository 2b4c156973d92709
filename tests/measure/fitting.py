"""Logistic models fitted for the weights files: needs scikit-learn or SciPy, which users do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from cardwatch.resources import folder


def fit(
    rows: Sequence[Mapping[str, float]],
    gold: Sequence[bool],
    names: Sequence[str],
    *,
    penalty: float,
    weights: Sequence[float] | None = None,
    positive: bool = False,
    floors: Mapping[str, float] | None = None,
) -> tuple[float, dict[str, float]]:
    """Bias and weights on the raw features; ``penalty`` is on the standardised ones (L2).

    ``positive`` keeps every weight at or above zero, ``floors`` at or above a given number:
    what is known to count although the rows do not show it.
    """
    raw = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    mean, scale = raw.mean(0), raw.std(0) + 1e-9
    x, y = (raw - mean) / scale, np.array(gold, float)
    w = np.ones(len(y)) if weights is None else np.array(weights)
    w = w / w.sum()

    def loss(b: Any) -> tuple[float, Any]:
        z = x @ b[1:] + b[0]
        error = w * (1 / (1 + np.exp(-z)) - y)
        value = (w * (np.logaddexp(0, z) - y * z)).sum() + penalty * (b[1:] ** 2).sum()
        return value, np.r_[error.sum(), x.T @ error + 2 * penalty * b[1:]]

    low = [
        (floors or {}).get(name, 0.0 if positive else -np.inf) * size
        for name, size in zip(names, scale, strict=True)
    ]
    found = minimize(
        loss,
        np.zeros(len(names) + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None)] + [(least, None) for least in low],
    ).x
    slopes = found[1:] / scale
    return float(found[0] - (slopes * mean).sum()), dict(
        zip(names, map(float, slopes), strict=True)
    )


def write(
    name: str,
    head: str,
    models: Mapping[str, tuple[float, Mapping[str, float], Mapping[str, float]]],
) -> Path:
    """Write ``rules/weights/<name>.toml``: for each model its bias, weights and cuts."""
    lines = [f"# {line}".rstrip() for line in head.strip().splitlines()]
    for key, (bias, slopes, cuts) in models.items():
        lines += ["", f"[{key}]", f"bias = {bias:.4f}", "", f"[{key}.weights]"]
        lines += [f"{feature} = {slope:.4f}" for feature, slope in slopes.items()]
        if cuts:
            lines += ["", f"[{key}.cuts]"] + [f"{cut} = {value:.4f}" for cut, value in cuts.items()]
    target = folder("rules") / "weights" / f"{name}.toml"
    target.write_text("\n".join(lines) + "\n")
    return target
