"""Tables that leave as counts: which columns they are made of, and their way from rows to a release."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from hushu.anonymize.asking import item_for, names, unknown_name
from hushu.anonymize.privacy.tabulating import Tabulation, tabulations
from hushu.anonymize.transforming import TableTransform
from hushu.errors import ConfigError, PolicyError
from hushu.model import Column, Plan, PlanColumn, PlanTable, Purpose, PurposeItem, Reason, Table
from hushu.rules import vocabulary
from hushu.rules.counttables import DEFAULT_MINIMUM, CountSpec, count_specs

_COUNTS_ONLY = Reason(
    rule="PLAN-COUNTS-ONLY",
    text="本表只提供统计表，不提供逐行数据；统计表不用的列不出门。",
    text_en="This table leaves as counts, not as rows; what no count needs does not leave.",
    source="中华人民共和国个人信息保护法",
    article="第六条",
    verified="fulltext",
)


def planned(
    tables: Sequence[PlanTable], scanned: Sequence[Table], purpose: Purpose
) -> tuple[tuple[PlanTable, ...], list[dict[str, Any]]]:
    """Return the tables with just the columns that their counts need, and the counts by output names.

    Raises:
        ConfigError: HS-E132, a dimension is no item of the purpose; HS-E169, the specification is wrong.
        PolicyError: HS-E364, a dimension names persons.
    """
    specs = [_resolved(spec, tables, scanned, purpose) for spec in count_specs(purpose.privacy)]
    made = []
    for table, source in zip(tables, scanned, strict=True):
        used = {
            name for spec in specs if spec.table == table.name for name in (*spec.dimensions, spec.measure)
        }
        if used:
            columns = tuple(_column(column, source, purpose, used) for column in table.columns)
            table = replace(table, columns=columns, rows="counts")
        made.append(table)
    return tuple(made), [_by_output(spec, made).to_dict() for spec in specs]


def _resolved(
    spec: CountSpec, tables: Sequence[PlanTable], scanned: Sequence[Table], purpose: Purpose
) -> CountSpec:
    """Return the specification with its table and its columns by their names in the source."""
    asked = [*spec.dimensions, *([spec.measure] if spec.measure else [])]
    known_tables = [table.name for table in tables]
    if spec.table and spec.table not in known_tables:
        raise unknown_name("the purpose counts a table that is not in the plan", spec.table, known_tables)
    fitting = [
        (source, found)
        for table, source in zip(tables, scanned, strict=True)
        if spec.table in {"", table.name} and all(found := [_named(name, source, purpose) for name in asked])
    ]
    if not fitting:
        known = [item.alias or item.item for item in purpose.items]
        raise unknown_name("a table of counts names what is no item of the purpose", ", ".join(asked), known)
    if len(fitting) > 1:
        raise ConfigError(
            "several tables hold these columns",
            where=f"privacy.counts: {', '.join(asked)}",
            why=", ".join(source.name for source, _ in fitting),
            fix="name the table",
            code="HS-E169",
        )
    source, found = fitting[0]
    columns = [column for column in found if column is not None]
    for column in columns[: len(spec.dimensions)]:
        _names_nobody(column, source)
    by_asked = dict(zip(asked, (column.name for column in columns), strict=True))
    return replace(
        spec,
        table=source.name,
        dimensions=tuple(by_asked[name] for name in spec.dimensions),
        measure=by_asked.get(spec.measure, ""),
        categories={by_asked[name]: values for name, values in spec.categories.items()},
        minimum=spec.minimum or _minimum(spec, purpose.privacy),
    )


def _minimum(spec: CountSpec, privacy: Mapping[str, Any]) -> int | None:
    if spec.protection != "suppression":
        return None
    return max(int(privacy.get("k") or DEFAULT_MINIMUM), 2)


def _named(name: str, table: Table, purpose: Purpose) -> Column | None:
    """Return the column that an item of the purpose grants under this name."""
    for column in table:
        item = item_for(column, table, purpose)
        if item is not None and (item.alias == name or names(PurposeItem(item=name), column, table)):
            return column
    return None


def _names_nobody(column: Column, table: Table) -> None:
    known = vocabulary.load()
    types = [name for name in (column.type, *(c.type for c in column.contains)) if name and name in known]
    if column.type == "FREE_TEXT" or any(
        known[name].identifies == "direct" and known[name].kind in {"personal", "mixed"} for name in types
    ):
        raise PolicyError(
            "a count by this column would be a list of persons",
            where=f"{table.name}.{column.name}",
            why="its values identify persons or are free text",
            fix="count by another column",
            code="HS-E364",
        )


def _column(column: PlanColumn, table: Table, purpose: Purpose, used: set[str]) -> PlanColumn:
    if column.name not in used:
        return replace(
            column, action="drop", operator="", params={}, grain="drop", proposed="drop", output="",
            because=(_COUNTS_ONLY, *column.because) if column.action != "drop" else column.because,
        )  # fmt: skip
    if column.action != "drop":
        return column
    # An item at grain `count`: its values leave as the names of counted groups and no otherwise.
    item = item_for(table[column.name], table, purpose)
    if item is None or item.grain != "count":
        raise ConfigError(
            "a table of counts needs a column that may not leave",
            where=f"{table.name}.{column.name}: {item.grain if item else 'no item'}",
            fix="give the item the grain count or a coarse grain",
            code="HS-E169",
        )
    return replace(
        column, action="transform", operator="keep", grain="count", proposed="count",
        output=item.alias or column.name,
    )  # fmt: skip


def _by_output(spec: CountSpec, tables: Sequence[PlanTable]) -> CountSpec:
    table = next(table for table in tables if table.name == spec.table)
    output = {column.name: column.output or column.name for column in table.columns}
    return replace(
        spec,
        dimensions=tuple(output[name] for name in spec.dimensions),
        measure=output.get(spec.measure, ""),
        categories={output[name]: values for name, values in spec.categories.items()},
    )


def specs_of(plan: Plan, table: PlanTable) -> tuple[CountSpec, ...]:
    """Return the tables of counts that a table leaves as; none when it leaves as rows.

    Raises:
        ConfigError: HS-E169, a specification is wrong.
        PolicyError: HS-E311, the purpose wants counts and an edit of the plan took them out.
    """
    specs = [spec for spec in count_specs(plan.privacy) if spec.table in {"", table.name}]
    for_counts = any(column.grain == "count" and column.action != "drop" for column in table.columns)
    asked = plan.purpose.privacy.get("counts") and not plan.privacy.get("counts")
    if not specs and (for_counts or table.rows == "counts" or asked):
        raise PolicyError(
            "the plan would hand out rows where the purpose grants counts",
            where=f"{table.name}: privacy.counts",
            why="the table of counts was taken out of the plan",
            fix="write the plan anew with hushu plan",
            code="HS-E311",
        )
    return tuple(specs)


def counted(
    rows: pa.Table,
    transform: TableTransform,
    specs: Sequence[CountSpec],
    key: Any,
    ledger: str | Path | None,
) -> tuple[Tabulation, ...]:
    """Return the tables of counts of the rows that a transform made; raises as ``tabulate``."""
    identities = {step.column.output: _made_of(step.column) for step in transform.steps}
    table = transform.table.name
    return tabulations(rows, specs, table=table, key=key, ledger=ledger, identities=identities)


def _made_of(column: PlanColumn) -> str:
    """Name a column by its source and its operator: two plans that coarsen alike count alike."""
    if column.operator in {"", "keep"}:
        return column.name
    # The day at which ages are counted moves on; the bands stay the same.
    params = {name: value for name, value in column.params.items() if name != "as_of"}
    text = json.dumps(params, ensure_ascii=False, sort_keys=True, default=str)
    return f"{column.name}:{column.operator}:{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def release_names(specs: Sequence[CountSpec], table: str) -> list[str]:
    """Return the names of a table's counts in the release: their own, or the table's and a number.

    Raises:
        ConfigError: HS-E136, two would share a name.
    """
    alone = len(specs) == 1
    found = [spec.name or (table if alone else f"{table}.{n}") for n, spec in enumerate(specs, 1)]
    if len(set(found)) < len(found):
        raise ConfigError(
            "two tables of counts would leave under one name",
            where=f"{table}: {', '.join(found)}",
            fix="give each another name in privacy.counts",
            code="HS-E136",
        )
    return found
