"""One text, several voices: which span stands when they overlap.

Evidence decides, structured types first: a validated identifier outranks a labelled value,
which outranks the model; among equals the longer span, then the higher score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hushu.model import Span

_NAME_SURE = 0.85
_HAN_NAME = re.compile(r"[\u3400-\u9fff·]{2,12}")


def resolve(text: str, *voices: Iterable[Span]) -> list[Span]:
    """Return non-overlapping spans, sorted by start; earlier voices outrank later ones.

    What a weaker span covers beside a stronger one is kept when it is still a span of its own
    (an address does not vanish because a telephone number stands in its middle).

    Example:
        >>> strong = Span(start=3, end=14, type="PHONE_NUMBER", score=0.99)
        >>> weak = Span(start=0, end=14, type="ADDRESS", score=0.6)
        >>> [s.type for s in resolve("张伟 13800138000", [strong], [weak])]
        ['ADDRESS', 'PHONE_NUMBER']
    """
    taken: list[Span] = []
    for voice in voices:
        for span in sorted(voice, key=lambda s: (s.start - s.end, -s.score)):
            taken += _remaining(text, span, taken)
    return sorted(taken, key=lambda span: span.start)


def _remaining(text: str, span: Span, taken: Sequence[Span]) -> list[Span]:
    pieces = [(span.start, span.end)]
    for other in taken:
        pieces = [
            piece
            for start, end in pieces
            for piece in (
                [(start, min(end, other.start)), (max(start, other.end), end)]
                if other.start < end and start < other.end
                else [(start, end)]
            )
            if piece[0] < piece[1]
        ]
    if pieces == [(span.start, span.end)]:
        return [span]
    return [piece for start, end in pieces if (piece := _piece(text, span, start, end)) is not None]


def _piece(text: str, span: Span, start: int, end: int) -> Span | None:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    # Half an identifier is none; of words, two characters are the least that says something.
    if end - start < 2 or end - start < (span.end - span.start) // 3:
        return None
    return Span(start=start, end=end, type=span.type, score=span.score)


def repeat_names(text: str, spans: list[Span]) -> list[Span]:
    """Return ``spans`` with every further occurrence of a surely found name.

    A name that the model saw once stands for the same person wherever the text repeats it.

    Example:
        >>> text = "王建国来电。王建国再次来电"
        >>> len(repeat_names(text, [Span(start=0, end=3, type="PERSON", score=0.99)]))
        2
    """
    names = {
        text[s.start : s.end]
        for s in spans
        if s.type == "PERSON" and s.score >= _NAME_SURE and _HAN_NAME.fullmatch(text[s.start : s.end])
    }
    extra: list[Span] = []
    for name in names:
        # Two characters are often part of a word (高兴 in 高兴地); three and more are not.
        if len(name) < 3 and text.count(name) > 6:
            continue
        extra += [
            Span(start=hit.start(), end=hit.end(), type="PERSON", score=_NAME_SURE)
            for hit in re.finditer(re.escape(name), text)
        ]
    return resolve(text, spans, extra) if extra else spans
