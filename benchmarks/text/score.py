"""Scores for found spans against annotated texts.

* exact: same start, same end, an accepted type. overlap: at least one character in common, an accepted type.
* An optional span is neither demanded nor punished: a finding of its type that touches it does not count.
* leak rate: share of the characters of direct identifiers (``DIRECT``) that no finding of any type covers.
* false alarms: share of the texts of group ``neg`` with at least one finding that counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hushu.model import Span
from training.corpus import Gold, Item

DIRECT = frozenset(
    [
        "PERSON",
        "CN_RESIDENT_ID",
        "CN_PASSPORT",
        "CN_TRAVEL_PERMIT",
        "CN_FOREIGNER_ID",
        "CN_MILITARY_ID",
        "CN_SOCIAL_SECURITY_NO",
        "CN_MEDICAL_INSURANCE_NO",
        "CN_RESIDENCE_PERMIT",
        "PHONE_NUMBER",
        "EMAIL_ADDRESS",
        "QQ_NUMBER",
        "WECHAT_ID",
        "USERNAME",
        "CREDENTIAL",
        "ADDRESS",
        "BANK_CARD",
        "MEDICAL_RECORD_NO",
        "LICENSE_PLATE",
        "VIN",
        "IMEI",
        "MAC_ADDRESS",
        "IP_ADDRESS",
        "STUDENT_NO",
        "EMPLOYEE_NO",
        "REAL_ESTATE_NO",
        "UTILITY_ACCOUNT_NO",
    ]
)


@dataclass
class Tally:
    """Counts from which precision, recall and F1 follow."""

    found: int = 0
    right: int = 0
    wanted: int = 0
    met: int = 0

    def figures(self) -> dict[str, float]:
        """Return precision, recall and F1."""
        precision = self.right / self.found if self.found else 0.0
        recall = self.met / self.wanted if self.wanted else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(f1, 4),
            "wanted": self.wanted,
        }


@dataclass
class Score:
    """Everything that is measured on a set of texts."""

    exact: Tally = field(default_factory=Tally)
    overlap: Tally = field(default_factory=Tally)
    exact_by_type: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    overlap_by_type: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    direct: int = 0
    leaked: int = 0
    clean: int = 0
    alarms: int = 0
    texts: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON-ready values."""
        return {
            "texts": self.texts,
            "exact": self.exact.figures(),
            "overlap": self.overlap.figures(),
            "leak_rate": round(self.leaked / self.direct, 4) if self.direct else 0.0,
            "false_alarm_rate": round(self.alarms / self.clean, 4) if self.clean else 0.0,
            "clean_texts": self.clean,
            "exact_by_type": {kind: tally.figures() for kind, tally in sorted(self.exact_by_type.items())},
            "overlap_by_type": {
                kind: tally.figures() for kind, tally in sorted(self.overlap_by_type.items())
            },
        }


def _touch(span: Span, gold: Gold) -> bool:
    return span.start < gold.end and gold.start < span.end


def _counts(span: Span, golds: Sequence[Gold]) -> bool:
    """Whether a finding counts: not when it touches an optional span of its type and no demanded one."""
    touched = [gold for gold in golds if _touch(span, gold) and span.type in gold.types]
    return not touched or any(not gold.optional for gold in touched)


def add(score: Score, item: Item, spans: Sequence[Span]) -> None:
    """Add one text to ``score``."""
    golds = item.spans
    demanded = [gold for gold in golds if not gold.optional]
    counted = [span for span in spans if _counts(span, golds)]
    for gold in demanded:
        kind = gold.types[0]
        exact = any(s.start == gold.start and s.end == gold.end and s.type in gold.types for s in counted)
        overlap = any(_touch(s, gold) and s.type in gold.types for s in counted)
        for tally, met in ((score.exact, exact), (score.exact_by_type[kind], exact)):
            tally.wanted += 1
            tally.met += met
        for tally, met in ((score.overlap, overlap), (score.overlap_by_type[kind], overlap)):
            tally.wanted += 1
            tally.met += met
    for span in counted:
        same = [g for g in demanded if g.start == span.start and g.end == span.end and span.type in g.types]
        near = [g for g in demanded if _touch(span, g) and span.type in g.types]
        for tally, right in ((score.exact, bool(same)), (score.exact_by_type[_kind(same, span)], bool(same))):
            tally.found += 1
            tally.right += right
        for tally, right in (
            (score.overlap, bool(near)),
            (score.overlap_by_type[_kind(near, span)], bool(near)),
        ):
            tally.found += 1
            tally.right += right
    _leak(score, demanded, spans)
    score.texts += 1
    if item.group == "neg":
        score.clean += 1
        score.alarms += bool(counted)


def _kind(golds: Sequence[Gold], span: Span) -> str:
    """With alternatives, the annotators' first choice stands for the type."""
    return golds[0].types[0] if golds else span.type


def _leak(score: Score, demanded: Sequence[Gold], spans: Sequence[Span]) -> None:
    covered = {place for span in spans for place in range(span.start, span.end)}
    for gold in demanded:
        if DIRECT.intersection(gold.types):
            score.direct += gold.end - gold.start
            score.leaked += sum(place not in covered for place in range(gold.start, gold.end))


def score_all(items: Sequence[Item], found: Sequence[Sequence[Span]]) -> Score:
    """Score the findings for a list of texts."""
    score = Score()
    for item, spans in zip(items, found, strict=True):
        add(score, item, spans)
    return score


def table(rows: Mapping[str, Score]) -> str:
    """Return one line a set: the figures that the bars are about."""
    head = f"{'set':28}{'texts':>7}{'exact':>8}{'overlap':>9}{'PERSON':>8}{'ADDRESS':>9}{'ORG':>7}"
    head += f"{'leak':>7}{'alarm':>7}"
    lines = [head]
    for name, score in rows.items():
        kinds = score.exact_by_type
        figures = [score.exact, score.overlap, kinds["PERSON"], kinds["ADDRESS"], kinds["ORGANIZATION"]]
        f1 = [tally.figures()["f1"] for tally in figures]
        numbers = score.to_dict()
        lines.append(
            f"{name:28}{score.texts:7}{f1[0]:8.3f}{f1[1]:9.3f}{f1[2]:8.3f}{f1[3]:9.3f}{f1[4]:7.3f}"
            f"{numbers['leak_rate']:7.3f}{numbers['false_alarm_rate']:7.3f}"
        )
    return "\n".join(lines)


def _shown(text: str, start: int, end: int) -> str:
    return f"{text[max(0, start - 8) : start]}【{text[start:end]}】{text[end : end + 8]}"


def mistakes(items: Sequence[Item], found: Sequence[Sequence[Span]], limit: int = 100) -> Counter[str]:
    """Count what went wrong, as ``missed|found`` surfaces with context; for synthetic texts only."""
    out: Counter[str] = Counter()
    for item, spans in zip(items, found, strict=True):
        text, golds = item.text, item.spans
        for gold in golds:
            if not gold.optional and not any(
                s.start == gold.start and s.end == gold.end and s.type in gold.types for s in spans
            ):
                out[f"MISS {gold.types[0]} {_shown(text, gold.start, gold.end)}"] += 1
        for span in spans:
            right = any(g.start == span.start and g.end == span.end and span.type in g.types for g in golds)
            if not right and _counts(span, golds):
                out[f"SPUR {span.type} {_shown(text, span.start, span.end)}"] += 1
    return Counter(dict(out.most_common(limit)))
