"""What every section is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hushu.model import Column, Inventory, Plan, Table
from hushu.reports.names import Names
from hushu.reports.view import Chip
from hushu.reports.words import Say
from hushu.rules import vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """An inventory and, where there are any, the plan and the certificate of the release."""

    inventory: Inventory
    plan: Plan | None
    certificate: Mapping[str, Any] | None
    names: Names

    @property
    def say(self) -> Say:
        """Return the speaker of the report's language."""
        return self.names.say

    @property
    def main_pack(self) -> str:
        """Return the pack whose levels the summary counts."""
        return self.names.packs[0] if self.names.packs else ""

    @property
    def proven(self) -> bool:
        """Return whether the release was verified and every check held; nothing checked proves nothing."""
        if self.certificate is None:
            return False
        checks = self.certificate["verification"]["checks"]
        held = all(check.get("holds") is True for check in checks)
        return self.certificate["verification"].get("holds") is True and bool(checks) and held

    def columns(self) -> Iterator[tuple[Table, Column]]:
        """Yield every column with its table."""
        for table in self.inventory.tables:
            for column in table.columns:
                yield table, column

    def personal(self, column: Column) -> bool:
        """Return whether the column is, or in part contains, a type of personal data."""
        found = {column.type, *(c.type for c in column.contains)}
        types = vocabulary.load()
        return any(t in types and types[t].kind == "personal" for t in found if t)

    def open_questions(self) -> list[tuple[Table, Column]]:
        """Return the columns that a person must still decide on."""
        return [(t, c) for t, c in self.columns() if needs_person(c)]


def worth_telling(column: Column) -> bool:
    """Return whether something was found in a column, asked about it, decided on it or wrong with it."""
    asked = column.status != "suggested" or any(grade.review for grade in column.grades.values())
    return asked or bool(column.type or column.contains or column.finding.warnings)


def needs_person(column: Column) -> bool:
    """Return whether a rule asks for a person's decision and nobody has decided yet."""
    return column.status == "suggested" and any(g.review for g in column.grades.values())


def outcome(say: Say, holds: bool | None) -> Chip:
    """Return the chip of a check; None means that nothing sets a limit."""
    if holds is None:
        return Chip(text=say("outcome.no_limit"), tone="muted")
    if holds:
        return Chip(text=say("outcome.holds"), tone="good")
    return Chip(text=say("outcome.fails"), tone="bad")
