"""What a scan found, table by table: the document that everything after it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hushu.model.findings import (
    Content,
    Evidence,
    Finding,
    Grade,
    Status,
    grade_told,
    grades_known,
    known,
    told,
)

INVENTORY_SCHEMA = "hushu.inventory/1"


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
        out |= told(
            self.finding,
            confidence=round(self.confidence, 4),
            contains=tuple(map(told, self.contains)),
            evidence=tuple(map(told, self.evidence)),
            facts=dict(self.finding.facts),
        )
        out["status"] = self.status
        out["grades"] = {pack: grade_told(grade) for pack, grade in self.grades.items()}
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
                contains=tuple(known(Content, c) for c in data.get("contains", ())),
                evidence=tuple(known(Evidence, e) for e in data.get("evidence", ())),
                nulls=data.get("nulls", 0),
                distinct=data.get("distinct"),
                runner_up=data.get("runner_up"),
                warnings=tuple(data.get("warnings", ())),
                facts=dict(data.get("facts", {})),
            ),
            grades=grades_known(data.get("grades", {})),
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
            "grades": {pack: grade_told(grade) for pack, grade in self.grades.items()},
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
            grades=grades_known(data.get("grades", {})),
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
            "packs": [told(p) for p in self.packs],
            "tables": [t.to_dict() for t in self.tables],
            "not_examined": [told(n) for n in self.not_examined],
            "grades": {pack: grade_told(grade) for pack, grade in self.grades.items()},
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
            packs=tuple(known(PackRef, p) for p in data.get("packs", ())),
            tables=tuple(Table.from_dict(t) for t in data.get("tables", ())),
            not_examined=tuple(known(NotExamined, n) for n in data.get("not_examined", ())),
            grades=grades_known(data.get("grades", {})),
            conflicts=tuple(data.get("conflicts", ())),
        )

    def with_tables(self, tables: tuple[Table, ...]) -> Inventory:
        """Return a copy that holds ``tables`` instead."""
        return replace(self, tables=tables)
