"""From the network's numbers to spans: the best legal sequence of borders, then the type of each span."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

OUTSIDE, BEGIN, INSIDE, END, SINGLE = range(5)
_OPEN: Final = (BEGIN, INSIDE)  # states after which a span goes on
_BLOCKED: Final = -1e9


def _legal() -> Floats:
    """Score 0 for a legal step from one border state to the next, very low otherwise."""
    table = np.full((5, 5), _BLOCKED, dtype=np.float32)
    for before in range(5):
        for after in range(5):
            if (before in _OPEN) == (after in (INSIDE, END)):
                table[before, after] = 0.0
    return table


_STEPS: Final = _legal()


def log_softmax(logits: Floats) -> Floats:
    """Return the logarithm of the softmax over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    out: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return out


def best_states(borders: Floats) -> npt.NDArray[np.int8]:
    """Return the most probable legal states of one text.

    Args:
        borders: log probabilities, shape (n, 5).

    Most texts are legal as they stand; only the stretches that are not go through Viterbi.
    """
    states: npt.NDArray[np.int8] = borders.argmax(axis=1).astype(np.int8)
    if not len(states):
        return states
    step = _STEPS[states[:-1], states[1:]] < 0
    broken = np.zeros(len(states), dtype=np.bool_)
    broken[:-1] |= step
    broken[1:] |= step
    broken[0] |= states[0] in (INSIDE, END)
    broken[-1] |= states[-1] in _OPEN
    if not broken.any():
        return states
    # A stretch between two certain outsides can be solved alone.
    sure = (states == OUTSIDE) & (borders[:, OUTSIDE] > -0.01)
    cuts = np.flatnonzero(sure)
    done = -1
    for place in np.flatnonzero(broken):
        if place <= done:
            continue
        after = np.searchsorted(cuts, place)
        low = int(cuts[after - 1]) if after > 0 else 0
        high = int(cuts[after]) + 1 if after < len(cuts) else len(states)
        states[low:high] = _viterbi(borders[low:high])
        done = high - 1
    return states


def _viterbi(borders: Floats) -> npt.NDArray[np.int8]:
    count = len(borders)
    back = np.zeros((count, 5), dtype=np.int8)
    score = borders[0].copy()
    score[[INSIDE, END]] = _BLOCKED
    for row in range(1, count):
        paths = score[:, None] + _STEPS
        back[row] = paths.argmax(axis=0)
        score = paths.max(axis=0) + borders[row]
    score[[BEGIN, INSIDE]] = _BLOCKED
    states: npt.NDArray[np.int8] = np.zeros(count, dtype=np.int8)
    states[-1] = score.argmax()
    for row in range(count - 1, 0, -1):
        states[row - 1] = back[row, states[row]]
    return states


class Proposal(NamedTuple):
    """A span, its type's row, and three probabilities: something is here, of this type, cut like this."""

    start: int
    end: int
    row: int
    presence: float
    kind: float
    border: float


def spans(logits: Floats, caution: float = 0.0) -> list[Proposal]:
    """Return the spans of one text.

    Args:
        logits: shape (n, 5 + types), the border states first.
        caution: by how much (natural logarithm of odds) to disbelieve that a character is nobody's: what is
            overlooked leaks, what is found in vain is weighed again by the rules.
    """
    outside = np.array([caution, 0, 0, 0, 0], dtype=np.float32)
    borders = log_softmax(logits[:, :5] - outside)
    states = best_states(borders)
    starts = np.flatnonzero((states == BEGIN) | (states == SINGLE))
    ends = np.flatnonzero((states == END) | (states == SINGLE)) + 1
    if not len(starts):
        return []
    inside = states != OUTSIDE
    lengths = ends - starts
    firsts = np.cumsum(lengths) - lengths
    share = lengths.astype(np.float32)
    kinds = np.add.reduceat(log_softmax(logits[inside, 5:]), firsts, axis=0) / share[:, None]
    rows = kinds.argmax(axis=1)
    there = np.add.reduceat(1 - np.exp(borders[inside, OUTSIDE]), firsts) / share
    lowest = np.exp(np.minimum.reduceat(borders[inside, states[inside]], firsts))
    kind = np.exp(kinds[np.arange(len(rows)), rows])
    columns = (starts, ends, rows, there, kind, lowest)
    return [Proposal(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]
