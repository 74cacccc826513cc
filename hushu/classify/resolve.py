"""One text, several voices: which span stands when they overlap.

Evidence decides, structured types first: a validated identifier outranks a labelled value,
which outranks the model; among equals the longer span, then the higher score.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence

from hushu.model import Span

_NAME_SURE = 0.85
_LEAST_PIECE = 4
_HAN_NAME = re.compile(r"[\u3400-\u9fff·]{2,12}")


def resolve(text: str, *voices: Iterable[Span]) -> list[Span]:
    """Return non-overlapping spans, sorted by start; earlier voices outrank later ones.

    What a weaker span covers beside a stronger one is kept when it is still a span of its own
    (an address does not vanish because a telephone number stands in its middle).
    O(n log n) comparisons for n spans.

    Example:
        >>> strong = Span(start=7, end=18, type="PHONE_NUMBER", score=0.99)
        >>> weak = Span(start=0, end=18, type="ADDRESS", score=0.6)
        >>> [s.type for s in resolve("浦东新区张杨路13800138000", [strong], [weak])]
        ['ADDRESS', 'PHONE_NUMBER']
    """
    taken: list[Span] = []
    for voice in voices:
        for span in sorted(voice, key=_longest_first):
            for piece in _remaining(text, span, overlapping(taken, span.start, span.end)):
                insort(taken, piece, key=_start)
    return taken


def overlapping(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """Return those of the sorted, non-overlapping ``spans`` that share a character with ``start:end``."""
    first = bisect_left(spans, start, key=_start)
    if first and spans[first - 1].end > start:
        first -= 1
    last = bisect_left(spans, end, key=_start)
    return spans[first:last]


def _start(span: Span) -> int:
    return span.start


def _longest_first(span: Span) -> tuple[int, float]:
    return (span.start - span.end, -span.score)


def _remaining(text: str, span: Span, stronger: Sequence[Span]) -> list[Span]:
    if not stronger:
        return [span]
    borders = [span.start, *(edge for other in stronger for edge in (other.start, other.end)), span.end]
    gaps = [(borders[i], borders[i + 1]) for i in range(0, len(borders), 2)]
    pieces = (_piece(text, span, start, end) for start, end in gaps if start < end)
    return [piece for piece in pieces if piece is not None]


def _piece(text: str, span: Span, start: int, end: int) -> Span | None:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    # A crumb beside an identifier says nothing; a few words of an address do.
    if end - start < min(_LEAST_PIECE, span.end - span.start):
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
            Span(start=place, end=place + len(name), type="PERSON", score=_NAME_SURE)
            for place in _occurrences(text, name)
        ]
    return resolve(text, spans, extra) if extra else spans


def _occurrences(text: str, word: str) -> Iterator[int]:
    """Yield where ``word`` begins in ``text``, without overlaps; a pattern would be compiled first."""
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + len(word))
