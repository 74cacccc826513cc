"""From a purpose to a plan: the least revealing fate of every column that still serves.

Default-deny: a column that no item of the purpose names is dropped (PIPL art. 6; order 809
art. 20 and 25). An item is met at the grain it asks for and no finer; the law's limits
(:mod:`hushu.rules.limits`) bound what may be asked at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hushu.anonymize.asking import item_for, names, unknown_name
from hushu.errors import PolicyError
from hushu.model import Column, Inventory, Plan, PlanColumn, PlanTable, Purpose, PurposeItem, Reason, Table
from hushu.rules import limits, vocabulary
from hushu.rules.citation import cite

_UNGROUPED = {"count", "pseudonym", "encrypted", "format", "surrogate", "redacted"}
_NEAR_UNIQUE = 0.9

NOT_ASKED = Reason(
    rule="PLAN-NOT-ASKED",
    text="用途未列明此数据项，默认不提供；提供范围限于实现目的的最小范围。",
    text_en="The purpose does not name this item; what was not asked for does not leave.",
    source="中华人民共和国个人信息保护法",
    article="第六条",
    verified="fulltext",
)
NECESSARY = Reason(
    rule="PLAN-NECESSARY",
    text="共享申请应明确使用依据、场景、范围、方式和时限，且必要；按用途所需的最粗粒度提供。",
    text_en="A request must be necessary; the item leaves at the coarsest grain that serves the purpose.",
    source="政务数据共享条例",
    article="第二十条",
    verified="fulltext",
)
TEXT_REDACTED = Reason(
    rule="PLAN-TEXT",
    text="自由文本混有多类个人信息，按字段级分离后提供其余部分。",
    text_en="Free text mixes personal data of several kinds; what can be separated is removed first.",
    source="中华人民共和国个人信息保护法",
    article="第六条",
    verified="fulltext",
)
SHARED_INSTEAD = Reason(
    rule="PLAN-SHARED-INSTEAD",
    text="可通过共享获得的数据不得重复向群众收集。",
    text_en="Data that sharing can provide must not be collected again from the public.",
    source="政务数据共享条例",
    article="第十九条",
    verified="fulltext",
)


def plan(
    inventory: Inventory | str | Path,
    purpose: Purpose | Mapping[str, Any] | str | Path,
    packs: Sequence[str] | None = None,
) -> Plan:
    """Return the fate of every column of the inventory under a purpose.

    Args:
        inventory: an inventory or the path of ``inventory.json``.
        purpose: a purpose, the path of ``purpose.yaml``, or its content as a mapping.
        packs: grade anew under these packs first; default: the grades the inventory carries.

    Returns:
        A plan in which each column is kept, dropped or transformed, with the rule that says so.

    Raises:
        ConfigError: HS-E132, an item names a column or type that the inventory does not hold.
        PolicyError: HS-E310, an item asks for more than the law's limits allow.

    Example:
        >>> plan("inventory.json", "purpose.yaml")  # doctest: +SKIP
    """
    from hushu.io.inventories import read_inventory

    found = inventory if isinstance(inventory, Inventory) else read_inventory(inventory)
    wanted = _purpose(purpose)
    if packs is not None:
        from hushu.rules.grading import grade

        found = grade(found, packs)
    chosen = _chosen_tables(found, wanted)
    _every_item_is_met(chosen, wanted)
    tables = tuple(
        PlanTable(name=table.name, columns=tuple(_fate(column, table, wanted) for column in table))
        for table in chosen
    )
    privacy = dict(_privacy(wanted, tables))
    if privacy.get("counts"):
        from hushu.anonymize.counted import planned

        tables, privacy["counts"] = planned(tables, chosen, wanted)
    return Plan(
        purpose=wanted,
        packs=found.packs,
        tables=tables,
        inventory_sha256=inventory_digest(found),
        privacy=privacy,
        warnings=_warnings(chosen, wanted),
    )


def _purpose(purpose: Purpose | Mapping[str, Any] | str | Path) -> Purpose:
    from hushu.rules.purposes import parse_purpose, read_purpose

    if isinstance(purpose, Purpose):
        return purpose
    if isinstance(purpose, Mapping):
        import yaml

        return parse_purpose(yaml.safe_dump(dict(purpose), allow_unicode=True))
    return read_purpose(purpose)


def inventory_digest(inventory: Inventory) -> str:
    """Return the SHA-256 of the inventory's canonical JSON."""
    text = json.dumps(inventory.to_dict(), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _chosen_tables(inventory: Inventory, purpose: Purpose) -> tuple[Table, ...]:
    names = [table.name for table in inventory]
    for name in purpose.tables:
        if name not in names:
            raise unknown_name("the purpose names a table that is not in the inventory", name, names)
    chosen = tuple(t for t in inventory if not purpose.tables or t.name in purpose.tables)
    if not purpose.tables:
        # Without named tables only those an item touches take part; the rest stay at home.
        touched = tuple(t for t in chosen if any(item_for(c, t, purpose) for c in t))
        return touched or chosen
    return chosen


def _every_item_is_met(tables: tuple[Table, ...], purpose: Purpose) -> None:
    for item in purpose.items:
        if not any(names(item, column, table) for table in tables for column in table):
            known = [f"{t.name}.{c.name}" for t in tables for c in t]
            raise unknown_name("the purpose names an item that is not in the inventory", item.item, known)


def _fate(column: Column, table: Table, purpose: Purpose) -> PlanColumn:
    item = item_for(column, table, purpose)
    if item is None:
        return PlanColumn(
            name=column.name,
            type=column.type,
            action="drop",
            why="用途未要求" if column.type else "用途未要求（未识别类型）",
            because=(NOT_ASKED,),
        )
    return granted(column, table.name, item.grain, item, purpose)


def granted(
    column: Column, table: str, grain: str, item: PurposeItem, purpose: Purpose, reason: str = ""
) -> PlanColumn:
    """Return the fate of a column that the purpose asks for at ``grain``.

    Raises:
        PolicyError: HS-E310, the grain is finer than the law's limit for this use.
    """
    from hushu.anonymize.operators.grains import operator_for

    types = [name for name in (column.type, *(c.type for c in column.contains)) if name]
    limit, rules = limits.finest(types, purpose.use)
    if limits.rank(grain) > limits.rank(limit):
        raise refusal(f"{table}.{column.name}", grain, limit, rules)
    effective, because = _safe_grain(column, grain)
    if effective == "exact":
        return PlanColumn(
            name=column.name,
            type=column.type,
            action="keep",
            grain="exact",
            proposed="exact",
            output=item.alias or column.name,
            why=item.why,
            because=(NECESSARY, *because),
            reason=reason,
        )
    if effective == "drop":
        return PlanColumn(
            name=column.name, type=column.type, action="drop", why=item.why, because=(*because, *rules)
        )
    operator, params, _described = operator_for(column.type, effective, _facts(column))
    if operator == "drop":  # a count needs no rows; hushu query answers it
        return PlanColumn(
            name=column.name,
            type=column.type,
            action="drop",
            why=item.why,
            because=(NECESSARY, *because, *rules),
        )
    return PlanColumn(
        name=column.name,
        type=column.type,
        action="transform",
        operator=operator,
        params={**params, **item.params},
        grain=effective,
        proposed=effective,
        output=item.alias or column.name,
        why=item.why,
        because=(NECESSARY, *because, *rules),
        reason=reason,
    )


def _facts(column: Column) -> dict[str, Any]:
    """What the operators need to know: how the column is stored, and the day at which ages are counted."""
    return {**column.finding.facts, "data_type": column.data_type, "as_of": date.today().isoformat()}


def _safe_grain(column: Column, grain: str) -> tuple[str, tuple[Reason, ...]]:
    """Text, and cells that contain personal data beside their own kind, never leave unread."""
    if grain in {"exact", "masked"} and (column.type == "FREE_TEXT" or column.contains):
        return "redacted", (TEXT_REDACTED,)
    return grain, ()


def refusal(where: str, grain: str, limit: str, rules: tuple[Reason, ...]) -> PolicyError:
    """Return the error for a grain finer than the law allows, citing the binding rules."""
    cited = "; ".join(f"{cite(r, 'en')}: {r.text_en}" for r in rules)
    return PolicyError(
        "the law does not allow this grain for this use",
        where=f"{where}: {grain}",
        why=cited,
        fix=f"ask for {limit} or coarser, or leave the item out",
        code="HS-E310",
    )


def _privacy(purpose: Purpose, tables: Sequence[PlanTable]) -> Mapping[str, Any]:
    """Return the purpose's group targets, or the least that a release of this kind needs.

    What is opened counts as fully public. Sensitive values that leave beside quasi-identifiers, with
    nobody named, are a controlled release (GB/T 37964, GB/T 42460): without a class to hide in, masking
    names protects nobody. Who may know the persons by name gains nothing from grouping them.
    """
    privacy = dict(purpose.privacy)
    if privacy.get("k") is not None or privacy.get("model"):
        return privacy
    if purpose.use == "open":
        return {**privacy, "model": "public"}
    known = vocabulary.load()
    leaving = [
        (known[c.type].identifies, c.grain)
        for table in tables
        for c in table.columns
        if c.action != "drop" and c.type and c.type in known
    ]
    kinds = {identifies for identifies, grain in leaving if grain not in _UNGROUPED}
    named = ("direct", "exact") in leaving
    if {"quasi", "sensitive"} <= kinds and not named:
        return {**privacy, "model": "controlled"}
    return privacy


def _warnings(tables: tuple[Table, ...], purpose: Purpose) -> tuple[str, ...]:
    notes: list[str] = []
    if purpose.use == "collect":
        for table in tables:
            notes += [
                f"{table.name}.{c.name}: {SHARED_INSTEAD.text}"
                f"（{SHARED_INSTEAD.source}{SHARED_INSTEAD.article}）"
                for c in table
                if c.type and item_for(c, table, purpose)
            ]
    for table in tables:
        notes += [
            f"{table.name}.{c.name}: 原值几乎逐行唯一，可据此对应两份批次；能取整或分段则取整分段"
            for c in table
            if (item := item_for(c, table, purpose)) is not None
            and item.grain == "exact"
            and table.examined
            and (c.finding.distinct or 0) > _NEAR_UNIQUE * table.examined
        ]
        for pack, grade in table.grades.items():
            if grade.review:
                notes.append(f"{table.name}: {pack} {grade.level} 需人工复核后方可提供")
            if grade.attributes.get("sharing_type") == "withheld":
                notes.append(f"{table.name}: {pack} 不予共享，须先由目录主管部门确认")
    return tuple(notes)
