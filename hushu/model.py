"""The data that flows through hushu: frozen, slotted, without a raw value of any person.

One way through the house: a source is scanned into an :class:`Inventory`; people add
:class:`Decision`; a :class:`Purpose` turns it into a :class:`Plan`; applying the plan yields a
:class:`Release`. Each class converts to and from the JSON that the contracts fix
(``hushu.inventory/1`` and friends).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

EvidenceKind = Literal["value", "header", "comment", "table", "model", "combination"]
Status = Literal["suggested", "confirmed", "overridden", "locked"]
Verified = Literal["fulltext", "excerpt", "memory"]
Action = Literal["keep", "drop", "transform"]

INVENTORY_SCHEMA = "hushu.inventory/1"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table, what was found in it, and its grade under each pack."""

    name: str
    data_type: str = ""
    comment: str = ""
    finding: Finding = field(default_factory=Finding)
    status: Status = "suggested"
    grades: Mapping[str, Grade] = field(default_factory=dict)
    primary_key: bool = False
    references: str = ""

    @property
    def type(self) -> str | None:
        """The type of ``types.csv`` that the column is, or None."""
        return self.finding.type

    @property
    def confidence(self) -> float:
        """Calibrated probability, 0..1, that :attr:`type` is right."""
        return self.finding.confidence

    @property
    def contains(self) -> tuple[Content, ...]:
        """What occurs in part of the cells."""
        return self.finding.contains

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Why :attr:`type` was chosen."""
        return self.finding.evidence

    def to_dict(self) -> dict[str, Any]:
        """Return the column as it stands in ``hushu.inventory/1``."""
        out: dict[str, Any] = {
            "name": self.name,
            "data_type": self.data_type,
            "comment": self.comment,
            "primary_key": self.primary_key,
            "references": self.references,
        }
        out |= _told(
            self.finding,
            confidence=round(self.confidence, 4),
            contains=tuple(map(_told, self.contains)),
            evidence=tuple(map(_told, self.evidence)),
            facts=dict(self.finding.facts),
        )
        out["status"] = self.status
        out["grades"] = {pack: _grade_told(grade) for pack, grade in self.grades.items()}
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Column:
        """Build a column from its JSON object; unknown fields are ignored."""
        return cls(
            name=data["name"],
            data_type=data.get("data_type", ""),
            comment=data.get("comment", ""),
            primary_key=data.get("primary_key", False),
            references=data.get("references", ""),
            status=data.get("status", "suggested"),
            finding=Finding(
                type=data.get("type"),
                confidence=data.get("confidence", 0.0),
                contains=tuple(_known(Content, c) for c in data.get("contains", ())),
                evidence=tuple(_known(Evidence, e) for e in data.get("evidence", ())),
                nulls=data.get("nulls", 0),
                distinct=data.get("distinct"),
                runner_up=data.get("runner_up"),
                warnings=tuple(data.get("warnings", ())),
                facts=dict(data.get("facts", {})),
            ),
            grades=_grades(data.get("grades", {})),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: how much of it was examined and how, its columns and its own grade."""

    name: str
    comment: str = ""
    rows: int | None = None
    examined: int = 0
    method: str = "all"
    bound: str = ""  # what the sample cannot rule out, in words
    columns: tuple[Column, ...] = ()
    grades: Mapping[str, Grade] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)  # persons, minors, … for packs

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def to_dict(self) -> dict[str, Any]:
        """Return the table as it stands in ``hushu.inventory/1``."""
        return {
            "name": self.name,
            "comment": self.comment,
            "rows": self.rows,
            "examined": self.examined,
            "method": self.method,
            "bound": self.bound,
            "columns": [c.to_dict() for c in self.columns],
            "grades": {pack: _grade_told(grade) for pack, grade in self.grades.items()},
            "facts": dict(self.facts),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Table:
        """Build a table from its JSON object; unknown fields are ignored."""
        return cls(
            name=data["name"],
            comment=data.get("comment", ""),
            rows=data.get("rows"),
            examined=data.get("examined", 0),
            method=data.get("method", "all"),
            bound=data.get("bound", ""),
            columns=tuple(Column.from_dict(c) for c in data.get("columns", ())),
            grades=_grades(data.get("grades", {})),
            facts=dict(data.get("facts", {})),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotExamined:
    """Something that was not looked at. Unknown is not clean: it is listed in every rendering."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRef:
    """The pack that graded, pinned by version and hash of its file."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What a scan found. The document that everything after it reads."""

    source: str = ""
    scanned_at: str = ""
    as_of: str = ""
    tool: str = ""
    packs: tuple[PackRef, ...] = ()
    tables: tuple[Table, ...] = ()
    not_examined: tuple[NotExamined, ...] = ()
    grades: Mapping[str, Grade] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Table:
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables)

    def to_dict(self) -> dict[str, Any]:
        """Return the inventory as ``hushu.inventory/1``."""
        return {
            "schema": INVENTORY_SCHEMA,
            "source": self.source,
            "scanned_at": self.scanned_at,
            "as_of": self.as_of,
            "tool": self.tool,
            "packs": [_told(p) for p in self.packs],
            "tables": [t.to_dict() for t in self.tables],
            "not_examined": [_told(n) for n in self.not_examined],
            "grades": {pack: _grade_told(grade) for pack, grade in self.grades.items()},
            "conflicts": list(self.conflicts),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Inventory:
        """Build an inventory from ``hushu.inventory/1``; unknown fields are ignored."""
        return cls(
            source=data.get("source", ""),
            scanned_at=data.get("scanned_at", ""),
            as_of=data.get("as_of", ""),
            tool=data.get("tool", ""),
            packs=tuple(_known(PackRef, p) for p in data.get("packs", ())),
            tables=tuple(Table.from_dict(t) for t in data.get("tables", ())),
            not_examined=tuple(_known(NotExamined, n) for n in data.get("not_examined", ())),
            grades=_grades(data.get("grades", {})),
            conflicts=tuple(data.get("conflicts", ())),
        )

    def with_tables(self, tables: tuple[Table, ...]) -> Inventory:
        """Return a copy that holds ``tables`` instead."""
        return replace(self, tables=tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's confirmation or correction of one column (or of a table, when ``column`` is empty)."""

    table: str
    column: str = ""
    status: Status = "confirmed"
    type: str | None = None
    type_decided: bool = False  # True: `type` is the decision, even when it is None
    levels: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    at: str = ""
    kind: str = ""
    reason: str = ""
    basis: str = ""
    expires: str = ""
    origin: str = field(default="", compare=False)  # file and line it was read from, for messages


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeItem:
    """One thing the recipient needs, at the coarsest grain that serves.

    ``item`` names a type of the vocabulary, or a column as ``table.column``.
    """

    item: str
    grain: str = "exact"
    why: str = ""
    alias: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)  # for the operator, e.g. what counts as "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Who asks for what, for which matter, on what basis (order 809, art. 20: five request fields)."""

    id: str
    title: str
    matter: str
    provider: str
    recipient: str
    basis: str
    scenario: str
    scope: str
    mode: str
    until: str
    use: str = "share"
    items: tuple[PurposeItem, ...] = ()
    tables: tuple[str, ...] = ()
    retention: str = ""
    privacy: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanColumn:
    """The fate of one column: kept, dropped or transformed, and the article that says so."""

    name: str
    type: str | None
    action: Action
    operator: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    grain: str = "drop"
    output: str = ""
    proposed: str = "drop"  # the grain that the planner chose; a finer one needs `reason`
    why: str = ""
    because: tuple[Reason, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTable:
    """The fate of one table."""

    name: str
    columns: tuple[PlanColumn, ...]
    rows: str = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """For every column its fate. A column nobody asked for is dropped (default-deny)."""

    purpose: Purpose
    packs: tuple[PackRef, ...]
    tables: tuple[PlanTable, ...]
    inventory_sha256: str = ""
    privacy: Mapping[str, Any] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What left: the frame or the folder, and the certificate that proves how."""

    certificate: Mapping[str, Any]
    frame: Any = None
    path: str = ""


def _told(one: Any, **holding: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__} | holding


def _grade_told(grade: Grade) -> dict[str, Any]:
    return _told(grade, because=tuple(map(_told, grade.because)), attributes=dict(grade.attributes))


def _known(kind: type[Any], data: Mapping[str, Any]) -> Any:
    names = kind.__dataclass_fields__
    return kind(**{key: value for key, value in data.items() if key in names})


def _grades(data: Mapping[str, Any]) -> dict[str, Grade]:
    return {
        pack: Grade(
            level=grade["level"],
            because=tuple(_known(Reason, r) for r in grade.get("because", ())),
            review=grade.get("review", False),
            category=grade.get("category", ""),
            flags=tuple(grade.get("flags", ())),
            attributes=dict(grade.get("attributes", {})),
        )
        for pack, grade in data.items()
    }
