"""Applying what people decided to what a scan found.

Confirmed and overridden columns keep their decision through every re-scan. What a decision can no
longer mean (its column is gone, its level left the pack, its basis is not one) is listed in
``Inventory.conflicts`` and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from hushu.model import Column, Decision, Grade, Inventory, Reason, Table
from hushu.rules.bases import basis_kind
from hushu.rules.grading import grade, load_packs
from hushu.rules.pack import Level, Pack


def apply_decisions(
    inventory: Inventory,
    decisions: Iterable[Decision],
    *,
    packs: Sequence[Pack] | None = None,
    as_of: date | None = None,
) -> Inventory:
    """Return the inventory as people decided it, graded anew.

    Args:
        inventory: a scan's result.
        decisions: those in force; an entry that is only ``suggested`` changes nothing.
        packs: the packs to grade under; those named in the inventory unless told.
        as_of: the day whose law counts; the inventory's own unless told.

    Returns:
        A new inventory; ``conflicts`` lists every decision that could not be applied, and why.

    Raises:
        ConfigError: HS-E101 when a pack named in the inventory is not among the shipped ones.

    Example:
        >>> from hushu.model import Finding
        >>> t = Table(name="t", rows=1, examined=1, columns=(Column(name="a", finding=Finding()),))
        >>> d = Decision(table="t", column="a", type="PERSON", type_decided=True, by="Li", at="2026-11-21")
        >>> apply_decisions(Inventory(tables=(t,)), [d], packs=load_packs(["cn-national"]))["t"]["a"].type
        'PERSON'
    """
    day = as_of or (date.fromisoformat(inventory.as_of) if inventory.as_of else date.today())
    laws = tuple(packs) if packs is not None else load_packs([ref.id for ref in inventory.packs])
    return _Deciding(inventory, laws, day).run(decisions)


class _Deciding:
    """One application; collects the conflicts on its way."""

    def __init__(self, inventory: Inventory, packs: tuple[Pack, ...], day: date) -> None:
        self._inventory = inventory
        self._packs = {pack.id: pack for pack in packs}
        self._day = day
        self._conflicts: list[str] = []
        self._tables = {table.name: table for table in inventory.tables}
        self._columns = {(table.name, column.name) for table in inventory.tables for column in table.columns}

    def run(self, decisions: Iterable[Decision]) -> Inventory:
        grouped: dict[tuple[str, str], list[Decision]] = {}
        for decision in decisions:
            if decision.status != "suggested" and self._stands(decision):
                grouped.setdefault((decision.table, decision.column), []).append(decision)
        for made in grouped.values():
            if len(made) > 1 and any(_content(made[0]) != _content(other) for other in made[1:]):
                who = " / ".join(f"{d.by} ({d.at}{f', {d.origin}' if d.origin else ''})" for d in made)
                self._conflict(
                    made[0], f"decided differently by {who}; the stricter grade stands until one yields"
                )
        typed = self._inventory.with_tables(
            tuple(self._typed(table, grouped) for table in self._inventory.tables)
        )

        def adjust(table: Table, column: Column | None, grades: Mapping[str, Grade]) -> Mapping[str, Grade]:
            made = grouped.get((table.name, column.name if column else ""), [])
            return self._levelled(made, grades) if made else grades

        graded = grade(typed, tuple(self._packs.values()), as_of=self._day, adjust=adjust)
        conflicts = tuple(dict.fromkeys((*self._inventory.conflicts, *self._conflicts)))
        return replace(graded, conflicts=conflicts)

    def _stands(self, decision: Decision) -> bool:
        """Say whether the decision still has its place and time; list it as a conflict when not."""
        if decision.expires and date.fromisoformat(decision.expires[:10]) < self._day:
            self._conflict(decision, f"expired on {decision.expires}; the suggestion of the scan stands")
            return False
        table = self._tables.get(decision.table)
        if table is None:
            self._conflict(decision, "the table is gone or renamed; the decision is kept but not applied")
            return False
        if decision.column and (decision.table, decision.column) not in self._columns:
            self._conflict(
                decision, f"the column is gone or renamed{_perhaps(decision, table)}; kept, not applied"
            )
            return False
        return True

    def _typed(self, table: Table, grouped: Mapping[tuple[str, str], list[Decision]]) -> Table:
        return replace(
            table,
            columns=tuple(
                _with_type(column, grouped.get((table.name, column.name), [])) for column in table.columns
            ),
        )

    def _levelled(self, made: list[Decision], grades: Mapping[str, Grade]) -> Mapping[str, Grade]:
        out = dict(grades)
        for pack_id, computed in grades.items():
            pack = self._packs[pack_id]
            chosen = [
                (decision, decision.levels[pack_id])
                for decision in made
                if pack_id in decision.levels and self._allowed(decision, pack)
            ]
            if not chosen:
                continue
            for decision, level in chosen:
                if decision.status == "confirmed" and level != computed.level:
                    self._conflict(
                        decision,
                        f"confirmed as {level} under {pack_id}, but its rules now say {computed.level}",
                    )
            levels = {level for _, level in chosen}
            if len(levels) > 1:
                chosen.append((chosen[0][0], computed.level))
            decision, level = max(chosen, key=lambda pair: pack.rank(pair[1]))
            out[pack_id] = _decided(decision, level, computed)
        return out

    def _allowed(self, decision: Decision, pack: Pack) -> bool:
        wanted = decision.levels[pack.id]
        level = next((known for known in pack.levels if known.id == wanted), None)
        if level is None:
            self._conflict(decision, f"the level {wanted} is no longer in {pack.id}; the rules' grade stands")
            return False
        return self._has_basis(decision, level, pack)

    def _has_basis(self, decision: Decision, level: Level, pack: Pack) -> bool:
        kind = basis_kind(decision.basis)
        if not level.bases or kind in level.bases:
            return True
        found = f"«{decision.basis}» reads as {kind}" if decision.basis else "no basis is given"
        self._conflict(
            decision,
            f"{level.id} under {pack.id} needs one of {', '.join(level.bases)} as its basis; {found}; "
            "the rules' grade stands",
        )
        return False

    def _conflict(self, decision: Decision, why: str) -> None:
        place = f"{decision.table}.{decision.column}" if decision.column else decision.table
        self._conflicts.append(f"{place}: {why}" + (f" [{decision.origin}]" if decision.origin else ""))


def _with_type(column: Column, made: Sequence[Decision]) -> Column:
    if not made:
        return column
    status = max((decision.status for decision in made), key=("confirmed", "overridden", "locked").index)
    types = {decision.type for decision in made if decision.type_decided}
    if len(types) != 1 or types == {column.type}:
        return replace(column, status=status)
    (decided,) = types
    author = next(decision for decision in made if decision.type_decided)
    note = f"type set by {author.by} on {author.at}; the scan said {column.type or 'nothing'}"
    finding = replace(
        column.finding,
        type=decided,
        confidence=1.0,
        runner_up=column.type,
        warnings=(*column.finding.warnings, note),
    )
    return replace(column, status=status, finding=finding)


def _decided(decision: Decision, level: str, computed: Grade) -> Grade:
    said = f"{decision.reason or decision.kind or decision.status}"
    reason = Reason(
        rule="decision",
        text=f"人工定级（{decision.status}）：{said}；规则给出 {computed.level}",
        text_en=f"decided by a person ({decision.status}): {said}; the rules say {computed.level}",
        source=f"{decision.by} {decision.at}".strip(),
        article=decision.basis or "-",
        verified="fulltext",
        effect=level,
    )
    return replace(
        computed,
        level=level,
        because=(reason, *computed.because),
        review=False,
        attributes={**computed.attributes, **decision.attributes},
    )


def _content(decision: Decision) -> tuple[object, ...]:
    return decision.type_decided, decision.type, tuple(sorted(decision.levels.items()))


def _perhaps(decision: Decision, table: Table) -> str:
    alike = [c.name for c in table.columns if decision.type_decided and c.type == decision.type and c.type]
    return f" (perhaps {' or '.join(alike[:3])})" if alike else ""
