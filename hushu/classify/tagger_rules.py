"""The few rules after the network: which proposals stand, where they end, how sure.

A doubtful proposal stands only where a sure one is near: text about somebody names somebody plainly, and
a lone half-likely name in a text without any other personal data is nearly always a word.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Final

from hushu.model import Span

CAUTION: Final = 1.5  # how much the networks are distrusted where they see nothing; see `spans`
SURE: Final = 0.85  # what a proposal needs, all in all, to vouch for its surroundings
LIKELY: Final = 0.4  # what a proposal needs near a sure one
NEAR: Final = 400  # characters
CALIBRATION: Final = (-1.22, 0.38, 0.43)  # offset; weights of the logits of presence and kind
WORDY: Final = frozenset(("PERSON", "ADDRESS", "ORGANIZATION", "REGION", "DIAGNOSIS", "BIRTH_DATE"))
GENERAL: Final = frozenset(
    ("DIAGNOSIS", "REGION", "MEDICATION", "TEST_RESULT", "OCCUPATION", "FAMILY_RELATION")
)

_EDGES: Final = " \t\r\n\u3000,，。;；:：、!！?？|\"'“”‘’<>《》{}【】"
_TITLE: Final = re.compile(
    "(?:先生|女士|小姐|阿姨|叔叔|大爷|大妈|老师|医生|医师|主任|师傅|经理|同志|阿婆|伯伯|爷叔|警官|同学|律师)$"
)
_TAIL: Final = re.compile(
    "(?:门口|门前|对面|楼上|楼下|附近|旁边|隔壁|楼道里?|村民|居民|业主|住户|一带|后门|东侧|西侧|南侧|北侧|一侧)$"
)


_ENDINGS: Final = {"PERSON": _TITLE, "ADDRESS": _TAIL, "BIRTH_DATE": re.compile("出?生$")}


_PUBLIC_LATIN: Final = frozenset(
    ("John Doe", "Jane Doe", "Joe Bloggs", "Hong Kong", "Shanghai", "Beijing", "New York", "Foo Bar")
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A span as the network proposes it: the probabilities that something is here, of this type, so cut."""

    start: int
    end: int
    type: str
    presence: float
    kind: float
    border: float

    @property
    def sure(self) -> bool:
        """Whether it stands by itself. A disease or a place without a person is general knowledge."""
        return self.type not in GENERAL and self.presence * self.kind * self.border >= SURE

    @property
    def likely(self) -> bool:
        """Whether it stands beside a sure one. A number is somebody's even where its kind is in doubt."""
        return self.presence * (self.kind if self.type in WORDY else 1.0) >= LIKELY


def refine(text: str, drafts: Sequence[Draft], vouched: Sequence[int] = ()) -> list[Span]:
    """Drop what does not stand, trim what is too long, and calibrate.

    Args:
        text: the original text.
        drafts: the network's proposals, in order.
        vouched: places where other evidence, such as a number with a check digit, found personal data.
    """
    return [_span(draft) for draft in standing(text, drafts, vouched)]


def standing(text: str, drafts: Sequence[Draft], vouched: Sequence[int] = ()) -> list[Draft]:
    """Return the drafts that stand, trimmed."""
    sure = sorted([*vouched, *(draft.start for draft in drafts if draft.sure and not _public(text, draft))])
    if not sure:
        return []
    near = (draft for draft in drafts if draft.likely and _near(draft.start, sure))
    trimmed = (_trim(text, draft) for draft in near)
    return [draft for draft in trimmed if draft.end > draft.start]


def _public(text: str, draft: Draft) -> bool:
    """Whether a name alone tells of no private person: 司马光, 孟加拉, John Doe. Beside others it may."""
    return draft.type == "PERSON" and text[draft.start : draft.end] in _public_names()


@cache
def _public_names() -> frozenset[str]:
    """Persons of history and literature, placeholders, countries and provinces."""
    listed = resources.files("hushu.classify.models").joinpath("publicnames.txt").read_text("utf-8")
    return frozenset(listed.split()) | _PUBLIC_LATIN


def _near(place: int, sure: Sequence[int]) -> bool:
    after = bisect_left(sure, place)
    return any(abs(place - other) <= NEAR for other in sure[max(0, after - 1) : after + 1])


def _trim(text: str, draft: Draft) -> Draft:
    """Cut blanks and punctuation at the ends, a title after a name, a tail after an address."""
    start, end = draft.start, draft.end
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    pattern = _ENDINGS.get(draft.type)
    if pattern:
        cut = pattern.search(text, start, end)
        if cut and cut.start() - start >= 2:
            end = cut.start()
    return replace(draft, start=start, end=end)


def _span(draft: Draft) -> Span:
    logit = CALIBRATION[0]
    for weight, share in zip(CALIBRATION[1:], (draft.presence, draft.kind), strict=True):
        logit += weight * _logit(share)
    score = 1 / (1 + math.exp(-logit))
    return Span(start=draft.start, end=draft.end, type=draft.type, score=score)


def _logit(share: float) -> float:
    share = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(share / (1 - share))
