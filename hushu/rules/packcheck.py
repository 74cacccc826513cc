"""What the schema of a pack cannot say: that its names exist, its dates fit and its ids are unique."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NoReturn, Protocol

from hushu.errors import ConfigError
from hushu.rules import vocabulary
from hushu.rules.pack import FACTS, Condition, Pack, PackFile, Rule, Statement

COLUMN_PARTS = ("holds", "type", "contains", "category", "state")
_FAR = date.max


class Located(Protocol):
    """Knows the ``file:line`` of a part of the document."""

    def at(self, path: Sequence[Any]) -> str:
        """Return ``file:line``."""


def check(pack: Pack, file: PackFile, document: Located, parent: Pack | None) -> None:
    """Check everything about ``file`` that needs more than its own field.

    ``pack`` is the file merged with what it extends.

    Raises:
        ConfigError: HS-E114 unknown type or group, HS-E115 unknown level, HS-E116 unknown source,
            HS-E117 duplicate id, HS-E118 dates that overlap or end before they begin,
            HS-E119 a part that does not fit the rule's scope, HS-E120 a level only people may set,
            HS-E121 ``without`` or a case names a rule that is not there.
    """
    _check_ids(file, document, parent)
    for section in ("rules", "duties", "deadlines", "fields"):
        for index, statement in enumerate(getattr(file, section)):
            _check_statement(statement, pack, [section, index], document)
    for index, rule in enumerate(file.rules):
        _check_rule(rule, pack, ["rules", index], document)
    for index, duty in enumerate(file.duties):
        _check_condition(duty.when, pack, ["duties", index, "when"], document, "table")
    reserved = vocabulary_groups()
    for name, members in file.groups.items():
        if name in reserved:
            _duplicate(name, ["groups", name], document)
        for member in members:
            _known_type(member, pack, ["groups", name], document)
    known = {statement.id for statement in (*pack.rules, *pack.duties)}
    for name in file.cases:
        if name not in known:
            _missing_rule(name, ["cases", name], document)
    _check_whole(pack, document)


def vocabulary_groups() -> dict[str, tuple[str, ...]]:
    """Return the groups that every pack has: by kind, by how a type identifies, and both.

    Example:
        >>> "CN_USCC" in vocabulary_groups()["organisation"]
        True
    """
    groups: dict[str, list[str]] = {}
    for entry in vocabulary.load().values():
        groups.setdefault("any", []).append(entry.id)
        groups.setdefault(entry.kind, []).append(entry.id)
        if entry.identifies != "-":
            groups.setdefault(f"{entry.kind}-{entry.identifies}", []).append(entry.id)
    return {name: tuple(types) for name, types in groups.items()}


def _check_whole(pack: Pack, document: Located) -> None:
    scopes = {rule.scope for rule in pack.rules}
    levels = {rule.effect.level for rule in pack.rules if rule.scope in {"column", "table", "source"}} - {""}
    needed = ("default", "rollup", "conflict") if len(levels) > 1 else ("default", "rollup")
    for scope in needed:
        if scope not in scopes:
            raise ConfigError(
                f"the pack has no {scope} rule",
                where=document.at(["rules"]),
                why="every grade cites a rule: what nothing else speaks about, what a table takes from its "
                "columns, and what settles rules that differ",
                fix=f"add a rule with scope: {scope}, its source and article",
                code="HS-E119",
            )


def _check_ids(file: PackFile, document: Located, parent: Pack | None) -> None:
    inherited: tuple[Statement, ...] = (*parent.rules, *parent.duties) if parent else ()
    for index, name in enumerate(file.without):
        if name not in {statement.id for statement in inherited}:
            _missing_rule(name, ["without", index], document)
    for section in ("rules", "duties", "deadlines", "fields"):
        seen: list[Statement] = [
            part for part in (getattr(parent, section) if parent else ()) if part.id not in file.without
        ]
        for index, statement in enumerate(getattr(file, section)):
            _check_unique(statement, seen, file, [section, index], document)
            seen.append(statement)
    levels = [level.id for level in file.levels]
    for index, level in enumerate(levels):
        if level in levels[:index]:
            _duplicate(level, ["levels", index], document)


def _check_unique(
    statement: Statement, seen: Sequence[Statement], file: PackFile, path: list[Any], document: Located
) -> None:
    for other in seen:
        if other.id != statement.id:
            continue
        mine, theirs = _period(statement, file), _period(other, file)
        if mine == theirs:
            _duplicate(statement.id, [*path, "id"], document)
        if mine[0] <= theirs[1] and theirs[0] <= mine[1]:
            raise ConfigError(
                f"two wordings of {statement.id} hold at the same time",
                where=document.at([*path, "id"]),
                why=f"{theirs[0]} to {theirs[1]} overlaps {mine[0]} to {mine[1]}",
                fix="end the older one with `until` the day before the newer takes effect",
                code="HS-E118",
            )


def _period(statement: Statement, file: PackFile) -> tuple[date, date]:
    source = file.sources.get(statement.source)
    start = statement.effective or (source.effective if source else date.min)
    return start, statement.until or _FAR


def _check_statement(statement: Statement, pack: Pack, path: list[Any], document: Located) -> None:
    if statement.source not in pack.sources:
        raise ConfigError(
            f"unknown source {statement.source}",
            where=document.at([*path, "source"]),
            why=f"the sources here are {', '.join(pack.sources) or 'none'}",
            fix="add it under sources, with title and date",
            code="HS-E116",
        )
    start = statement.effective or pack.sources[statement.source].effective
    if statement.until and statement.until < start:
        raise ConfigError(
            f"{statement.id} ends before it begins",
            where=document.at([*path, "until"]),
            why=f"from {start} until {statement.until}",
            fix="mend the dates",
            code="HS-E118",
        )


def _check_rule(rule: Rule, pack: Pack, path: list[Any], document: Located) -> None:
    _check_condition(rule.when, pack, [*path, "when"], document, rule.scope)
    if rule.unless is not None:
        _check_condition(rule.unless, pack, [*path, "unless"], document, rule.scope)
    effect = rule.effect
    levels = {level.id: level for level in pack.levels}
    if effect.level and effect.level not in levels:
        raise ConfigError(
            f"unknown level {effect.level}",
            where=document.at([*path, "effect", "level"]),
            why=f"the levels here are {', '.join(levels) or 'none'}",
            fix="take one of them or add it under levels",
            code="HS-E115",
        )
    if effect.level and levels[effect.level].for_people:
        raise ConfigError(
            f"a rule may not give the level {effect.level}",
            where=document.at([*path, "effect", "level"]),
            why="it is marked for_people: a person declares it, a program may only point at it",
            fix="use a flag and review: true",
            code="HS-E120",
        )
    if effect.category and effect.category not in pack.categories:
        raise ConfigError(
            f"unknown category {effect.category}",
            where=document.at([*path, "effect", "category"]),
            why=f"the categories here are {', '.join(pack.categories) or 'none'}",
            fix="add it under categories",
            code="HS-E115",
        )
    duties = {duty.id for duty in pack.duties}
    for duty in effect.duties:
        if duty not in duties:
            _missing_rule(duty, [*path, "effect", "duties"], document)


def _check_condition(
    condition: Condition, pack: Pack, path: list[Any], document: Located, scope: str
) -> None:
    for part, names in _names(condition):
        for name in names:
            _known_type(name, pack, [*path, part], document)
    _check_facts(condition, pack, path, document)
    _check_pattern(condition, path, document)
    wrong = [part for part in COLUMN_PARTS if getattr(condition, part)]
    if scope in {"table", "source"} and wrong:
        raise ConfigError(
            f"{wrong[0]} asks about a column, but this looks at a whole table",
            where=document.at([*path, wrong[0]]),
            why="a table holds columns; ask with `beside`",
            fix="write beside: [[…]]",
            code="HS-E119",
        )
    inner = [("any", c) for c in condition.any] + [("all", c) for c in condition.all]
    if condition.negated is not None:
        inner.append(("not", condition.negated))
    for part, nested in inner:
        _check_condition(nested, pack, [*path, part], document, scope)


def _check_facts(condition: Condition, pack: Pack, path: list[Any], document: Located) -> None:
    for part in ("facts", "missing"):
        for name in getattr(condition, part):
            if name not in FACTS and name not in pack.facts:
                raise ConfigError(
                    f"unknown fact {name}",
                    where=document.at([*path, part]),
                    why=f"known are {', '.join((*FACTS, *pack.facts))}",
                    fix="mend the name, or declare it under facts",
                    code="HS-E114",
                )


def _check_pattern(condition: Condition, path: list[Any], document: Located) -> None:
    try:
        re.compile(condition.marked)
    except re.error as error:
        raise ConfigError(
            "the pattern of `marked` can't be read",
            where=document.at([*path, "marked"]),
            why=str(error),
            fix="mend the regular expression",
            code="HS-E111",
        ) from error


def _names(condition: Condition) -> Iterator[tuple[str, Sequence[str]]]:
    for part in ("holds", "type", "contains"):
        yield part, getattr(condition, part)
    for part in ("beside", "joined"):
        for names in getattr(condition, part):
            yield part, names


def _known_type(name: str, pack: Pack, path: list[Any], document: Located) -> None:
    known = pack.groups if name.startswith("@") else pack.groups["any"]
    if name.removeprefix("@") in known:
        return
    raise ConfigError(
        f"unknown {'group' if name.startswith('@') else 'type'} {name}",
        where=document.at(path),
        why="it is neither in the vocabulary nor among the pack's groups",
        fix="hushu rules list prints the types; groups are written with @",
        code="HS-E114",
    )


def _duplicate(name: str, path: list[Any], document: Located) -> NoReturn:
    raise ConfigError(
        f"the id {name} is used twice",
        where=document.at(path),
        why="a grade cites its rule by id",
        fix="rename one of the two",
        code="HS-E117",
    )


def _missing_rule(name: str, path: list[Any], document: Located) -> NoReturn:
    raise ConfigError(
        f"there is no rule or duty {name}",
        where=document.at(path),
        why="neither in this pack nor in the one that it extends",
        fix="mend the name",
        code="HS-E121",
    )
