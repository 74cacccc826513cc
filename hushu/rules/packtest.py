"""Running the cases of a pack: every rule must fire where it should and keep silent where it should."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from hushu.model import Column, Content, Finding, Inventory, NotExamined, Table
from hushu.rules.duties import duties
from hushu.rules.grading import grade
from hushu.rules.pack import CaseColumn, Cases, CaseTable, Pack
from hushu.rules.packload import LocatedYaml, validated


class CaseFile(BaseModel):
    """A file of cases beside the packs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pack: str
    cases: Mapping[str, Cases]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A case that did not hold, or a rule without a case on one side."""

    pack: str
    rule: str
    what: str


def cases_of(pack: Pack) -> Mapping[str, Cases]:
    """Return the cases in the pack's own file and in ``cases/<pack>.yaml`` beside it.

    Raises:
        ConfigError: HS-E111 when the file of cases does not fit its schema.
    """
    beside = Path(pack.path).parent / "cases" / f"{pack.id}.yaml"
    if not beside.is_file():
        return pack.cases
    document = LocatedYaml(beside.read_text("utf-8"), str(beside))
    file = validated(CaseFile, document, "HS-E111", "the cases do not fit their schema")
    return {**pack.cases, **file.cases}


def run_cases(pack: Pack, *, as_of: date | None = None) -> tuple[Failure, ...]:
    """Run every case of ``pack``; what comes back did not hold.

    Args:
        pack: a loaded pack.
        as_of: the day to grade on, where a case names none; the last day a rule of the pack takes effect
            or today, whichever is later.

    Example:
        >>> from hushu.rules.packload import load_pack
        >>> run_cases(load_pack("cn-shanghai"))
        ()
    """
    return tuple(_failures(pack, as_of or _day(pack)))


def _day(pack: Pack) -> date:
    starts = [rule.effective or pack.sources[rule.source].effective for rule in (*pack.rules, *pack.duties)]
    return max((*starts, date.today()))


def _failures(pack: Pack, day: date) -> Iterator[Failure]:
    cases = cases_of(pack)
    statements = {**{rule.id: rule.scope for rule in pack.rules}, **{duty.id: "duty" for duty in pack.duties}}
    for name in cases:
        if name not in statements:
            yield Failure(pack=pack.id, rule=name, what="the cases name a rule that is not there")
    for name, scope in statements.items():
        own = cases.get(name, Cases())
        if not own.fires:
            yield Failure(pack=pack.id, rule=name, what="no case where it fires")
        if not own.silent:
            yield Failure(pack=pack.id, rule=name, what="no case where it must not fire")
        for index, table in enumerate(own.fires):
            if not _fired(pack, name, scope, table, day):
                yield Failure(pack=pack.id, rule=name, what=f"fires[{index}]: it did not fire")
        for index, table in enumerate(own.silent):
            if _fired(pack, name, scope, table, day):
                yield Failure(pack=pack.id, rule=name, what=f"not[{index}]: it fired")


def _fired(pack: Pack, name: str, scope: str, case: CaseTable, day: date) -> bool:
    inventory = inventory_of(case)
    when = case.as_of or day
    if scope == "duty":
        return any(
            found.id == name for found in duties(inventory, case.use, [pack], tables=[case.name], as_of=when)
        )
    graded = grade(inventory, [pack], as_of=when)
    table = graded.tables[0]
    grades = [graded.grades[pack.id] if scope == "source" else table.grades[pack.id]]
    if scope not in {"table", "source", "rollup"} and table.columns:
        grades = [table.columns[case.on].grades[pack.id]]
    return any(reason.rule == f"{pack.id}/{name}" for found in grades for reason in found.because)


def inventory_of(case: CaseTable) -> Inventory:
    """Return the inventory that a case describes: its table, and a second one when it names ``beside``."""
    rows = case.rows if case.rows is not None else 0
    tables = [_table(case.name, case.columns, case, rows)]
    if case.beside:
        tables.append(_table(f"{case.name}_beside", case.beside, case, rows))
    unseen = tuple(
        NotExamined(what=f"{case.name}.{_name(column, index)}", why="case")
        for index, column in enumerate(case.columns)
        if column.unseen
    )
    return Inventory(tables=tuple(tables), not_examined=unseen)


def _table(name: str, columns: tuple[CaseColumn, ...], case: CaseTable, rows: int) -> Table:
    return Table(
        name=name,
        comment=case.comment,
        rows=case.rows,
        examined=rows,
        facts=case.facts,
        columns=tuple(_column(column, index) for index, column in enumerate(columns)),
    )


def _name(column: CaseColumn, index: int) -> str:
    return column.name or f"c{index}"


def _column(column: CaseColumn, index: int) -> Column:
    return Column(
        name=_name(column, index),
        comment=column.comment,
        finding=Finding(
            type=column.type,
            facts=column.facts,
            contains=tuple(Content(type=found, count=1, share=0.01) for found in column.contains),
        ),
    )
