"""What a header says: the reading that the readers of Chinese and of Latin headers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Factors by which a word counts for less; they hold for Chinese and Latin headers alike.
NOT_LAST = 0.12  # the word stands in the header, but the header is about something else
COUNTERED = 0.15
SURE = 0.75  # a word below it says less when an unknown word stands before it (低保 + 证件号)
SPECIAL = 0.9
FLAGGED = 0.5  # 是否汉族 says little of the ethnic group
UNNAMED = 0.12  # 是否有手机 is not a telephone number
ENDING_BELOW = 0.56

Found = dict[str, tuple[float, str]]
"""Type → weight and the word behind it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a header says: weights 0..1 by type, the word behind each, and the words that speak against.

    ``clear`` tells that the header means something to us or to a reader (it is not ``c1`` or ``F0012``);
    ``derived`` that it names a count, a sum or a mean; ``outside`` is a word for
    what lies outside the vocabulary, whatever its values look like (产地); ``number`` tells that the header
    names a number or code of something.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    against: Mapping[str, str] = field(default_factory=dict)
    clear: bool = False
    derived: bool = False
    outside: str = ""
    number: bool = False


def stronger(a: Heading, b: Heading, factor: float) -> Heading:
    """Return both readings, the second counting ``factor``; of two weights of a type the larger."""
    weights, words = dict(a.weights), dict(a.words)
    for type_id, weight in b.weights.items():
        if weight * factor > weights.get(type_id, 0):
            weights[type_id] = weight * factor
            words[type_id] = b.words[type_id]
    return Heading(
        weights=weights,
        words=words,
        against={**b.against, **a.against},
        clear=a.clear or b.clear,
        derived=a.derived or b.derived,
        outside=a.outside or b.outside,
        number=a.number or b.number,
    )
