"""What the law asks before a data set may be used so: triggers, articles, and what hushu can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from hushu.errors import ConfigError
from hushu.model import Inventory, Reason, Verified
from hushu.rules.citation import source_in
from hushu.rules.conditions import Compiler, Test
from hushu.rules.grading import table_view
from hushu.rules.links import joinable_types
from hushu.rules.pack import Duty, Pack, Use
from hushu.rules.packload import DEFAULT, load_pack
from hushu.rules.purposes import canonical_use

USES: tuple[str, ...] = get_args(Use)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One duty of one table for one use: what to do, what brought it about, and what hushu can show."""

    id: str
    pack: str
    table: str
    text: str
    text_en: str
    trigger: str
    trigger_en: str
    evidence: str
    evidence_en: str
    source: str
    article: str
    verified: Verified

    def reason(self) -> Reason:
        """Return the duty as a reason, for citing."""
        return Reason(
            rule=f"{self.pack}/{self.id}",
            text=self.text,
            text_en=self.text_en,
            source=self.source,
            article=self.article,
            verified=self.verified,
        )


def duties(
    inventory: Inventory,
    use: str,
    packs: Sequence[str] | Sequence[Pack] = DEFAULT,
    *,
    tables: Sequence[str] | None = None,
    as_of: date | None = None,
) -> tuple[Obligation, ...]:
    """Return what the law asks before the tables may be used so.

    Args:
        inventory: a scan's result.
        use: internal, share, open, authorised, entrust, cross-border or collect, or its Chinese word.
        packs: ids or loaded packs.
        tables: names of the tables concerned; all unless told.
        as_of: the day whose law counts; the inventory's own unless told.

    Raises:
        ConfigError: HS-E123 unknown use.

    Example:
        >>> from hushu.model import Column, Finding, Table
        >>> people = Table(name="t", rows=1, columns=(Column(name="a", finding=Finding(type="DIAGNOSIS")),))
        >>> "pipl-55-share" in {d.id for d in duties(Inventory(tables=(people,)), "share", ["cn-national"])}
        True
    """
    use = canonical_use(use)
    if use not in USES:
        raise ConfigError("unknown use", where=str(use), fix=f"one of {', '.join(USES)}", code="HS-E123")
    day = as_of or (date.fromisoformat(inventory.as_of) if inventory.as_of else date.today())
    loaded = [pack if isinstance(pack, Pack) else load_pack(pack) for pack in packs]
    asked = [_compiled(pack, use, day) for pack in loaded]
    joined = joinable_types(inventory)
    found: list[Obligation] = []
    for table in inventory.tables:
        if tables is not None and table.name not in tables:
            continue
        view = table_view(table, joined=joined.get(table.name, frozenset()))
        for pack, (compiler, tests) in zip(loaded, asked, strict=True):
            mask = compiler.table_mask(view)
            found += [_obligation(duty, pack, table.name) for duty, holds in tests if holds(0, mask)]
    return tuple(found)


def _compiled(pack: Pack, use: str, day: date) -> tuple[Compiler, list[tuple[Duty, Test]]]:
    compiler = Compiler(pack)
    tests = [
        (duty, compiler.compile(duty.when))
        for duty in pack.duties
        if (not duty.uses or use in duty.uses) and pack.in_force(duty, day)
    ]
    return compiler, tests


def _obligation(duty: Duty, pack: Pack, table: str) -> Obligation:
    source = pack.sources[duty.source]
    return Obligation(
        id=duty.id,
        pack=pack.id,
        table=table,
        text=duty.text.zh,
        text_en=duty.text.en,
        trigger=duty.trigger.zh,
        trigger_en=duty.trigger.en,
        evidence=duty.evidence.zh,
        evidence_en=duty.evidence.en,
        source=source_in(source.title.zh, source.number),
        article=duty.article,
        verified=duty.verified,
    )
