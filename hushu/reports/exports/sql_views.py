"""Views that show no more than a plan lets out, in the SQL of the source's database.

Without a plan, default-deny: a column is shown only when its cells were read and are not personal
data and hold none. With one, only what SQL can say exactly is in them: columns kept, numbers banded,
rounded or cut, dates cut to month or year, yes or no. Whatever needs a key, a gazetteer or the whole
table (pseudonyms, addresses, groups of k) is left out and named in a comment: use ``hushu apply``.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

from hushu.model import Column, Inventory, Plan, PlanColumn, PlanTable, Table
from hushu.reports.exports.tags import platform
from hushu.reports.review_rows import hinted
from hushu.rules import vocabulary

_DENIED = (
    "-- Default-deny views, made by hushu: only columns in which no personal data was found.",
    "-- They answer no purpose: a plan says what is needed and makes more precise ones (--plan plan.yaml).",
    "-- Rows are not grouped, so k is not guaranteed.",
)
_DIALECTS = {"postgres": "postgresql", "mysql": "mysql", "sqlite": "sqlite"}


def export(inventory: Inventory, plan: Plan | None) -> str:
    """Return one CREATE VIEW a table of the plan, or of the inventory when there is none."""
    dialect = _dialect(inventory)
    if plan is not None:
        purpose = " ".join(plan.purpose.id.split())
        head = f"-- Views for {purpose}, made by hushu; rows are not grouped, so k is not guaranteed.\n"
        return head + "\n".join(_view(table, dialect) for table in plan.tables)
    unread = {item.what: " ".join(f"{item.what}: {item.why}".split()) for item in inventory.not_examined}
    head = "\n".join([*_DENIED, *(f"-- not examined: {told}" for told in unread.values())])
    return "\n".join([head, *(_view(_harmless(table, unread.keys()), dialect) for table in inventory)])


def _harmless(table: Table, unread: AbstractSet[str]) -> PlanTable:
    """Return the table with only those columns kept that are neither personal nor perhaps important data."""
    types = vocabulary.load()

    def is_harmless(column: Column) -> bool:
        personal = column.type is not None and (
            column.type not in types or types[column.type].kind in {"personal", "mixed"}
        )
        # Unknown is not clean: cells that nobody read are no empty finding.
        read = table.examined > 0 and not {table.name, f"{table.name}.{column.name}"} & unread
        important = any(hinted(grade) for grade in column.grades.values())
        return read and not personal and not important and not column.contains

    return PlanTable(
        name=table.name,
        columns=tuple(
            PlanColumn(name=c.name, type=c.type, action="keep" if is_harmless(c) else "drop") for c in table
        ),
    )


def _dialect(inventory: Inventory) -> Any:
    from importlib import import_module

    name = _DIALECTS.get(platform(inventory), "postgresql")
    # A script is no format string: with the default paramstyle "%" would be doubled.
    return import_module(f"sqlalchemy.dialects.{name}").dialect(paramstyle="named")


def _view(table: PlanTable, dialect: Any) -> str:
    import sqlalchemy as sa
    from sqlalchemy.sql.elements import quoted_name

    schema, _, name = table.name.rpartition(".")
    shown, left_out = [], []
    for column in table.columns:
        if column.action == "drop":
            continue
        said = _expression(column)
        if said is None:
            left_out.append(column)
        else:
            shown.append(said.label(quoted_name(column.output or column.name, quote=True)))
    notes = [
        f"-- {' '.join(c.name.split())}: {c.operator} cannot be said in SQL; left out, use hushu apply"
        for c in left_out
    ]
    if not shown:
        return "\n".join([*notes, f"-- {' '.join(table.name.split())}: nothing is left to show\n"])
    space = quoted_name(schema, quote=True) if schema else None
    query = sa.select(*shown).select_from(sa.table(quoted_name(name, quote=True), schema=space))
    text = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    view = dialect.identifier_preparer.quote_identifier(f"v_{name}")
    return "\n".join([*notes, f"CREATE VIEW {view} AS\n{text};\n"])


def _expression(column: PlanColumn) -> Any:
    """Return the column as SQL, or None when SQL cannot say it exactly."""
    import sqlalchemy as sa
    from sqlalchemy.sql.elements import quoted_name

    value: Any = sa.column(quoted_name(column.name, quote=True))
    params = column.params
    if column.action == "keep":
        return value
    match column.operator:
        case "date_part" if column.grain == "year":
            return sa.extract("year", value)
        case "date_part" if column.grain == "month":
            return sa.extract("year", value) * 100 + sa.extract("month", value)
        case "bucket" if params.get("width"):
            origin = params.get("origin") or 0
            return sa.func.floor((value - origin) / params["width"]) * params["width"] + origin
        case "round" if params.get("step"):
            return sa.func.round(value / params["step"]) * params["step"]
        case "yes_no" if "at_least" in params or "below" in params:
            return _yes_no(value, params)
        case _:
            return None


def _yes_no(value: Any, params: Any) -> Any:
    import sqlalchemy as sa

    tests = []
    if params.get("at_least") is not None:
        tests.append(value >= params["at_least"])
    if params.get("below") is not None:
        tests.append(value < params["below"])
    said = sa.case((sa.and_(*tests), params.get("yes", "是")), else_=params.get("no", "否"))
    return sa.case((value.is_(None), None), else_=said)
