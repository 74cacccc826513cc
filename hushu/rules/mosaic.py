"""Which join of two tables would raise a grade (order 809, article 25: gathering and linking)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hushu.model import Inventory, NotExamined, Reason, Table
from hushu.rules.grading import grade
from hushu.rules.links import Link, keys, links
from hushu.rules.pack import Pack
from hushu.rules.packload import DEFAULT, load_pack

BASIS = Reason(
    rule="mosaic",
    text="防范数据汇聚、关联引发的泄露风险",
    text_en="guard against leaks that gathering and linking data bring about",
    source="政务数据共享条例（国务院令第809号）",
    article="第25条",
    verified="fulltext",
)
MAX_PAIRS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """One column that a join would raise, with the reasons of its new level."""

    column: str
    before: str
    after: str
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Two tables whose join would raise a grade under ``pack``.

    ``before`` is the higher level of the two alone, ``after`` the level of the joined table.
    """

    left: str
    right: str
    links: tuple[Link, ...]
    pack: str
    before: str
    after: str
    columns: tuple[Rise, ...]
    basis: Reason = BASIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Mosaic:
    """The joins that would raise a grade, how many pairs were looked at, and what was not."""

    joins: tuple[Join, ...] = ()
    pairs: int = 0
    not_examined: tuple[NotExamined, ...] = ()


def mosaic(
    inventory: Inventory,
    packs: Sequence[str] | Sequence[Pack] = DEFAULT,
    *,
    as_of: date | None = None,
    max_pairs: int = MAX_PAIRS,
) -> Mosaic:
    """Return the joins of two tables that would raise a column's grade or that of the whole.

    Args:
        inventory: a scan's result, graded or not.
        packs: ids or loaded packs.
        as_of: the day whose law counts; the inventory's own unless told.
        max_pairs: how many pairs of tables to look at; the rest is listed as not examined.

    Example:
        >>> mosaic(Inventory()).joins
        ()
    """
    loaded = tuple(pack if isinstance(pack, Pack) else load_pack(pack) for pack in packs)
    day = as_of or (date.fromisoformat(inventory.as_of) if inventory.as_of else date.today())
    pairs = list(_pairs(inventory))
    looked, left_out = pairs[:max_pairs], len(pairs) - max_pairs
    missed = (
        (
            NotExamined(
                what=f"{left_out} pairs of joinable tables", why=f"only {max_pairs} pairs are compared"
            ),
        )
        if left_out > 0
        else ()
    )
    alone = grade(inventory, loaded, as_of=day)
    graded = {table.name: table for table in alone.tables}
    both = grade(
        inventory.with_tables(tuple(_joined(left, right) for left, right in looked)), loaded, as_of=day
    )
    joins = [
        join
        for (left, right), together in zip(looked, both.tables, strict=True)
        for pack in loaded
        if (join := _compared(graded[left.name], graded[right.name], together, pack)) is not None
    ]
    return Mosaic(joins=tuple(joins), pairs=len(looked), not_examined=missed)


def _pairs(inventory: Inventory) -> Iterator[tuple[Table, Table]]:
    by_key: dict[tuple[str, str], list[int]] = {}
    seen: set[tuple[int, int]] = set()
    for index, table in enumerate(inventory.tables):
        for key in keys(table):
            others = by_key.setdefault(key, [])
            for other in others:
                if (other, index) not in seen:
                    seen.add((other, index))
                    yield inventory.tables[other], table
            others.append(index)


def _joined(left: Table, right: Table) -> Table:
    columns = tuple(
        replace(column, name=f"{table.name}.{column.name}")
        for table in (left, right)
        for column in table.columns
    )
    ages = [table.facts["min_age"] for table in (left, right) if "min_age" in table.facts]
    facts = {**right.facts, **left.facts, **({"min_age": min(ages)} if ages else {})}
    rows = [table.rows for table in (left, right) if table.rows is not None]
    return Table(
        name=f"{left.name} ⋈ {right.name}",
        comment=f"{left.comment} {right.comment}",
        rows=max(rows, default=None),
        examined=max(left.examined, right.examined),
        columns=columns,
        facts=facts,
    )


def _compared(left: Table, right: Table, both: Table, pack: Pack) -> Join | None:
    order = {level.id: rank for rank, level in enumerate(pack.levels)}

    def rank(level: str) -> int:
        return order.get(level, -1)

    rises = tuple(
        Rise(
            column=joined.name, before=column.grades[pack.id].level, after=after.level, because=after.because
        )
        for column, joined in zip((*left.columns, *right.columns), both.columns, strict=True)
        if rank((after := joined.grades[pack.id]).level) > rank(column.grades[pack.id].level)
    )
    before = max((table.grades[pack.id].level for table in (left, right)), key=rank)
    after_whole = both.grades[pack.id].level
    if not rises and rank(after_whole) <= rank(before):
        return None
    return Join(
        left=left.name,
        right=right.name,
        links=links(left, right),
        pack=pack.id,
        before=before,
        after=after_whole,
        columns=rises,
    )
