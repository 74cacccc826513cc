"""From the conditions of a pack to fast tests.

A column is reduced to a :class:`Subject`, a table to a :class:`TableView`; neither holds a value.
Every question that a pack asks is one bit: the answers about a column and those about its table are
two masks, and columns with equal masks share one grade.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from hushu.rules import vocabulary
from hushu.rules.pack import Condition, Pack, Range

FREE_TEXT = "FREE_TEXT"
ANY = object()


class Subject(NamedTuple):
    """A column as a pack sees it."""

    type: str | None = None
    contents: frozenset[str] = frozenset()
    state: frozenset[str] = frozenset()
    facts: tuple[tuple[str, Any], ...] = ()
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table as a pack sees it: the types it holds, its size, its facts."""

    types: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()
    rows: int | None = None
    persons: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()


Test = Callable[[int, int], bool]
TableTest = Callable[[TableView], bool]


class Compiler:
    """Turns the conditions of one pack into tests over two masks, of a column and of its table."""

    def __init__(self, pack: Pack) -> None:
        self._groups = pack.groups
        self._bits: dict[str, int] = {}
        self._own: dict[str | None, int] = defaultdict(int)  # what the column's own type answers
        self._content: dict[str, int] = defaultdict(int)  # what a type among its contents answers
        self._state: dict[str, int] = defaultdict(int)
        self._mark: dict[str, int] = defaultdict(int)
        self._fact: list[tuple[str, Any, int]] = []
        self._table: list[tuple[TableTest, int]] = []
        self.fact_names: set[str] = set()

    @property
    def asked(self) -> int:
        """The bits of every question compiled so far."""
        return (1 << len(self._bits)) - 1

    def column_mask(self, subject: Subject) -> int:
        """Answer every question about a column at once."""
        mask = self._own.get(subject.type, 0)
        for found in subject.contents:
            mask |= self._content.get(found, 0)
        for state in subject.state:
            mask |= self._state.get(state, 0)
        for pattern in subject.marks:
            mask |= self._mark.get(pattern, 0)
        if subject.facts:
            known = dict(subject.facts)
            for name, wanted, bit in self._fact:
                if name in known and _agrees(known[name], wanted):
                    mask |= bit
        return mask

    def table_mask(self, view: TableView) -> int:
        """Answer every question about a table at once."""
        return sum(bit for test, bit in self._table if test(view))

    def compile(self, condition: Condition) -> Test:
        """Return the test that holds when every part of ``condition`` holds."""
        tests = [*self._column_parts(condition), *self._table_parts(condition)]
        tests += [self._either(name, wanted) for name, wanted in condition.facts.items()]
        tests += [self._neither(name) for name in condition.missing]
        tests += [self.compile(inner) for inner in condition.all]
        if condition.marked:
            tests.append(self._marked(condition.marked))
        if condition.any:
            choices = [self.compile(inner) for inner in condition.any]
            tests.append(lambda column, table: any(test(column, table) for test in choices))
        if condition.negated is not None:
            denied = self.compile(condition.negated)
            tests.append(lambda column, table: not denied(column, table))
        if len(tests) == 1:
            return tests[0]
        return lambda column, table: all(test(column, table) for test in tests)

    def types(self, names: Collection[str]) -> frozenset[str]:
        """Return the types that ``names``, with their groups opened, stand for."""
        found: set[str] = set()
        for name in names:
            found.update(self._groups[name[1:]] if name.startswith("@") else (name,))
        return frozenset(found)

    def _column_parts(self, condition: Condition) -> list[Test]:
        tests: list[Test] = []
        if condition.holds:
            tests.append(self._on_types("holds", self.types(condition.holds), (self._own, self._content)))
        if condition.type:
            tests.append(self._on_types("type", self.types(condition.type), (self._own,)))
        if condition.contains:
            tests.append(self._on_types("contains", self.types(condition.contains), (self._content,)))
        if condition.category:
            filed = _types_of_categories(condition.category)
            tests.append(self._on_types("holds", filed, (self._own, self._content)))
        if condition.state:
            tests.append(self._on_types("state", frozenset(condition.state), (self._state,)))
        return tests

    def _on_types(self, part: str, names: frozenset[str], answers: Sequence[dict[Any, int]]) -> Test:
        bit = self._bit(f"{part} {sorted(names)}")
        for answer in answers:
            for name in names:
                answer[name] |= bit
        return lambda column, _: bool(column & bit)

    def _table_parts(self, condition: Condition) -> list[Test]:
        tests = [
            self._on_table(f"beside {sorted(names)}", _beside(self.types(names)))
            for names in condition.beside
        ]
        tests += [
            self._on_table(f"joined {sorted(names)}", _joined(self.types(names)))
            for names in condition.joined
        ]
        if condition.persons is not None:
            tests.append(self._on_table(f"persons {condition.persons}", _sized("persons", condition.persons)))
        if condition.rows is not None:
            tests.append(self._on_table(f"rows {condition.rows}", _sized("rows", condition.rows)))
        return tests

    def _on_table(self, key: str, test: TableTest) -> Test:
        known = key in self._bits
        bit = self._bit(key)
        if not known:
            self._table.append((test, bit))
        return lambda _, table: bool(table & bit)

    def _either(self, name: str, wanted: Any) -> Test:
        """The fact, of the column or of its table, is as ``wanted``."""
        self.fact_names.add(name)
        in_table = self._on_table(
            f"fact {name} {wanted}", lambda view: name in view.facts and _agrees(view.facts[name], wanted)
        )
        bit = self._on_own_fact(name, wanted)
        return lambda column, table: bool(column & bit) or in_table(column, table)

    def _neither(self, name: str) -> Test:
        """Neither the column nor its table knows the fact."""
        self.fact_names.add(name)
        not_in_table = self._on_table(f"missing {name}", _missing_in_table(name))
        bit = self._on_own_fact(name, ANY)
        return lambda column, table: not column & bit and not_in_table(column, table)

    def _on_own_fact(self, name: str, wanted: Any) -> int:
        key = f"own fact {name} {wanted}"
        known = key in self._bits
        bit = self._bit(key)
        if not known:
            self._fact.append((name, wanted, bit))
        return bit

    def _marked(self, pattern: str) -> Test:
        in_table = self._on_table(f"marked {pattern}", lambda view: pattern in view.marks)
        bit = self._bit(f"own mark {pattern}")
        self._mark[pattern] |= bit
        return lambda column, table: bool(column & bit) or in_table(column, table)

    def _bit(self, key: str) -> int:
        return 1 << self._bits.setdefault(key, len(self._bits))


def patterns(pack: Pack) -> frozenset[str]:
    """Return every pattern that a rule of ``pack`` looks for in names and comments."""
    return frozenset(part.marked for part in _conditions(pack) if part.marked)


def asks_about_joins(pack: Pack) -> bool:
    """Say whether a rule of ``pack`` looks beyond its own table."""
    return any(part.joined for part in _conditions(pack))


def _conditions(pack: Pack) -> Iterator[Condition]:
    waiting = [part for rule in pack.rules for part in (rule.when, rule.unless) if part is not None]
    while waiting:
        condition = waiting.pop()
        yield condition
        waiting += (*condition.any, *condition.all)
        if condition.negated is not None:
            waiting.append(condition.negated)


def marks(text: str, wanted: Collection[str]) -> frozenset[str]:
    """Return the patterns of ``wanted`` that occur in a name or comment.

    Example:
        >>> marks("机密级名册", ["机密", "绝密"])
        frozenset({'机密'})
    """
    return frozenset(pattern for pattern in wanted if _compiled(pattern).search(text))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _types_of_categories(categories: Collection[str]) -> frozenset[str]:
    """Return the types filed under one of ``categories``, or below it: ``a`` holds ``a/b``."""
    return frozenset(
        entry.id
        for entry in vocabulary.load().values()
        if any(entry.category == name or entry.category.startswith(f"{name}/") for name in categories)
    )


def _beside(types: frozenset[str]) -> TableTest:
    return lambda view: not view.types.isdisjoint(types)


def _joined(types: frozenset[str]) -> TableTest:
    return lambda view: not view.joined.isdisjoint(types)


def _sized(name: str, bounds: Range) -> TableTest:
    def test(view: TableView) -> bool:
        size = getattr(view, name)
        return size is not None and _agrees(size, bounds)

    return test


def _missing_in_table(name: str) -> TableTest:
    if name == "rows":
        return lambda view: view.rows is None
    return lambda view: name not in view.facts


def _agrees(value: Any, wanted: Any) -> bool:
    if wanted is ANY:
        return True
    if isinstance(wanted, Range):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return (wanted.min is None or value >= wanted.min) and (wanted.under is None or value < wanted.under)
    if isinstance(wanted, tuple):
        return value in wanted
    return bool(value == wanted)
