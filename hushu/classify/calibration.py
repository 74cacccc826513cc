"""From the probability of the score to how often such a verdict is right, measured on generated tables."""

from __future__ import annotations

from bisect import bisect_right

# (probability of the score, how often right): isotonic regression over 10,649 verdicts of the sources tune
# and dev (with rows, without, without headers), drawn half-way back to the diagonal because these sources
# were looked at while the vocabulary grew; the error on unseen sources stands in docs/benchmarks.md.
_SCORED = (0.0, 0.4, 0.55, 0.65, 0.75, 0.85, 0.93, 0.97, 0.99, 1.0)
_RIGHT = (0.0, 0.4, 0.68, 0.78, 0.85, 0.91, 0.96, 0.98, 0.993, 0.999)
CURVE: tuple[tuple[float, float], ...] = tuple(zip(_SCORED, _RIGHT, strict=True))


def calibrated(chance: float) -> float:
    """Return how often a verdict with this probability is right, 0..1.

    Example:
        >>> calibrated(1.0) > calibrated(0.5)
        True
    """
    at = min(bisect_right(CURVE, (chance, 2.0)), len(CURVE) - 1)
    (x0, y0), (x1, y1) = CURVE[at - 1], CURVE[at]
    return y0 + (y1 - y0) * (min(max(chance, x0), x1) - x0) / (x1 - x0)
