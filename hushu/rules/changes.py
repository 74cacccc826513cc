"""What changed between two inventories: new, gone, raised, lowered, called otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from hushu.model import Column, Inventory
from hushu.rules.engine import UNGRADED
from hushu.rules.pack import Pack
from hushu.rules.packload import load_pack, pack_ids

Ranks = Mapping[str, Mapping[str, int]]

Kind = Literal["new", "gone", "raised", "lowered", "changed", "type"]
_WORDS_ZH: dict[Kind, str] = {
    "new": "新增", "gone": "消失", "raised": "升级", "lowered": "降级", "changed": "级别变化",
    "type": "类型变化",
}  # fmt: skip
_WORDS_EN: dict[Kind, str] = {
    "new": "new", "gone": "gone", "raised": "raised", "lowered": "lowered", "changed": "level changed",
    "type": "type changed",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference of one place (``table`` or ``table.column``).

    ``raised``, ``lowered`` and ``changed`` (by a pack whose order of levels is not at hand) name the
    pack; ``before`` and ``after`` are levels, or types for ``type``.
    """

    kind: Kind
    where: str
    pack: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The differences between two inventories, in the order of the newer one."""

    changes: tuple[Change, ...] = ()
    packs_changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)

    def text(self, lang: str = "zh") -> str:
        """Return the differences line by line, with their count by kind first."""
        zh = lang == "zh"
        words = _WORDS_ZH if zh else _WORDS_EN
        counts = {kind: len(self.of(kind)) for kind in words}
        head = "，".join if zh else ", ".join
        lines = [head([f"{words[kind]} {count}" for kind, count in counts.items()])]
        lines += [f"{'规则包已变' if zh else 'pack changed'}: {pack}" for pack in self.packs_changed]
        lines += [
            f"{words[c.kind]}  {c.where}"
            + (f"  [{c.pack}]" if c.pack else "")
            + (f"  {c.before or '-'} → {c.after or '-'}" if c.kind not in {"new", "gone"} else "")
            for c in self.changes
        ]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the differences as ``hushu.diff/1``."""
        return {
            "schema": "hushu.diff/1",
            "packs_changed": list(self.packs_changed),
            "changes": [asdict(change) for change in self.changes],
        }


def diff(
    old: Inventory | str | Path, new: Inventory | str | Path, *, packs: Sequence[Pack | str] = ()
) -> Changes:
    """Return what changed from ``old`` to ``new``.

    Args:
        old: an inventory or the path of ``inventory.json``.
        new: the same.
        packs: the packs that are not among the shipped ones, for the order of their levels.

    Raises:
        InputError: HS-E201 or HS-E240 when a file is missing or not JSON.
        ConfigError: HS-E104 when it is not an inventory.

    Example:
        >>> from hushu.model import Table
        >>> [c.kind for c in diff(Inventory(), Inventory(tables=(Table(name="t"),)))]
        ['new']
    """
    before, after = _read(old), _read(new)
    ranks = _ranks(before, after, packs)
    changes = (*_compared("", before.grades, after.grades, ranks), *_tables(before, after, ranks))
    hashes = {ref.id: ref.sha256 for ref in before.packs}
    changed = tuple(ref.id for ref in after.packs if hashes.get(ref.id, ref.sha256) != ref.sha256)
    return Changes(changes=changes, packs_changed=changed)


def _read(given: Inventory | str | Path) -> Inventory:
    if isinstance(given, Inventory):
        return given
    from hushu.io.inventories import read_inventory

    return read_inventory(given)


def _tables(before: Inventory, after: Inventory, ranks: Ranks) -> Iterator[Change]:
    old = {table.name: table for table in before.tables}
    for table in after.tables:
        earlier = old.pop(table.name, None)
        if earlier is None:
            yield Change(kind="new", where=table.name)
        else:
            yield from _compared(table.name, earlier.grades, table.grades, ranks)
        columns = {column.name: column for column in earlier.columns} if earlier else {}
        for column in table.columns:
            yield from _column(f"{table.name}.{column.name}", columns.pop(column.name, None), column, ranks)
        for name in columns:
            yield Change(kind="gone", where=f"{table.name}.{name}")
    for name in old:
        yield Change(kind="gone", where=name)


def _column(where: str, old: Column | None, new: Column, ranks: Ranks) -> Iterator[Change]:
    if old is None:
        yield Change(kind="new", where=where, after=new.type or "")
        return
    if old.type != new.type:
        yield Change(kind="type", where=where, before=old.type or "", after=new.type or "")
    yield from _compared(where, old.grades, new.grades, ranks)


def _compared(where: str, old: Any, new: Any, ranks: Ranks) -> Iterator[Change]:
    for pack, grade in new.items():
        if pack not in old or old[pack].level == grade.level:
            continue
        yield Change(
            kind=_direction(ranks.get(pack, {}), old[pack].level, grade.level),
            where=where or "*",
            pack=pack,
            before=old[pack].level,
            after=grade.level,
        )


def _direction(order: Mapping[str, int], before: str, after: str) -> Kind:
    if not {before, after} <= {*order, UNGRADED}:
        return "changed"
    return "raised" if order.get(after, -1) > order.get(before, -1) else "lowered"


def _ranks(before: Inventory, after: Inventory, packs: Sequence[Pack | str]) -> Ranks:
    own = {pack.id: pack for pack in (p if isinstance(p, Pack) else load_pack(p) for p in packs)}
    shipped = {ref.id: load_pack(ref.id) for ref in (*after.packs, *before.packs) if ref.id in pack_ids()}
    return {
        name: {level.id: rank for rank, level in enumerate(pack.levels)}
        for name, pack in {**shipped, **own}.items()
    }
