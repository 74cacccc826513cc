"""From the probability of the score to how often such a verdict is right, measured on generated tables."""

from __future__ import annotations

from bisect import bisect_right

# (probability of the score, how often right), fitted by `python -m benchmarks.columns --calibrate`.
CURVE: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0))


def calibrated(chance: float) -> float:
    """Return how often a verdict with this probability is right, 0..1.

    Example:
        >>> calibrated(1.0) > calibrated(0.5)
        True
    """
    at = min(bisect_right(CURVE, (chance, 2.0)), len(CURVE) - 1)
    (x0, y0), (x1, y1) = CURVE[at - 1], CURVE[at]
    return y0 + (y1 - y0) * (min(max(chance, x0), x1) - x0) / (x1 - x0)
