"""Whose grades change between two versions of a pack, given an inventory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hushu.errors import ConfigError
from hushu.model import Inventory
from hushu.rules.changes import Changes, diff
from hushu.rules.grading import grade
from hushu.rules.pack import Pack, Statement
from hushu.rules.packload import load_pack


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDiff:
    """The rules and levels that differ, and the grades that would change."""

    old: str
    new: str
    rules_added: tuple[str, ...]
    rules_removed: tuple[str, ...]
    rules_changed: tuple[str, ...]
    levels_added: tuple[str, ...]
    levels_removed: tuple[str, ...]
    grades: Changes


def packdiff(
    old: Pack | str | Path, new: Pack | str | Path, inventory: Inventory, *, as_of: date | None = None
) -> PackDiff:
    """Compare two versions of a pack and say whose grades would change.

    Args:
        old: the version in use: a pack, an id, ``id@version`` or a path.
        new: the version that is to come.
        inventory: what to grade under both.
        as_of: the day whose law counts; the inventory's own unless told.

    Raises:
        ConfigError: HS-E101 unknown pack, HS-E122 no such version here.

    Example:
        >>> packdiff("cn-national", "cn-national", Inventory()).rules_changed
        ()
    """
    before, after = (pack if isinstance(pack, Pack) else versioned(str(pack)) for pack in (old, new))
    day = as_of or (date.fromisoformat(inventory.as_of) if inventory.as_of else date.today())
    # Under one id, so that the grades of both stand side by side.
    graded_before = grade(inventory, [before.model_copy(update={"id": after.id})], as_of=day)
    graded_after = grade(inventory, [after], as_of=day)
    rules_before, rules_after = _rules(before), _rules(after)
    levels_before, levels_after = ([level.id for level in pack.levels] for pack in (before, after))
    return PackDiff(
        old=f"{before.id}@{before.version}",
        new=f"{after.id}@{after.version}",
        rules_added=tuple(name for name in rules_after if name not in rules_before),
        rules_removed=tuple(name for name in rules_before if name not in rules_after),
        rules_changed=tuple(
            name for name, rule in rules_after.items() if name in rules_before and rules_before[name] != rule
        ),
        levels_added=tuple(level for level in levels_after if level not in levels_before),
        levels_removed=tuple(level for level in levels_before if level not in levels_after),
        grades=diff(graded_before, graded_after, packs=[_all_levels(before, after)]),
    )


def _all_levels(before: Pack, after: Pack) -> Pack:
    """Return the newer pack with the levels that only the older one has, so that both can be ordered."""
    known = {level.id for level in after.levels}
    removed = tuple(level for level in before.levels if level.id not in known)
    return after.model_copy(update={"levels": (*removed, *after.levels)}) if removed else after


def _rules(pack: Pack) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for rule in (*pack.rules, *pack.duties, *pack.deadlines, *pack.fields):
        found.setdefault(rule.id, []).append(rule)
    return found


def versioned(name: str) -> Pack:
    """Load ``id``, ``id@version`` or a path; the version asked for must be the one that is here.

    Raises:
        ConfigError: HS-E122 when the pack here has another version.
    """
    identity, _, version = name.partition("@")
    pack = load_pack(identity)
    if version and pack.version != version:
        raise ConfigError(
            f"{identity} is not here in version {version}",
            where=name,
            why=f"the one here is {pack.version}",
            fix="give the path of the older or newer file instead",
            code="HS-E122",
        )
    return pack
