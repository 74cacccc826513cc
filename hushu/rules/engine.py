"""One pack at one day, ready to grade columns, tables and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from hushu.model import Grade, Reason
from hushu.rules.citation import source_in
from hushu.rules.conditions import Compiler, Subject, TableView, Test
from hushu.rules.pack import Pack, Rule

UNGRADED = "ungraded"
_ABOUT_COLUMNS = ("column", "default")
_UNEXAMINED = Subject(state=frozenset({"unexamined"}))


class _Summary(NamedTuple):
    """What a whole takes from its parts; ``of`` keeps those alive, so that their ids stay their own."""

    level: str
    inherited: str
    before: tuple[Reason, ...]
    after: tuple[Reason, ...]
    review: bool
    category: str
    flags: tuple[str, ...]
    attributes: Mapping[str, str]
    of: tuple[Grade, ...]


class Engine:
    """The rules of ``pack`` that are in force on ``day``, compiled.

    Args:
        pack: a loaded pack.
        day: a rule not yet or no longer in force on that day does not fire.
    """

    def __init__(self, pack: Pack, day: date) -> None:
        self.pack = pack
        self._rank = {level.id: rank for rank, level in enumerate(pack.levels)}
        self._compiler = Compiler(pack)
        self._tests: dict[str, list[tuple[Rule, Test]]] = {}
        in_force = [rule for rule in pack.rules if pack.in_force(rule, day)]
        for rule in in_force:
            if rule.scope in _ABOUT_COLUMNS:
                self._tests.setdefault(rule.scope, []).append((rule, self._compiled(rule)))
        # What only the other rules ask about a table must not tell equal columns apart.
        self._asked_for_columns = self._compiler.asked
        for rule in in_force:
            if rule.scope not in _ABOUT_COLUMNS:
                self._tests.setdefault(rule.scope, []).append((rule, self._compiled(rule)))
        self._columns: dict[tuple[int, int], Grade] = {}
        self._tables: dict[int, Grade] = {}
        self._summaries: dict[tuple[int, frozenset[int]], _Summary] = {}
        self._reasons: dict[tuple[int, str], Reason] = {}
        self.fact_names = frozenset(self._compiler.fact_names)

    def _compiled(self, rule: Rule) -> Test:
        when = self._compiler.compile(rule.when)
        if rule.unless is None:
            return when
        unless = self._compiler.compile(rule.unless)
        return lambda column, table: when(column, table) and not unless(column, table)

    def mask(self, view: TableView) -> int:
        """Answer what the pack asks about a table."""
        return self._compiler.table_mask(view)

    def column_mask(self, subject: Subject) -> int:
        """Answer what the pack asks about a column."""
        return self._compiler.column_mask(subject)

    def column(self, column: int, table: int) -> Grade:
        """Grade a column by its mask and that of its table; equal answers share one grade."""
        table &= self._asked_for_columns
        found = self._columns.get((column, table))
        if found is None:
            fired = self._fired("column", column, table)
            if not any(rule.effect.level for rule in fired):
                fired += self._fired("default", column, table)
            found = self._columns[column, table] = self._grade(fired)
        return found

    def table(self, mask: int, columns: Mapping[str, Grade]) -> Grade:
        """Grade a table from its columns and from the rules about tables."""
        own = self._tables.get(mask)
        if own is None:
            own = self._tables[mask] = self._grade(self._fired("table", 0, mask))
        return self._whole(own, columns, mask)

    def source(self, mask: int, tables: Mapping[str, Grade]) -> Grade:
        """Grade a whole source from its tables and from the rules about sources."""
        return self._whole(self._grade(self._fired("source", 0, mask)), tables, mask)

    def _fired(self, scope: str, column: int = 0, table: int = 0) -> list[Rule]:
        return [rule for rule, test in self._tests.get(scope, ()) if test(column, table)]

    def _whole(self, own: Grade, parts: Mapping[str, Grade], mask: int) -> Grade:
        if not parts:  # nothing was read here, and unknown is not clean
            return own if own.because else self.column(self.column_mask(_UNEXAMINED), mask)
        taken = self._summary(own, tuple({id(grade): grade for grade in parts.values()}.values()))
        found = f"{taken.inherited} ← {_listed(parts, taken.inherited)}"
        inherited = [self._cited(rule, found) for rule in self._of("rollup")]
        return Grade(
            level=taken.level,
            because=(*taken.before, *inherited, *taken.after),
            review=taken.review,
            category=taken.category,
            flags=taken.flags,
            attributes=taken.attributes,
        )

    def _summary(self, own: Grade, parts: tuple[Grade, ...]) -> _Summary:
        """Return what a whole takes from its own grade and the distinct grades of its parts."""
        key = (id(own), frozenset(map(id, parts)))
        found = self._summaries.get(key)
        if found is None:
            found = self._summaries[key] = self._summed(own, parts)
        return found

    def _summed(self, own: Grade, parts: tuple[Grade, ...]) -> _Summary:
        level = max({grade.level for grade in parts}, key=self.rank)
        tops = [grade for grade in parts if grade.level == level]
        deciding = [reason for grade in tops for reason in grade.because if sets(reason, level)]
        higher = self.rank(own.level) > self.rank(level)
        return _Summary(
            level=own.level if higher else level,
            inherited=level,
            before=own.because if higher else (),
            after=_distinct(deciding if higher else (*deciding, *own.because)),
            review=own.review or any(grade.review for grade in parts),
            category=own.category or tops[0].category,
            flags=tuple(dict.fromkeys((*own.flags, *(flag for grade in parts for flag in grade.flags)))),
            attributes={**tops[0].attributes, **own.attributes},
            of=(own, *parts),
        )

    def rank(self, level: str) -> int:
        """Return the place of a level, -1 for one the pack does not have."""
        return self._rank.get(level, -1)

    def _level(self, rank: int) -> str:
        return self.pack.levels[rank].id if rank >= 0 else UNGRADED

    def _grade(self, fired: Sequence[Rule]) -> Grade:
        ranks = {rule.id: self.rank(rule.effect.level) for rule in fired}
        ordered = sorted(fired, key=lambda rule: -ranks[rule.id])
        level = self._level(max(ranks.values(), default=-1))
        reasons = [self._reason(rule, _effect(rule)) for rule in ordered]
        distinct = {rule.effect.level for rule in fired if rule.effect.level}
        if len(distinct) > 1:
            shown = " > ".join(sorted(distinct, key=self.rank, reverse=True))
            reasons += [self._reason(rule, shown) for rule in self._of("conflict")]
        attributes: dict[str, str] = {}
        for rule in reversed(ordered):
            attributes.update(_attributes(rule))
        return Grade(
            level=level,
            because=tuple(reasons),
            review=any(rule.effect.review for rule in fired),
            category=next((rule.effect.category for rule in ordered if rule.effect.category), ""),
            flags=tuple(dict.fromkeys(flag for rule in ordered for flag in rule.effect.flags)),
            attributes=attributes,
        )

    def _of(self, scope: str) -> list[Rule]:
        return [rule for rule, _ in self._tests.get(scope, ())]

    def _reason(self, rule: Rule, effect: str) -> Reason:
        known = self._reasons.get((id(rule), effect))
        if known is None:
            known = self._reasons[id(rule), effect] = self._cited(rule, effect)
        return known

    def _cited(self, rule: Rule, effect: str) -> Reason:
        source = self.pack.sources[rule.source]
        return Reason(
            rule=f"{self.pack.id}/{rule.id}",
            text=rule.text.zh,
            text_en=rule.text.en,
            source=source_in(source.title.zh, source.number),
            article=rule.article,
            verified=rule.verified,
            effect=effect,
        )


def sets(reason: Reason, level: str) -> bool:
    """Say whether ``reason`` is one that set the ``level`` of its grade.

    Example:
        >>> given = Reason(rule="r", text="", source="", article="", verified="memory", effect="L1; review")
        >>> sets(given, "L1"), sets(given, "L")
        (True, False)
    """
    return level == UNGRADED or reason.effect.partition(" ")[0].rstrip(";") == level


def _effect(rule: Rule) -> str:
    effect = rule.effect
    parts = [effect.level, *effect.flags, *effect.duties]
    if effect.review:
        parts.append("review")
    return "; ".join(part for part in parts if part)


def _attributes(rule: Rule) -> dict[str, str]:
    found = dict(rule.effect.attributes)
    if rule.effect.sharing:
        found["sharing_type"] = rule.effect.sharing
    if rule.effect.open:
        found["open_type"] = rule.effect.open
    return found


def _listed(parts: Mapping[str, Grade], level: str) -> str:
    names = [name for name, grade in parts.items() if grade.level == level]
    return ", ".join(names[:5]) + (f" … ({len(names)})" if len(names) > 5 else "")


def _distinct(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple({reason.rule: reason for reason in reversed(list(reasons))}.values())[::-1]
