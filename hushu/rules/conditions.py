"""From the conditions of a pack to fast tests.

A column is reduced to a :class:`Subject`, a table to a :class:`TableView`; neither holds a value.
What a condition asks about the table is answered once per table and pack, as the bits of a mask,
so that equal columns in like tables share one answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hushu.rules import vocabulary
from hushu.rules.pack import Condition, Pack, Range

FREE_TEXT = "FREE_TEXT"


class Subject(NamedTuple):
    """A column as a pack sees it."""

    type: str | None = None
    contents: frozenset[str] = frozenset()
    state: frozenset[str] = frozenset()
    facts: tuple[tuple[str, Any], ...] = ()
    marks: frozenset[str] = frozenset()

    def holds(self, types: Collection[str]) -> bool:
        """Say whether the column is, or contains, one of ``types``."""
        return self.type in types or not self.contents.isdisjoint(types)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table as a pack sees it: the types it holds, its size, its facts."""

    types: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()
    rows: int | None = None
    persons: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()


ColumnTest = Callable[[Subject, int], bool]
TableTest = Callable[[TableView], bool]


class Compiler:
    """Turns the conditions of one pack into tests; :attr:`table_tests` are the bits of the mask."""

    def __init__(self, pack: Pack) -> None:
        self._groups = pack.groups
        self.table_tests: list[TableTest] = []
        self._bits: dict[str, int] = {}
        self.fact_names: set[str] = set()

    def mask(self, view: TableView) -> int:
        """Answer every question about the table at once."""
        return sum(1 << bit for bit, test in enumerate(self.table_tests) if test(view))

    def compile(self, condition: Condition) -> ColumnTest:
        """Return the test that holds when every part of ``condition`` holds."""
        tests = [*self._column_parts(condition), *self._table_parts(condition)]
        tests += [self.compile(inner) for inner in condition.all]
        if condition.any:
            choices = [self.compile(inner) for inner in condition.any]
            tests.append(lambda subject, mask: any(test(subject, mask) for test in choices))
        if condition.negated is not None:
            inner_test = self.compile(condition.negated)
            tests.append(lambda subject, mask: not inner_test(subject, mask))
        if len(tests) == 1:
            return tests[0]
        return lambda subject, mask: all(test(subject, mask) for test in tests)

    def types(self, names: Collection[str]) -> frozenset[str]:
        """Return the types that ``names``, with their groups opened, stand for."""
        found: set[str] = set()
        for name in names:
            found.update(self._groups[name[1:]] if name.startswith("@") else (name,))
        return frozenset(found)

    def _column_parts(self, condition: Condition) -> list[ColumnTest]:
        tests: list[ColumnTest] = []
        if condition.holds:
            held = self.types(condition.holds)
            tests.append(lambda subject, _: subject.holds(held))
        if condition.type:
            own = self.types(condition.type)
            tests.append(lambda subject, _: subject.type in own)
        if condition.contains:
            inside = self.types(condition.contains)
            tests.append(lambda subject, _: not subject.contents.isdisjoint(inside))
        if condition.category:
            filed = _types_of_categories(condition.category)
            tests.append(lambda subject, _: subject.holds(filed))
        if condition.state:
            states = frozenset(condition.state)
            tests.append(lambda subject, _: not subject.state.isdisjoint(states))
        return tests

    def _table_parts(self, condition: Condition) -> list[ColumnTest]:
        tests: list[ColumnTest] = []
        for names in condition.beside:
            tests.append(self._bit(f"beside {sorted(names)}", _beside(self.types(names))))
        for names in condition.joined:
            tests.append(self._bit(f"joined {sorted(names)}", _joined(self.types(names))))
        if condition.persons is not None:
            tests.append(self._bit(f"persons {condition.persons}", _sized("persons", condition.persons)))
        if condition.rows is not None:
            tests.append(self._bit(f"rows {condition.rows}", _sized("rows", condition.rows)))
        for name in condition.missing:
            tests.append(self._missing(name))
        for name, wanted in condition.facts.items():
            tests.append(self._fact(name, wanted))
        if condition.marked:
            tests.append(self._marked(condition.marked))
        return tests

    def _bit(self, key: str, test: TableTest) -> ColumnTest:
        bit = self._bits.setdefault(key, len(self.table_tests))
        if bit == len(self.table_tests):
            self.table_tests.append(test)
        return lambda _, mask: bool(mask >> bit & 1)

    def _fact(self, name: str, wanted: Any) -> ColumnTest:
        self.fact_names.add(name)
        in_table = self._bit(
            f"fact {name} {wanted}", lambda view: name in view.facts and _agrees(view.facts[name], wanted)
        )
        return lambda subject, mask: (
            in_table(subject, mask)
            or any(known == name and _agrees(value, wanted) for known, value in subject.facts)
        )

    def _missing(self, name: str) -> ColumnTest:
        self.fact_names.add(name)
        not_in_table = self._bit(f"missing {name}", _missing_in_table(name))
        return lambda subject, mask: (
            not_in_table(subject, mask) and all(known != name for known, _ in subject.facts)
        )

    def _marked(self, pattern: str) -> ColumnTest:
        in_table = self._bit(f"marked {pattern}", lambda view: pattern in view.marks)
        return lambda subject, mask: pattern in subject.marks or in_table(subject, mask)


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
    """Return the patterns of ``wanted`` that occur in a name or comment."""
    return frozenset(pattern for pattern in wanted if re.search(pattern, text, re.IGNORECASE))


def _types_of_categories(categories: Collection[str]) -> frozenset[str]:
    return frozenset(entry.id for entry in vocabulary.load().values() if entry.category in categories)


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
    if isinstance(wanted, Range):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return (wanted.min is None or value >= wanted.min) and (wanted.under is None or value < wanted.under)
    if isinstance(wanted, tuple):
        return value in wanted
    return bool(value == wanted)
