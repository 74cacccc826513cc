"""Rules that prove themselves: every example of every type, and which rules claim the examples of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hushu.rules.vocabulary import TypeEntry, load

Trust = Callable[[TypeEntry, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An example that the rules of its type judge wrongly. ``example`` is synthetic, from the vocabulary."""

    type: str
    example: str
    expected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """What running every example gave.

    ``confusion`` maps a type to the other types whose rules also claim some of its positive examples, with
    how many of them; that two rules claim one value is no error (headers decide), but it is worth knowing.
    """

    examples: int
    failures: tuple[Failure, ...]
    confusion: Mapping[str, Mapping[str, int]]

    @property
    def passed(self) -> bool:
        """Whether every example came out as it should."""
        return not self.failures


def selftest(trust: Trust, types: Sequence[str] = ()) -> SelfTest:
    """Run every positive and negative example of the vocabulary.

    A positive example must fit some rule of its type; a negative one must not be trusted half as far as
    the best positive one (a wrong check digit leaves the right length, which is worth a little).

    Args:
        trust: tells for each value how far the rules of a type trust it, 0 when none fits; the column
            scanner's is :func:`hushu.classify.values.trust`.
        types: only these; default all.

    Example:
        >>> selftest(lambda entry, values: [float(v in entry.match) for v in values]).passed
        True
    """
    entries = [entry for entry in load().values() if not types or entry.id in types]
    failures: list[Failure] = []
    confusion: dict[str, dict[str, int]] = {}
    bars = {entry.id: max(trust(entry, entry.match), default=0.0) / 2 for entry in load().values()}
    for entry in entries:
        given = zip(entry.match, trust(entry, entry.match), strict=True)
        failures += [Failure(type=entry.id, example=e, expected=True) for e, t in given if t <= 0]
        given = zip(entry.no_match, trust(entry, entry.no_match), strict=True)
        failures += [
            Failure(type=entry.id, example=e, expected=False) for e, t in given if t and t >= bars[entry.id]
        ]
        claims = {
            other.id: sum(t > 0 and t >= bars[other.id] for t in trust(other, entry.match))
            for other in load().values()
            if other.id != entry.id
        }
        confusion[entry.id] = {other: count for other, count in claims.items() if count}
    count = sum(len(e.match) + len(e.no_match) for e in entries)
    return SelfTest(examples=count, failures=tuple(failures), confusion=confusion)
