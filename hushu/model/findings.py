"""What was found: spans in a text, evidence and type of a column, the grade and its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

EvidenceKind = Literal["value", "header", "comment", "table", "model", "combination"]
Status = Literal["suggested", "confirmed", "overridden", "locked"]
Verified = Literal["fulltext", "excerpt", "memory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of text that is personal data.

    Offsets count characters of the original text, half-open; ``score`` lies in 0..1.
    """

    start: int
    end: int
    type: str
    score: float

    def to_dict(self) -> dict[str, Any]:
        """Return the span as the JSON object of ``hushu redact --format jsonl``."""
        return {"start": self.start, "end": self.end, "type": self.type, "score": round(self.score, 4)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason for (positive ``weight``) or against (negative) a type, in log-odds.

    ``matched`` of ``of`` cells agreed; both are 0 for evidence that is not about cells.
    """

    kind: EvidenceKind
    rule: str
    matched: int = 0
    of: int = 0
    weight: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A type that occurs in part of a column's cells: exact ``count`` and ``share`` of non-null cells."""

    type: str
    count: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the values and the header of one column say: the type it *is*, and what it *contains*."""

    type: str | None = None
    confidence: float = 0.0
    contains: tuple[Content, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    nulls: int = 0
    distinct: int | None = None
    runner_up: str | None = None
    warnings: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)  # precision, address_depth, min_age, … for packs


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule that fired: its text, and the statement of law behind it with how far that was verified."""

    rule: str
    text: str
    source: str
    article: str
    verified: Verified
    text_en: str = ""
    effect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A level under one pack, with the rules that fired in the order in which they were weighed."""

    level: str
    because: tuple[Reason, ...] = ()
    review: bool = False
    category: str = ""
    flags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)  # sharing_type, open_type, …


def told(one: Any, **holding: Any) -> dict[str, Any]:
    """Return a frozen object as a JSON object, one level deep; ``holding`` replaces fields."""
    return {name: getattr(one, name) for name in one.__dataclass_fields__} | holding


def grade_told(grade: Grade) -> dict[str, Any]:
    """Return a grade as its JSON object."""
    return told(grade, because=tuple(map(told, grade.because)), attributes=dict(grade.attributes))


def known(kind: type[Any], data: Mapping[str, Any]) -> Any:
    """Build an object of ``kind`` from the fields it knows; what a newer version wrote is ignored."""
    names = kind.__dataclass_fields__
    return kind(**{key: value for key, value in data.items() if key in names})


def grades_known(data: Mapping[str, Any]) -> dict[str, Grade]:
    """Build the grades of all packs from their JSON objects."""
    return {
        pack: Grade(
            level=grade["level"],
            because=tuple(known(Reason, r) for r in grade.get("because", ())),
            review=grade.get("review", False),
            category=grade.get("category", ""),
            flags=tuple(grade.get("flags", ())),
            attributes=dict(grade.get("attributes", {})),
        )
        for pack, grade in data.items()
    }
