"""Personal data in text: every span of it, in batches.

Three voices are asked and reconciled: structured identifiers (:mod:`hushu.classify.kernel`,
validated), labelled values (:mod:`hushu.classify.labelled`) and the character tagger
(:mod:`hushu.classify.tagger`) for names, addresses, organisations and what else only context shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from hushu.classify.addresses import addresses
from hushu.classify.labelled import floors, labelled
from hushu.classify.listed import listed
from hushu.classify.resolve import overlapping, repeat_names, resolve
from hushu.model import Span
from hushu.rules import vocabulary

if TYPE_CHECKING:
    from hushu.classify.tagger import Tagger

DEFAULT_THRESHOLD = 0.25
_BATCH_CHARACTERS = 200_000
# Characters of the longest name taken for one: two Spanish surnames, or a Uyghur name with its patronymic.
_LONGEST_NAME = 40
# What a span must show for the model to be believed about a type that has a form; spelled digits count.
_NUMERALS = frozenset("0123456789０１２３４５６７８９〇零一二三四五六七八九幺")
_LEAST_NUMERALS = {
    "PHONE_NUMBER": 7, "BANK_CARD": 12, "CN_PASSPORT": 1, "CN_TRAVEL_PERMIT": 1, "CN_SOCIAL_SECURITY_NO": 1,
    "CN_MEDICAL_INSURANCE_NO": 1, "CN_RESIDENCE_PERMIT": 1, "CN_FOREIGNER_ID": 1, "BANK_ACCOUNT": 1,
    "MEDICAL_RECORD_NO": 1, "EMPLOYEE_NO": 1, "UTILITY_ACCOUNT_NO": 1, "LICENSE_PLATE": 1, "QQ_NUMBER": 5,
}  # fmt: skip
_SHAPES = {
    "EMAIL_ADDRESS": re.compile(r"[@＠]| at |艾特"),
    "IP_ADDRESS": re.compile(r"^(?!255\.)[0-9]{1,3}(?:\.[0-9xX*]{1,3}){3}|:.*:"),
    "MAC_ADDRESS": re.compile(r"^[0-9A-Fa-f]{2}[:-]|^[0-9A-Fa-f]{12}$"),
}


def find(
    texts: str | Sequence[str], *, types: Iterable[str] | None = None, threshold: float = DEFAULT_THRESHOLD
) -> list[list[Span]]:
    """Return the spans of personal data in each text.

    Args:
        texts: n texts; a single string counts as one, None as an empty one.
        types: only these types; default: all.
        threshold: least calibrated score, 0..1, of what the model alone says.

    Returns:
        n lists of non-overlapping spans sorted by start; offsets in characters of the original
        text, half-open.

    Example:
        >>> [s.type for s in find(["电话13800138000"])[0]]
        ['PHONE_NUMBER']
    """
    batch = [texts] if isinstance(texts, str) else [text or "" for text in texts]
    wanted = None if types is None else frozenset(types)
    found: list[list[Span]] = []
    for part in _batches(batch):
        found += reconciled(part, _tagger(), threshold)
    if wanted is None:
        return found
    return [[span for span in spans if span.type in wanted] for spans in found]


def reconciled(texts: list[str], tagger: Tagger, threshold: float = DEFAULT_THRESHOLD) -> list[list[Span]]:
    """Return what all voices say with ``tagger`` as the model; benchmarks bring models of their own."""
    from hushu.classify import kernel

    structured, behind_labels = kernel.spans(texts), labelled(texts)
    # A sure identifier makes a doubtful name beside it likelier; the tagger is told where they stand.
    vouched = [
        [s.start for s in (*sure, *said)] for sure, said in zip(structured, behind_labels, strict=True)
    ]
    named = tagger.tag(texts, vouched)
    floor = [[*places, *words] for places, words in zip(addresses(texts), floors(texts), strict=True)]
    voices = zip(texts, structured, behind_labels, named, floor, strict=True)
    found = [
        _spoken(text, (sure, said, [s for s in guessed if s.score >= threshold], beneath))
        for text, sure, said, guessed, beneath in voices
    ]
    return [_not_redacted(text, spans) if spans else spans for text, spans in zip(texts, found, strict=True)]


def _spoken(text: str, voices: tuple[list[Span], ...]) -> list[Span]:
    """Reconcile the voices of one text; most texts have none."""
    if not any(voices):
        return []
    sure, said, guessed, floor = voices
    believed = [span for span in guessed if _plausible(text, span)]
    # The floor speaks only where the model is silent: the model's own cut is the better one.
    silent = [s for s in floor if not any(b.start < s.end and s.start < b.end for b in believed)]
    spans = resolve(text, sure, said, believed, silent)
    return repeat_names(text, resolve(text, spans, listed(text, spans)))


def _plausible(text: str, span: Span) -> bool:
    """No name is this long, no number is without digits: what the model takes for one is noise."""
    said = text[span.start : span.end]
    if span.type == "PERSON":
        return len(said) <= _LONGEST_NAME
    if span.type in _SHAPES:
        return _SHAPES[span.type].search(said) is not None
    return sum(c in _NUMERALS for c in said) >= _LEAST_NUMERALS.get(span.type, 0)


def _not_redacted(text: str, spans: list[Span]) -> list[Span]:
    """Leave alone what stands where something was taken out: ``<PERSON>``, 「姓名」, a token, ``****``."""
    places = [
        Span(start=hit.start(), end=hit.end(), type="", score=1.0) for hit in _placeholders().finditer(text)
    ]
    return [span for span in spans if not overlapping(places, span.start, span.end)] if places else spans


@lru_cache(maxsize=1)
def _placeholders() -> re.Pattern[str]:
    known = vocabulary.load()
    ids = "|".join(known)
    labels = "|".join(re.escape(entry.zh) for entry in known.values())
    return re.compile(rf"<(?:{ids})>|「(?:{labels})」|(?:{ids})-[a-z2-7]{{6}}-[a-z2-7]{{16}}|[*＊]{{2,}}")


def _batches(texts: list[str]) -> Iterable[list[str]]:
    part: list[str] = []
    size = 0
    for text in texts:
        part.append(text)
        size += len(text)
        if size >= _BATCH_CHARACTERS:
            yield part
            part, size = [], 0
    if part:
        yield part


@lru_cache(maxsize=1)
def _tagger() -> Tagger:
    from hushu.classify.tagger import Tagger

    return Tagger.load()
